package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/chart"
	"github.com/backbone-sweep/sweep/tui/theme"
)

func (s *runScreen) view(w *world, width, height int) []string {
	e := s.run(w)
	if e == nil {
		return pad([]string{"", "  " + w.th.Faint.Render("this run is gone; esc goes back")}, width, height)
	}
	cols := columnsFor(width, []*entry{e})
	out := []string{
		runRow(w, e, cols, rowLook{style: w.th.Run(e.name), drawn: true, cursor: false}),
		s.tabLine(w, width),
	}
	room := height - len(out)
	switch s.tab {
	case tabCurves:
		out = append(out, s.curves(w, e, width, room)...)
	case tabClasses:
		out = append(out, s.classes(w, e, width, room)...)
	case tabConfusion:
		out = append(out, s.confusion(w, e, width, room)...)
	case tabLog:
		out = append(out, s.log.view(w, e, width, room)...)
	case tabConfig:
		out = append(out, s.config(w, e, width, room)...)
	}
	if len(out) != height { // a terminal of a few lines
		return pad(out, width, height)
	}
	return out
}

// tabLine lists the pages; the open one is underlined by its number's colour.
func (s *runScreen) tabLine(w *world, width int) string {
	var parts []string
	for t := range tabs {
		name := fmt.Sprintf(" %d %s ", t+1, t)
		if width < 60 && t != s.tab {
			name = fmt.Sprintf(" %d ", t+1)
		}
		if t == s.tab {
			name = w.th.Selection.Render(name)
		} else {
			name = w.th.Faint.Render(name)
		}
		parts = append(parts, name)
	}
	return fit(" "+strings.Join(parts, " "), width)
}

func (s *runScreen) curves(w *world, e *entry, width, height int) []string {
	full := w.window([]*entry{e})
	empty := "no values yet"
	c := e.curves
	if c == nil || !c.ready {
		c, empty = &curves{}, "loading …"
	}
	one := w.th.Run(e.name)
	tasks := taskStyles(w.th, e.Tasks)
	s.loss.Lines = s.loss.Lines[:0]
	if len(e.Tasks) > 1 {
		s.loss.Lines = append(s.loss.Lines, chart.Line{Label: "sum", Series: &c.loss, Style: one})
	}
	s.macro.Lines = append(s.macro.Lines[:0], chart.Line{Label: "all classes", Series: &c.macro, Style: one, Pinned: true})
	for t, task := range e.Tasks {
		if t >= len(c.tasks) {
			break
		}
		s.loss.Lines = append(s.loss.Lines, chart.Line{Label: plain(task.Name), Series: &c.tasks[t], Style: tasks[t]})
		s.macro.Lines = append(s.macro.Lines, chart.Line{Label: plain(task.Name), Series: &c.f1[t], Style: tasks[t]})
	}
	s.lr.Lines = append(s.lr.Lines[:0], chart.Line{Label: "rate", Series: &c.lr, Style: one})
	s.speed.Lines = append(s.speed.Lines[:0], chart.Line{Label: "img/s", Series: &c.speed, Style: one})
	for _, x := range []*chart.Chart{&s.loss, &s.macro, &s.lr, &s.speed} {
		x.View, x.Full, x.Unit, x.Empty = w.view, full, chart.Epochs, empty
	}
	s.loss.Log, s.loss.Smooth, s.speed.Smooth = !w.linear, w.smooth, true
	s.macro.Value = decimals4
	s.lr.Legend, s.speed.Legend = chart.LegendOff, chart.LegendOff
	if _, ok := w.view.Cross(); ok {
		s.lr.Legend, s.speed.Legend = chart.LegendAuto, chart.LegendAuto
	}
	return chartGrid(w, width, height, []titled{
		{lossTitle(w, "training loss by task"), &s.loss},
		{"validation macro-F1 by task", &s.macro},
		{"learning rate", &s.lr},
		{"images per second", &s.speed},
	})
}

func taskStyles(th *theme.Theme, tasks []run.Task) []theme.RunStyle {
	names := make([]string, len(tasks))
	for i, t := range tasks {
		names[i] = "task " + t.Name
	}
	return th.Runs(names)
}

// result is the evaluation in sight, and how it is called.
func (s *runScreen) result(e *entry) (*run.Event, string) {
	c := e.curves
	if c == nil || len(c.evals) == 0 {
		return nil, ""
	}
	i := s.eval - 1
	if i < 0 || i >= len(c.evals) {
		i = c.bestEval(e)
	}
	ev := &c.evals[i]
	name := fmt.Sprintf("validation, epoch %d", ev.Epoch)
	if ev.Split == run.Test {
		name = fmt.Sprintf("test, epoch %d", ev.Epoch)
	}
	if e.Best != nil && e.Best.Epoch == ev.Epoch {
		name += " (best)"
	}
	return ev, name
}

// noCounts says why there is no result with counts; empty when there is one.
func noCounts(e *entry, ev *run.Event) string {
	switch {
	case e.curves == nil || !e.curves.ready:
		return "loading …"
	case ev == nil:
		return "no result yet: the first comes at the end of epoch 1"
	case ev.Counts == nil && e.curves.bare:
		return "loading …"
	case ev.Counts == nil:
		return "no counts are recorded of this result"
	}
	return ""
}

