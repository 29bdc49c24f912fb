package tui

import (
	"fmt"
	"strings"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/chart"
)

// tidy sizes of the runs screen.
const (
	leastChart  = 7  // rows of a chart with its frame; below that there is none
	sideBySide  = 56 // width from which two charts stand beside each other
	leastListed = 3
)

func (s *runsScreen) view(w *world, width, height int) []string {
	list := s.list(w)
	at := s.cursor(w)
	rows := s.rows(w, list)
	high := min(len(rows)+2, height)
	if room := height - high; room < 2*leastChart {
		// Runs yield to charts down to a third of the screen.
		high = min(high, max(leastListed+2, height/3))
		if height-high < leastChart {
			high = height
		}
	}
	if height-high < leastChart || len(list) == 0 {
		high = height
	}
	out := s.listBox(w, list, rows, width, high)
	if high == height {
		return out
	}
	return append(out, s.charts(w, at, width, height-high)...)
}

// row is a line of the list: a run, or the heading of a launch.
type row struct {
	run  *entry
	head string
}

// rows puts a heading above each launch when there are several.
func (s *runsScreen) rows(w *world, list []*entry) []row {
	several := false
	for _, e := range list {
		several = several || e.Launch != list[0].Launch
	}
	rows := make([]row, 0, len(list))
	for i, e := range list {
		if several && (i == 0 || list[i-1].Launch != e.Launch) {
			rows = append(rows, row{head: heading(w, list[i:])})
		}
		rows = append(rows, row{run: e})
	}
	return rows
}

// ruled puts a text on a line that goes through.
func ruled(text string, width int) string {
	text = strings.TrimRight(fit(" ── "+text, width), " ") + " "
	return fit(text+strings.Repeat("─", max(0, width-cells(text)-1)), width)
}

// heading names a launch: its sweep, when it started, how its runs stand.
func heading(w *world, runs []*entry) string {
	first := runs[0]
	n, done := 0, 0
	at := first.Started
	for _, e := range runs {
		if e.Launch != first.Launch {
			break
		}
		n++
		if e.State == run.Done {
			done++
		}
		if e.Started != nil && (at == nil || e.Started.Before(*at)) {
			at = e.Started
		}
	}
	text := plain(first.Sweep)
	if at != nil {
		text += " · " + when(*at, w.now)
	}
	return text + fmt.Sprintf(" · %d of %s done", done, count(n, "run"))
}

func (s *runsScreen) listBox(w *world, list []*entry, rows []row, width, height int) []string {
	room := max(1, height-2)
	at := 0
	for i, r := range rows {
		if r.run != nil && r.run.ID == s.at {
			at = i
		}
	}
	s.top = window(s.top, at, len(rows), room)
	if at > 0 && s.top == at && rows[at-1].run == nil {
		s.top-- // its heading too
	}
	s.page = room
	inner := max(0, width-2)
	cols := columnsFor(inner, list)
	styles := w.styles(w.shown(s.cursor(w)))
	var lines []string
	for _, r := range rows[min(s.top, len(rows)):min(len(rows), s.top+room)] {
		if r.run == nil {
			lines = append(lines, w.th.Faint.Render(ruled(r.head, inner)))
			continue
		}
		style, ok := styles[r.run.ID]
		lines = append(lines, runRow(w, r.run, cols, rowLook{style, ok, r.run.ID == s.at}))
	}
	if len(lines) == 0 {
		lines = s.emptyList(w)
	}
	title := "runs"
	switch {
	case s.edit != nil:
		title = "runs · filter: " + s.edit.view(min(24, max(4, inner-20)), true, w.th)
	case w.filter != "":
		title = fmt.Sprintf("runs · filter %q: %d of %d", w.filter, len(list), len(w.book.runs))
	}
	if x, ok := w.view.Cross(); ok {
		title += fmt.Sprintf(" · loss and macro-F1 at epoch %.2f", x)
	}
	note := ""
	if len(rows) > room {
		note = fmt.Sprintf("%d/%d", s.index+1, len(list))
	}
	return box(title, note, lines, width, height, w.th.Border, w.th)
}

func (s *runsScreen) emptyList(w *world) []string {
	switch {
	case !w.link.up:
		return []string{"", "  " + w.th.Faint.Render("waiting for the supervisor …")}
	case w.filter != "":
		return []string{"", "  " + w.th.Faint.Render("no run matches; esc drops the filter")}
	}
	return []string{
		"", "  No runs yet.",
		"  " + w.th.Key.Render("n") + " starts a sweep; the demo among them needs no data and no GPU.",
	}
}

// charts draws loss and validation macro-F1 of the shown runs.
func (s *runsScreen) charts(w *world, at *entry, width, height int) []string {
	shown := w.shown(at)
	styles := w.styles(shown)
	full := w.window(shown)
	s.loss.Lines, s.macro.Lines = s.loss.Lines[:0], s.macro.Lines[:0]
	loading := 0
	for _, e := range shown {
		if e.curves == nil || !e.curves.ready {
			loading++
			continue
		}
		line := chart.Line{Label: e.name, Style: styles[e.ID], Pinned: e == at || w.pinned[e.ID]}
		line.Series = &e.curves.loss
		s.loss.Lines = append(s.loss.Lines, line)
		line.Series = &e.curves.macro
		s.macro.Lines = append(s.macro.Lines, line)
	}
	// The list above has the colours, and the values at the crosshair.
	for _, c := range []*chart.Chart{&s.loss, &s.macro} {
		c.Legend = chart.LegendOff
		c.View, c.Full, c.Unit, c.Value = w.view, full, chart.Epochs, decimals4
		c.Empty = emptyChart(shown, loading)
	}
	s.loss.Log, s.loss.Smooth, s.loss.Value = !w.linear, w.smooth, nil
	return chartGrid(w, width, height, []titled{
		{lossTitle(w, "training loss"), &s.loss}, {"validation macro-F1", &s.macro},
	})
}

func emptyChart(shown []*entry, loading int) string {
	switch {
	case loading > 0:
		return "loading …"
	case len(shown) == 0:
		return "all runs are hidden"
	}
	return "no values yet"
}

func lossTitle(w *world, title string) string {
	if !w.linear {
		title += " · log"
	}
	if w.smooth {
		title += " · smoothed"
	}
	return title
}

// titled is a chart with the title of its frame.
type titled struct {
	title string
	chart *chart.Chart
}

// chartGrid lays charts out in frames: in rows of two where there is width for
// them, and only as many rows as have a sensible height.
func chartGrid(w *world, width, height int, all []titled) []string {
	if w.solo > len(all) {
		w.solo = 0
	}
	if w.solo > 0 {
		all = all[w.solo-1 : w.solo]
	}
	across := 2
	if width < sideBySide {
		across = 1
	}
	down := (len(all) + across - 1) / across
	down = max(1, min(down, height/leastChart))
	var out []string
	heights := share(height, down)
	for r, h := range heights {
		if r*across >= len(all) {
			break
		}
		line := all[r*across : min(len(all), (r+1)*across)]
		var views [][]string
		for i, wide := range share(width, len(line)) {
			c := line[i]
			if wide < 4 || h < 3 {
				views = append(views, pad(nil, wide, h))
				continue
			}
			body := strings.Split(c.chart.Render(wide-2, h-2, w.th), "\n")
			views = append(views, frame(c.title, "", body, w.th.Border, w.th))
		}
		out = append(out, beside(views...)...)
	}
	return out
}
