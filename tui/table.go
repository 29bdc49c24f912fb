package tui

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/theme"
)

// tableScreen is the comparison: metrics down, backbones across.
type tableScreen struct {
	ids    []string
	by     sweep.By
	asks   int
	table  sweep.Comparison
	loaded bool
	err    string
	row    int
	left   int    // first column in sight
	sorted string // key of the row that orders the columns; empty: as planned
	page   int
}

func newTableScreen(ids []string) *tableScreen { return &tableScreen{ids: ids, by: sweep.ByModel} }

func (s *tableScreen) places() []place { return []place{onTable} }

func (s *tableScreen) typing() bool { return false }

func (s *tableScreen) key(*world, tea.KeyPressMsg) []action { return nil }

func (s *tableScreen) wants(*world) ([]*entry, bool) { return nil, false }

// refresh asks for the table; answers to earlier questions no longer count.
func (s *tableScreen) refresh() []action {
	s.asks++
	return []action{compare{ask: s.asks, ids: s.ids, by: s.by}}
}

func (s *tableScreen) can(_ *world, do command) string {
	switch do {
	case cmdSort:
		if !s.loaded {
			return "the table is not there yet"
		}
		if len(s.table.Columns) < 2 {
			return "there is one column"
		}
	case cmdExport:
		if !s.loaded {
			return "the table is not there yet"
		}
	}
	return ""
}

func (s *tableScreen) do(w *world, do command) []action {
	switch do {
	case cmdUp:
		s.row = max(0, s.row-1)
	case cmdDown:
		s.row = max(0, min(len(s.table.Rows)-1, s.row+1))
	case cmdLeft:
		s.left = max(0, s.left-1)
	case cmdRight:
		s.left = max(0, min(len(s.table.Columns)-1, s.left+1))
	case cmdBy:
		s.by = map[sweep.By]sweep.By{sweep.ByModel: sweep.ByRun, sweep.ByRun: sweep.ByModel}[s.by]
		s.left = 0
		return s.refresh()
	case cmdSort:
		key := s.table.Rows[s.row].Key
		if s.sorted == key {
			key = ""
		}
		s.sorted, s.left = key, 0
	case cmdExport:
		return []action{showExport{ids: s.ids, name: s.table.Sweep, by: s.by}}
	case cmdBack:
		return []action{showRuns{}}
	}
	return nil
}

func (s *tableScreen) take(_ *world, m tea.Msg) []action {
	switch m := m.(type) {
	case comparedMsg:
		if m.ask != s.asks {
			return nil
		}
		if m.err != nil {
			s.err = sentence(m.err)
			return nil
		}
		s.table, s.loaded, s.err = m.table, true, ""
		s.row = max(0, min(s.row, len(s.table.Rows)-1))
	case pointer:
		s.row = max(0, min(len(s.table.Rows)-1, s.row+m.wheel))
	}
	return nil
}

