// Package metric turns predictions into counts and counts into metrics.
//
// A Counter collects integer counts and cross-entropy sums over a split; Values
// derives every metric from the resulting run.Counts alone, so that any metric
// can be computed again from stored counts. MacroF1 is the same arithmetic over
// resampled images.
//
// A class counts towards an F1 mean when it occurs in the truth or in the
// prediction. An F1 of 0/0 is 0.
package metric

import (
	"math"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Values computes every metric of counts, in the order of run.MetricKeys. Tasks
// and counts.Tasks are parallel. Without images every value is NaN; loss is NaN
// when the counts hold none.
func Values(tasks []run.Task, counts run.Counts) run.Values {
	N, T := float64(counts.Images), float64(len(counts.Tasks))

	var loss, right float64
	var all mean                              // over the classes of all tasks
	var perTask mean                          // over tasks
	acc := make([]float64, len(counts.Tasks)) // right / N
	f1 := make([]float64, len(counts.Tasks))  // macro-F1
	var pooled []classCount                   // by class id, tasks added up
	for t, task := range counts.Tasks {
		loss += task.Loss
		classes := classCounts(task)
		if extra := len(classes) - len(pooled); extra > 0 {
			pooled = append(pooled, make([]classCount, extra)...)
		}
		var taskRight int64
		var own mean
		for c, n := range classes {
			taskRight += n.right
			pooled[c].add(n)
			if f, ok := n.f1(); ok {
				own.add(f)
				all.add(f)
			}
		}
		right += float64(taskRight)
		acc[t] = float64(taskRight) / N
		f1[t] = own.value()
		perTask.add(f1[t])
	}
	var ids mean
	for _, n := range pooled {
		if f, ok := n.f1(); ok {
			ids.add(f)
		}
	}

	var matched float64 // right tasks over all images
	for k, n := range counts.Matched {
		matched += float64(k) * float64(n)
	}
	none, every := 0.0, 0.0
	if len(counts.Matched) > 0 {
		none = float64(counts.Matched[0])
		every = float64(counts.Matched[len(counts.Matched)-1])
	}

	if counts.Images == 0 {
		loss = math.NaN()
	}
	vs := run.Values{
		{Key: "loss", V: loss},
		{Key: "macro_f1", V: all.value()},
		{Key: "macro_f1_pooled", V: ids.value()},
		{Key: "macro_f1_tasks", V: perTask.value()},
		{Key: "micro_f1", V: right / (N * T)},
		{Key: "partial_match", V: (N - none) / N / T},
		{Key: "mean_match", V: matched / (N * T)},
		{Key: "exact_match", V: every / N},
	}
	for t, task := range tasks {
		vs = append(vs, run.Value{Key: "acc_" + task.Name, V: acc[t]})
	}
	for t, task := range tasks {
		vs = append(vs, run.Value{Key: "f1_" + task.Name, V: f1[t]})
	}
	return vs
}

// classCount is what the F1 of one class needs.
type classCount struct{ truth, predicted, right int64 }

func (n *classCount) add(m classCount) {
	n.truth += m.truth
	n.predicted += m.predicted
	n.right += m.right
}

// f1 is 2·TP / (2·TP + FP + FN); ok is false for a class that never occurs.
func (n classCount) f1() (f float64, ok bool) {
	if n.truth+n.predicted == 0 {
		return 0, false
	}
	return 2 * float64(n.right) / float64(n.truth+n.predicted), true
}

func classCounts(task run.TaskCounts) []classCount {
	C := task.Classes
	ns := make([]classCount, C)
	for truth := range C {
		for predicted, n := range task.Confusion[truth*C : (truth+1)*C] {
			ns[truth].truth += n
			ns[predicted].predicted += n
			if truth == predicted {
				ns[truth].right += n
			}
		}
	}
	return ns
}

// mean is a running mean; of nothing it is NaN.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(v float64) { m.sum += v; m.n++ }
func (m mean) value() float64 { return m.sum / float64(m.n) }
