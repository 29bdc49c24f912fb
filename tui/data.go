package tui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// dataScreen shows what there is to know of a config's data before training.
type dataScreen struct {
	request sweep.StartRequest
	from    *startScreen
	asks    int
	data    run.Overview
	loaded  bool
	err     string
	top     int
	last    int // greatest top that shows something
	page    int
}

func newDataScreen(a showData) *dataScreen { return &dataScreen{request: a.request, from: a.from} }

func (s *dataScreen) places() []place { return []place{onData} }

func (s *dataScreen) typing() bool { return false }

func (s *dataScreen) key(*world, tea.KeyPressMsg) []action { return nil }

func (s *dataScreen) wants(*world) ([]*entry, bool) { return nil, false }

// refresh asks for the counts; answers to earlier questions no longer count.
func (s *dataScreen) refresh() []action {
	s.asks++
	s.err = ""
	return []action{look{ask: s.asks, request: s.request}}
}

func (s *dataScreen) can(w *world, do command) string {
	if do == cmdAgain && !w.link.up {
		return "there is no connection"
	}
	return ""
}

func (s *dataScreen) do(_ *world, do command) []action {
	switch do {
	case cmdUp:
		s.scroll(-1)
	case cmdDown:
		s.scroll(1)
	case cmdPageUp:
		s.scroll(-s.page)
	case cmdPageDown:
		s.scroll(s.page)
	case cmdFirst:
		s.top = 0
	case cmdLast:
		s.top = s.last
	case cmdAgain:
		s.loaded = false
		return s.refresh()
	case cmdBack:
		return []action{backToStart{s.from}}
	}
	return nil
}

func (s *dataScreen) scroll(by int) { s.top = max(0, min(s.top+by, s.last)) }

func (s *dataScreen) take(_ *world, m tea.Msg) []action {
	switch m := m.(type) {
	case lookedMsg:
		if m.ask != s.asks {
			return nil
		}
		s.data, s.loaded, s.top = m.overview, m.err == nil, 0
		if m.err != nil {
			s.err = sentence(m.err)
		}
	case pointer:
		s.scroll(m.wheel)
	}
	return nil
}

// leastBeside is the width from which findings stand beside the classes.
const leastBeside = 112

func (s *dataScreen) view(w *world, width, height int) []string {
	title := "data · " + plain(s.request.Config)
	if !s.loaded {
		text := w.th.Faint.Render("listing and looking at the files …")
		if s.err != "" {
			text = w.th.Failed.Render(s.err)
		}
		var lines []string
		for _, l := range wrap(text, max(1, width-4)) {
			lines = append(lines, " "+l)
		}
		return box(title, "", append([]string{""}, lines...), width, height, w.th.Border, w.th)
	}
	if width < leastBeside {
		lines := append(s.findings(w, width-4), "")
		return s.scrolled(w, title, append(lines, s.classes(w, width-4)...), width, height)
	}
	left := width * 11 / 20
	classes := s.scrolled(w, title, s.classes(w, left-4), left, height)
	found := box("what to know", "", indent(s.findings(w, width-left-4)), width-left, height, w.th.Border, w.th)
	return beside(classes, found)
}

// scrolled frames the lines that are in sight.
func (s *dataScreen) scrolled(w *world, title string, lines []string, width, height int) []string {
	s.page = max(1, height-2)
	s.last = max(0, len(lines)-s.page)
	s.top = min(s.top, s.last)
	note := ""
	if s.last > 0 {
		note = fmt.Sprintf("%d–%d of %d", s.top+1, min(len(lines), s.top+s.page), len(lines))
	}
	return box(title, note, indent(lines[s.top:min(len(lines), s.top+s.page)]), width, height, w.th.Focus, w.th)
}

const (
	columnWide = 7  // room of a count
	readable   = 44 // cells of a label that counts give way to
)

// longest is the width of the longest class with its index.
func (s *dataScreen) longest() int {
	n := 0
	for _, t := range s.data.Tasks {
		for _, c := range t.Classes {
			n = max(n, cells(plain(c.Label))+3)
		}
	}
	return n
}