// classes draws the F1 of every class of every task.
func (s *runScreen) classes(w *world, e *entry, width, height int) []string {
	ev, name := s.result(e)
	note := "[ ] other results"
	if why := noCounts(e, ev); why != "" {
		return box("F1 by class", "", []string{"", "  " + w.th.Faint.Render(why)}, width, height, w.th.Border, w.th)
	}
	inner := width - 4
	styles := taskStyles(w.th, e.Tasks)
	wide := 0 // all tasks' bars begin in one column
	for _, task := range e.Tasks {
		for _, c := range task.Classes {
			wide = max(wide, min(cells(plain(c)), inner/2))
		}
	}
	var lines []string
	for t, task := range e.Tasks {
		if t >= len(ev.Counts.Tasks) {
			break
		}
		head := w.th.Title.Render(plain(task.Name))
		if f1, ok := ev.Values.Get("f1_" + task.Name); ok {
			head += w.th.Faint.Render(fmt.Sprintf("  macro-F1 %s", decimals4(f1)))
		}
		if t > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, head)
		items := make([]chart.BarItem, 0, len(task.Classes))
		for c, score := range classScores(ev.Counts.Tasks[t]) {
			label := fmt.Sprint(c)
			if c < len(task.Classes) {
				label = plain(task.Classes[c])
			}
			items = append(items, chart.BarItem{
				Label: fit(label, wide), Value: score.f1, Style: styles[t].Line,
				Note: fmt.Sprintf("%d", score.support),
			})
		}
		lines = append(lines, chart.Bars(items, 1, inner, w.th)...)
	}
	room := max(1, height-2)
	s.page = room
	s.top = max(0, min(s.top, len(lines)-room))
	var seen []string
	for _, l := range lines[s.top:min(len(lines), s.top+room)] {
		seen = append(seen, " "+l)
	}
	return box("F1 by class · "+name, note, seen, width, height, w.th.Border, w.th)
}

// score is how well a class is found.
type score struct {
	f1      float64
	support int64 // images that are of it
}

// classScores computes the F1 of each class; a class that occurs neither in
// truth nor in prediction has none.
func classScores(c run.TaskCounts) []score {
	n := c.Classes
	out := make([]score, n)
	for k := range n {
		var truth, predicted int64
		for j := range n {
			truth += c.Confusion[k*n+j]
			predicted += c.Confusion[j*n+k]
		}
		out[k] = score{f1: nan(), support: truth}
		if truth+predicted > 0 {
			out[k].f1 = 2 * float64(c.Confusion[k*n+k]) / float64(truth+predicted)
		}
	}
	return out
}

// confusion draws the matrices: all of them where there is width, else the task
// in turn.
func (s *runScreen) confusion(w *world, e *entry, width, height int) []string {
	ev, name := s.result(e)
	if why := noCounts(e, ev); why != "" {
		return box("confusion", "", []string{"", "  " + w.th.Faint.Render(why)}, width, height, w.th.Border, w.th)
	}
	n := min(len(e.Tasks), len(ev.Counts.Tasks))
	if n == 0 {
		return pad(nil, width, height)
	}
	for len(s.heat) < n {
		s.heat = append(s.heat, chart.HeatMap{})
	}
	s.task = min(s.task, n-1)
	for t := range n {
		s.heat[t].Counts, s.heat[t].Share = ev.Counts.Tasks[t].Confusion, s.shares
		s.heat[t].Labels = labels(e.Tasks[t].Classes, ev.Counts.Tasks[t].Classes)
	}
	const leastMatrix = 58
	across := max(1, min(n, width/leastMatrix))
	from := min(max(0, s.task-across+1), n-across)
	var views [][]string
	for i, wide := range share(width, across) {
		t := from + i
		frame := w.th.Border
		if t == s.task && n > 1 {
			frame = w.th.Focus
		}
		title := plain(e.Tasks[t].Name) + " · " + name
		note := "truth ↓ prediction →"
		if across == 1 && n > 1 {
			note = fmt.Sprintf("task %d/%d", t+1, n)
		}
		high := min(height-2, ev.Counts.Tasks[t].Classes+2) // a heading and the caption
		lines := strings.Split(s.heat[t].Render(wide-4, high, w.th), "\n")
		lines = append(lines, mistakes(ev.Counts.Tasks[t], s.heat[t].Labels, wide-4, height-2-high, w.th)...)
		lines = indent(lines)
		views = append(views, box(title, note, lines, wide, height, frame, w.th))
	}
	return beside(views...)
}

// mistakes lists what is taken for what most often, in up to height lines.
func mistakes(c run.TaskCounts, labels []string, width, height int, th *theme.Theme) []string {
	type mistake struct {
		truth, predicted int
		share            float64
	}
	var all []mistake
	for truth := range c.Classes {
		var support int64
		for k := range c.Classes {
			support += c.Confusion[truth*c.Classes+k]
		}
		for predicted := range c.Classes {
			if n := c.Confusion[truth*c.Classes+predicted]; n > 0 && truth != predicted {
				all = append(all, mistake{truth, predicted, float64(n) / float64(support)})
			}
		}
	}
	if height < 4 || len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(x, y mistake) int { return cmp.Compare(y.share, x.share) })
	lines := []string{"", th.Title.Render("Most often mistaken")}
	for _, m := range all[:min(len(all), height-2, 12)] {
		n := c.Confusion[m.truth*c.Classes+m.predicted]
		text := fmt.Sprintf("%5.1f %%  %s → %s", 100*m.share, labels[m.truth], labels[m.predicted])
		lines = append(lines, spread(text, th.Faint.Render(thousands(int(n))), width))
	}
	return lines
}

func labels(classes []string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(i)
		if i < len(classes) {
			out[i] = plain(classes[i])
		}
	}
	return out
}
