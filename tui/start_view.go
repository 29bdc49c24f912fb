package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backbone-sweep/sweep/sweep"
)

func (s *startScreen) view(w *world, width, height int) []string {
	if len(w.choices) == 0 {
		return box("new sweep", "", []string{"", "  no config was found; put one under configs/"}, width, height, w.th.Border, w.th)
	}
	formWidth := min(48, max(width*2/5, 30))
	if width < 64 {
		// One above the other.
		form := s.form(w, width-4)
		high := min(len(form)+2, height*3/5)
		out := box("new sweep", "", indent(form), width, high, w.th.Focus, w.th)
		return append(out, s.previewBox(w, width, height-high)...)
	}
	left := box("new sweep", "", indent(s.form(w, formWidth-4)), formWidth, height, w.th.Focus, w.th)
	return beside(left, s.previewBox(w, width-formWidth, height))
}

func indent(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = " " + l
	}
	return out
}

func (s *startScreen) form(w *world, inner int) []string {
	th := w.th
	label := func(at int, text string) string {
		if s.at == at {
			return th.Accent.Bold(true).Render("▸ " + text)
		}
		return th.Faint.Render("  " + text)
	}
	c := w.choices[s.config]
	name := strings.TrimRight(fit(plain(c.Title), max(1, inner-8)), " ")
	where := th.Faint.Render(fmt.Sprintf("  %d/%d", s.config+1, len(w.choices)))
	lines := []string{
		"", label(atConfig, "config") + where,
		"    " + th.Faint.Render("◂ ") + th.Title.Render(name) + th.Faint.Render(" ▸"),
		"", label(atModels, "backbones"),
	}
	for i, m := range s.models {
		tick := "[ ]"
		if m.on {
			tick = "[x]"
		}
		line := "    " + tick + " " + sweep.DisplayName(plain(m.name))
		if s.at == atModels && i == s.box {
			line = "    " + selected(tick+" "+sweep.DisplayName(plain(m.name)), th)
		}
		lines = append(lines, line)
	}
	lines = append(lines,
		"", label(atSeeds, "seeds"), "    "+s.seeds.view(max(1, inner-5), s.at == atSeeds, th),
		"", label(atEpochs, "epochs"), "    "+s.epochs.view(max(1, inner-5), s.at == atEpochs, th))
	return lines
}

func (s *startScreen) previewBox(w *world, width, height int) []string {
	note := ""
	if s.planning {
		note = "checking …"
	}
	var lines []string
	for _, l := range s.previewLines(w, max(1, width-4)) {
		lines = append(lines, " "+l)
	}
	return box("what will happen", note, lines, width, height, w.th.Border, w.th)
}

// previewLines says what a start would do, problems first.
func (s *startScreen) previewLines(w *world, width int) []string {
	th := w.th
	var lines []string
	para := func(mark string, style func(...string) string, text string) {
		for i, l := range wrap(plain(text), max(1, width-2)) {
			if i > 0 {
				mark = " "
			}
			lines = append(lines, style(mark)+" "+style(l))
		}
	}
	if s.err != "" {
		para("✗", th.Failed.Render, s.err)
		return lines
	}
	if !s.planned {
		return []string{th.Faint.Render("reading the config, checking data and memory …")}
	}
	p := s.preview
	for _, problem := range p.Problems {
		para("✗", th.Failed.Render, problem)
	}
	if len(p.Problems) > 0 {
		lines = append(lines, "")
	}
	lines = append(lines, th.Title.Render(plain(p.Name)))
	what := count(len(p.Runs), "run") + " of " + count(p.Epochs, "epoch")
	if p.Parallel > 1 {
		what += fmt.Sprintf(", %d at a time", p.Parallel)
	}
	lines = append(lines, what)
	on := "engine " + p.Engine
	if p.Device != "" {
		on += " on " + p.Device
	}
	lines = append(lines, wrap(plain(on), width)...)
	if i := p.Images; i != (sweep.Images{}) {
		text := fmt.Sprintf("%s images; %s for validation, %s for test", thousands(i.Train), thousands(i.Val), thousands(i.Test))
		lines = append(lines, wrap(text, width)...)
	}
	lines = append(lines, "")
	lines = append(lines, s.plannedRuns(p)...)
	lines = append(lines, "")
	for _, n := range p.Notes {
		para("·", th.Faint.Render, n)
	}
	if len(p.Problems) == 0 && !s.planning {
		lines = append(lines, "", th.Key.Render("enter")+" starts it")
	}
	return lines
}

// plannedRuns lists the runs, the seeds of a backbone on one line.
func (s *startScreen) plannedRuns(p sweep.Preview) []string {
	var models []string
	seeds := map[string][]string{}
	memory := map[string]int64{}
	wide := 0
	for _, r := range p.Runs {
		if !slices.Contains(models, r.Model) {
			models = append(models, r.Model)
			wide = max(wide, cells(r.Model))
		}
		seeds[r.Model] = append(seeds[r.Model], decimal(r.Seed))
		memory[r.Model] = max(memory[r.Model], r.Memory)
	}
	var lines []string
	for _, m := range models {
		line := "○ " + fit(plain(m), wide) + "  seed " + strings.Join(seeds[m], ", ")
		if memory[m] > 0 {
			line += "  · " + size(float64(memory[m]))
		}
		lines = append(lines, line)
	}
	return lines
}
