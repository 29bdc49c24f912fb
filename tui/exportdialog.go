package tui

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/sweep"
)

// exportDialog asks for format and place of the comparison table.
type exportDialog struct {
	ids    []string
	by     sweep.By
	format int
	name   field
	typed  bool // the name is the user's own: a new format does not change its end
	at     int  // line under the cursor
	taken  string
}

const (
	exportFormat = iota
	exportBy
	exportName
	exportWrite
	exportCopy
	exportLines
)

func newExportDialog(x showExport) *exportDialog {
	d := &exportDialog{ids: x.ids, by: x.by, at: exportWrite}
	d.name = newField(fileName(x.name) + "-comparison." + sweep.Formats()[0])
	return d
}

// fileName makes a harmless file name of a sweep's.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, s)
	if s = strings.Trim(s, "-."); s == "" {
		return "sweep"
	}
	return s
}

func (d *exportDialog) key(_ *world, k tea.KeyPressMsg) []action {
	if d.taken != "" {
		return d.answer(k)
	}
	switch k.String() {
	case "esc", "ctrl+c":
		return []action{closeDialog{}}
	case "tab", "down":
		d.at = (d.at + 1) % exportLines
		return nil
	case "shift+tab", "up":
		d.at = (d.at + exportLines - 1) % exportLines
		return nil
	case "enter":
		return d.submit(d.at == exportCopy, false)
	}
	switch d.at {
	case exportName:
		if d.name.key(k) {
			d.typed = true
		}
	case exportFormat:
		d.turn(k)
	case exportBy:
		switch keyName(k) {
		case "left", "right", "space":
			d.by = map[sweep.By]sweep.By{sweep.ByModel: sweep.ByRun, sweep.ByRun: sweep.ByModel}[d.by]
		}
	}
	if d.at != exportName {
		switch keyName(k) {
		case "c", "y":
			return d.submit(true, false)
		case "w":
			return d.submit(false, false)
		}
	}
	return nil
}

func (d *exportDialog) turn(k tea.KeyPressMsg) {
	n := len(sweep.Formats())
	before := "." + sweep.Formats()[d.format]
	switch keyName(k) {
	case "left":
		d.format = (d.format + n - 1) % n
	case "right", "space":
		d.format = (d.format + 1) % n
	}
	if name, ok := strings.CutSuffix(d.name.String(), before); ok {
		d.name.set(name + "." + sweep.Formats()[d.format])
	}
}

// answer is the reply to whether the file is to be overwritten.
func (d *exportDialog) answer(k tea.KeyPressMsg) []action {
	switch keyName(k) {
	case "y", "enter":
		d.taken = ""
		return d.submit(false, true)
	default:
		d.taken, d.at = "", exportName
	}
	return nil
}

func (d *exportDialog) submit(clip, overwrite bool) []action {
	x := export{ids: d.ids, by: d.by, format: sweep.Formats()[d.format]}
	if !clip {
		name := strings.TrimSpace(d.name.String())
		if name == "" {
			d.at = exportName
			return []action{say{"a file needs a name"}}
		}
		x.to = target{name: name, overwrite: overwrite}
	}
	return []action{x}
}

func (d *exportDialog) take(_ *world, m tea.Msg) []action {
	switch m := m.(type) {
	case savedMsg:
		if m.taken {
			d.taken = m.name
		}
	case tea.PasteMsg:
		if d.at == exportName {
			d.name.insert(m.Content)
		}
	}
	return nil
}

func (d *exportDialog) view(w *world, width, height int) []string {
	inner := max(4, min(width-6, 56))
	th := w.th
	if d.taken != "" {
		lines := append(wrap(plain(d.taken)+" exists already.", inner), "",
			th.Key.Render("y")+" overwrite it", th.Key.Render("n")+" choose another name")
		return panel("Overwrite?", "", lines, inner, width, height, th)
	}
	choice := func(all []string, at int) string {
		var parts []string
		for i, c := range all {
			if i == at {
				parts = append(parts, th.Accent.Bold(true).Underline(th.NoColor).Render(c))
			} else {
				parts = append(parts, th.Faint.Render(c))
			}
		}
		return strings.Join(parts, "  ")
	}
	by := 0
	if d.by == sweep.ByRun {
		by = 1
	}
	lines := []string{
		d.line(w, exportFormat, "format", choice(sweep.Formats(), d.format), inner),
		d.line(w, exportBy, "columns", choice([]string{"models", "runs"}, by), inner),
		d.line(w, exportName, "file", d.name.view(max(1, inner-12), d.at == exportName, th), inner),
		"",
		d.line(w, exportWrite, "", th.Key.Render("w")+" write the file", inner),
		d.line(w, exportCopy, "", th.Key.Render("c")+" copy to the clipboard", inner),
	}
	return panel("Export the comparison", "esc cancels", lines, inner, width, height, th)
}

func (d *exportDialog) line(w *world, i int, name, value string, inner int) string {
	mark := "  "
	if i == d.at {
		mark = w.th.Accent.Render("▸ ")
	}
	if name == "" {
		return fit(mark+value, inner)
	}
	return fit(mark+w.th.Faint.Render(fit(name, 9))+" "+value, inner)
}