// order is the columns as they stand: as planned, or by a row, the best first.
func (s *tableScreen) order() []int {
	out := make([]int, len(s.table.Columns))
	for i := range out {
		out[i] = i
	}
	at := slices.IndexFunc(s.table.Rows, func(r sweep.ComparisonRow) bool { return r.Key == s.sorted })
	if at < 0 {
		return out
	}
	row := s.table.Rows[at]
	slices.SortStableFunc(out, func(x, y int) int {
		a, b := row.Cells[x].Value, row.Cells[y].Value
		switch {
		case math.IsNaN(a) || math.IsNaN(b):
			return cmp.Compare(b2i(math.IsNaN(a)), b2i(math.IsNaN(b)))
		case run.LowerIsBetter(row.Key):
			return cmp.Compare(a, b)
		}
		return cmp.Compare(b, a)
	})
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// equals says which columns the test images cannot tell from the one with the
// best macro-F1.
func (s *tableScreen) equals() map[string]bool {
	out := map[string]bool{}
	for _, r := range s.table.Rows {
		if r.Key != "macro_f1" {
			continue
		}
		for i, c := range r.Cells {
			if !c.Best || i >= len(s.table.Columns) {
				continue
			}
			key := s.table.Columns[i].Key
			for _, p := range s.table.Pairs {
				if p.A == key {
					out[p.B] = true
				}
				if p.B == key {
					out[p.A] = true
				}
			}
		}
	}
	return out
}

func (s *tableScreen) view(w *world, width, height int) []string {
	title := "comparison"
	if s.loaded {
		title += " · " + plain(s.table.Sweep) + " · test split at each run's best epoch"
	}
	note := "by model"
	if s.by == sweep.ByRun {
		note = "by run"
	}
	lines := s.lines(w, width-4)
	s.page = height - 2
	framed := make([]string, len(lines))
	for i, l := range lines {
		framed[i] = " " + l
	}
	return box(title, note, framed, width, height, w.th.Border, w.th)
}

func (s *tableScreen) lines(w *world, width int) []string {
	switch {
	case s.err != "":
		return []string{"", " " + w.th.Failed.Render(s.err)}
	case !s.loaded:
		return []string{"", " " + w.th.Faint.Render("comparing: resampling the test predictions …")}
	case len(s.table.Columns) == 0:
		return []string{"", " " + w.th.Faint.Render("no run has test results yet")}
	}
	head := len("Metric")
	for _, r := range s.table.Rows {
		head = max(head, cells(plain(r.Title)))
	}
	head = min(head+2, max(8, width/2))
	order := s.order()
	s.left = min(s.left, len(order)-1)
	wide := make([]int, len(order))
	for i, c := range order {
		wide[i] = cells(plain(s.table.Columns[c].Title)) + 2 // the mark's place
		for _, r := range s.table.Rows {
			wide[i] = max(wide[i], cells(r.Cells[c].Text)+2)
		}
		wide[i] = min(wide[i], max(1, width-head-2))
	}
	last, room := s.left, width-head
	for last < len(order) && room >= wide[last]+2 {
		room -= wide[last] + 2
		last++
	}
	last = max(last, min(s.left+1, len(order)))

	heads := fit("Metric", head)
	for i := s.left; i < last; i++ {
		heads += "  " + fitRight(plain(s.table.Columns[order[i]].Title)+"  ", wide[i])
	}
	lines := []string{w.th.Title.Render(fit(heads, width)), w.th.Border.Render(strings.Repeat("─", max(width, 0)))}
	equal := s.equals()
	for r, row := range s.table.Rows {
		lines = append(lines, s.line(w, r, row, lay{head, wide, order, s.left, last, equal, width}))
	}
	if s.left > 0 || last < len(order) {
		lines = append(lines, "", w.th.Faint.Render(fmt.Sprintf("columns %d–%d of %d; ← → moves", s.left+1, last, len(order))))
	}
	return append(lines, s.notes(w, width)...)
}

// lay is how the columns of the table stand.
type lay struct {
	head  int
	wide  []int
	order []int
	from  int
	to    int
	equal map[string]bool
	width int
}

// line draws a metric. Under the cursor it is one style, so that the background
// does not break; the best value then has a mark.
func (s *tableScreen) line(w *world, r int, row sweep.ComparisonRow, l lay) string {
	at := r == s.row
	name := plain(row.Title)
	if row.Key == s.sorted {
		name += " ↓"
	}
	line := fit(name, l.head)
	for i := l.from; i < l.to; i++ {
		c := l.order[i]
		cell := row.Cells[c]
		mark := " "
		if row.Key == "macro_f1" && l.equal[s.table.Columns[c].Key] {
			mark = "≈"
		}
		text := cell.Text + " " + mark
		blank := strings.Repeat(" ", max(0, l.wide[i]-cells(text)))
		switch {
		case cell.Best && at:
			text = bestUnderCursor(w.th).Render(cell.Text) + w.th.Selection.Render(" "+mark)
		case at:
			text = w.th.Selection.Render(text)
		case cell.Best:
			text = w.th.Best.Render(text)
		}
		if at {
			line += w.th.Selection.Render("  "+blank) + text
		} else {
			line += "  " + blank + text
		}
	}
	if at {
		rest := max(0, l.width-cells(line))
		return w.th.Selection.Render(fit(name, l.head)) + strings.TrimPrefix(line, fit(name, l.head)) + w.th.Selection.Render(strings.Repeat(" ", rest))
	}
	return line
}

// bestUnderCursor keeps the best value visible on the cursor's background, or on
// its reversed colours.
func bestUnderCursor(th *theme.Theme) lipgloss.Style {
	if th.Few {
		return th.Selection.Underline(true)
	}
	return th.Best.Background(th.Selection.GetBackground())
}

// notes explains the marks.
func (s *tableScreen) notes(w *world, width int) []string {
	title := func(key string) string {
		for _, c := range s.table.Columns {
			if c.Key == key {
				return plain(c.Title)
			}
		}
		return key
	}
	var lines []string
	if len(s.table.Pairs) > 0 {
		lines = append(lines, "")
	}
	for _, p := range s.table.Pairs {
		text := fmt.Sprintf("≈ %s and %s cannot be told apart by macro-F1 (p = %.2f)", title(p.A), title(p.B), p.P)
		for _, l := range wrap(text, width) {
			lines = append(lines, w.th.Faint.Render(l))
		}
	}
	few := false
	for _, c := range s.table.Columns {
		few = few || c.N == 0
	}
	if few {
		lines = append(lines, "", w.th.Faint.Render(none+" has no test results yet"))
	}
	return lines
}
