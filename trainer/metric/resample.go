package metric

// MacroF1 computes the metric macro_f1 over a choice of images, again and again
// without allocating. It is not safe for concurrent use.
type MacroF1 struct {
	tasks [][]classCount
}

// NewMacroF1 returns a scorer for tasks with these numbers of classes.
func NewMacroF1(classes []int) *MacroF1 {
	m := &MacroF1{}
	for _, C := range classes {
		m.tasks = append(m.tasks, make([]classCount, C))
	}
	return m
}

// Of returns the mean F1 over all classes of all tasks that occur among the
// images of sample. Truth and pred are [task][image] class indices below the
// task's number of classes; sample holds image numbers and may repeat them, nil
// means every image once. Of no image it is NaN.
func (m *MacroF1) Of(truth, pred [][]int32, sample []int32) float64 {
	var all mean
	for t, ns := range m.tasks {
		clear(ns)
		count := func(a, b int32) {
			ns[a].truth++
			ns[b].predicted++
			if a == b {
				ns[a].right++
			}
		}
		if sample == nil {
			for i, a := range truth[t] {
				count(a, pred[t][i])
			}
		}
		for _, i := range sample {
			count(truth[t][i], pred[t][i])
		}
		for _, n := range ns {
			if f, ok := n.f1(); ok {
				all.add(f)
			}
		}
	}
	return all.value()
}