// classes lists every task's classes with their counts.
func (s *dataScreen) classes(w *world, width int) []string {
	heads := []string{"videos", "images", "train", "val", "test"}
	if width-columnWide*len(heads)-2 < min(s.longest(), readable) {
		heads = []string{"images", "test"} // the sum, and the split that the table rests on
	}
	name := max(8, width-columnWide*len(heads)-2)
	var lines []string
	for i, t := range s.data.Tasks {
		if i > 0 {
			lines = append(lines, "")
		}
		head := fit(plain(t.Name), name)
		for _, h := range heads {
			head += fitRight(h, columnWide)
		}
		lines = append(lines, w.th.Title.Render(fit(head, width)))
		for k, c := range t.Classes {
			line := fit(fmt.Sprintf("%2d %s", k, plain(c.Label)), name)
			for _, h := range heads {
				n := c.Parts[h]
				switch h {
				case "videos":
					n = c.Videos
				case "images":
					n = c.Images
				}
				line += fitRight(thousands(n), columnWide)
			}
			if c.Rare != "" {
				line = w.th.Warning.Render(line + " !")
			}
			lines = append(lines, fit(line, width))
		}
		for _, from := range slices.Sorted(maps.Keys(t.Merged)) {
			lines = append(lines, w.th.Faint.Render(fit(fmt.Sprintf("   %s counts as %s", plain(from), plain(t.Merged[from])), width)))
		}
	}
	return lines
}

// findings says what a table of counts does not.
func (s *dataScreen) findings(w *world, width int) []string {
	th, o := w.th, s.data
	var lines []string
	para := func(style func(...string) string, format string, args ...any) {
		for _, l := range wrap(fmt.Sprintf(format, args...), max(1, width)) {
			lines = append(lines, style(l))
		}
	}
	head := func(text string) { lines = append(lines, "", th.Title.Render(fit(text, width))) }
	para(th.Faint.Render, "%s", plain(o.Source))
	if o.Folders > 0 {
		para(th.Text.Render, "%s, %s usable; %s, %s chosen", count(o.Folders, "video folder"), thousands(o.Videos), count(o.Frames, "frame"), thousands(o.Images))
	} else {
		para(th.Text.Render, "%s in %s", count(o.Images, "image"), count(o.Videos, "folder"))
	}
	para(th.Text.Render, "train %s · val %s · test %s", thousands(o.Parts["train"]), thousands(o.Parts["val"]), thousands(o.Parts["test"]))
	c := o.Combinations
	para(th.Text.Render, "%s: %d frequent, %d with a single video, at most %d videos in one", count(c.Count, "label combination"), c.Frequent, c.Single, c.Most)
	if !o.Prepared {
		para(th.Faint.Render, "counted without decoding")
	}
	if len(o.Alike) > 0 {
		head("labels that look alike")
	}
	for _, a := range o.Alike {
		para(th.Warning.Render, "%s: %s, %s", plain(a.Task), plain(a.From), plain(a.Into))
		para(th.Text.Render, "%s", plain(a.Line))
	}
	s.leaks(&lines, para, head, th.Text.Render, th.Warning.Render)
	if rare := s.rare(); rare > 0 {
		head("rare classes")
		para(th.Warning.Render, "%d of them (!): their metrics rest on a few images or videos", rare)
	}
	if len(o.Skipped) > 0 {
		head("skipped")
		var parts []string
		for _, reason := range slices.Sorted(maps.Keys(o.Skipped)) {
			parts = append(parts, fmt.Sprintf("%s %d", reason, o.Skipped[reason]))
		}
		para(th.Text.Render, "%s", strings.Join(parts, ", "))
	}
	if len(o.Warnings) > 0 {
		head("warnings")
	}
	for _, text := range o.Warnings {
		para(th.Warning.Render, "%s", plain(text))
	}
	return lines
}

func (s *dataScreen) leaks(lines *[]string, para func(func(...string) string, string, ...any), head func(string), good, bad func(...string) string) {
	any := false
	for i, l := range s.data.Leaks {
		if i == 0 {
			head("images whose video is in train too")
		}
		style := good
		if l.Shared > 0 {
			style, any = bad, true
		}
		if l.Images > 0 {
			para(style, "%-4s %s of %s (%s)", l.Part, thousands(l.Shared), thousands(l.Images), percent(float64(l.Shared)/float64(l.Images)))
		}
	}
	if any && s.data.Group == "image" {
		para(good, "split: {group: video} keeps a video in one split")
	}
}

func (s *dataScreen) rare() int {
	n := 0
	for _, t := range s.data.Tasks {
		for _, c := range t.Classes {
			if c.Rare != "" {
				n++
			}
		}
	}
	return n
}
