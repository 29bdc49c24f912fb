package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// leastWidth and leastHeight are what the app needs to say anything at all. From
// 80×24 on everything has its place; between the two, parts give way.
const (
	leastWidth  = 20
	leastHeight = 5
)

// View implements tea.Model.
func (a *App) View() tea.View {
	v := tea.NewView(a.frame)
	v.AltScreen = true
	v.WindowTitle = a.title()
	v.ProgressBar = a.progress()
	if a.w.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

// lines draws the whole terminal.
func (a *App) lines() []string {
	w := a.w
	if w.width <= 0 || w.height <= 0 {
		return nil
	}
	if w.width < leastWidth || w.height < leastHeight {
		return pad(wrap("sweep needs a larger terminal; 80×24 is fine", w.width), w.width, w.height)
	}
	body := w.height - 3
	out := make([]string, 0, w.height)
	out = append(out, a.header())
	view := a.screen.view(w, w.width, body)
	if a.dialog != nil {
		view = over(view, a.dialog.view(w, w.width, body), w.width)
	}
	out = append(out, view...)
	return append(out, a.status(), a.hints())
}

// header says what runs, since when, until when.
func (a *App) header() string {
	w := a.w
	name := w.th.Title.Render(" sweep")
	at := a.runs.cursor(w)
	if s, ok := a.screen.(*runScreen); ok && w.book.byID[s.id] != nil {
		at = w.book.byID[s.id]
	}
	if at == nil {
		return fit(name+w.th.Faint.Render("  "+plain(w.info.StoreDir)), w.width)
	}
	runs := w.book.launch(at.Launch)
	parts := []string{plain(at.Sweep), count(len(runs), "run")}
	if n := w.book.going(); n > 0 && len(runs) < len(w.book.runs) {
		if others := n - unfinished(runs); others > 0 {
			parts = append(parts, fmt.Sprintf("%d elsewhere", others))
		}
	}
	if at.Engine != nil && *at.Engine != "" {
		parts = append(parts, *at.Engine)
	}
	var right []string
	if from, to := span(runs, w.now); !from.IsZero() {
		right = append(right, clock(to.Sub(from)))
	}
	if d, ok := left(runs, w.now); ok {
		right = append(right, "ends ≈ "+when(w.now.Add(d), w.now))
	}
	return spread(name+"  "+strings.Join(parts, w.th.Faint.Render(" · ")), strings.Join(right, w.th.Faint.Render(" · "))+" ", w.width)
}

func unfinished(runs []*entry) int {
	n := 0
	for _, e := range runs {
		if !e.State.Ended() {
			n++
		}
	}
	return n
}

// span is from the first start of the runs to now, or to their last end.
func span(runs []*entry, now time.Time) (from, to time.Time) {
	for _, e := range runs {
		if e.Started != nil && (from.IsZero() || e.Started.Before(from)) {
			from = *e.Started
		}
		if e.Ended != nil && e.Ended.After(to) {
			to = *e.Ended
		}
	}
	if unfinished(runs) > 0 || to.IsZero() {
		to = now
	}
	return from, to
}

// status is the line for what must be told: lost link, errors, then the machine.
func (a *App) status() string {
	w := a.w
	if text := w.link.banner(w.now); text != "" {
		return fit(" "+w.th.Warning.Render(text), w.width)
	}
	if line := a.notices.line(w.now, w.width, w.th); line != "" {
		return fit(line, w.width)
	}
	return machineLine(w, w.width)
}

// hints is the bottom line: the keys that matter here, from the key table.
func (a *App) hints() string {
	th := a.w.th
	type hint struct {
		text string
		wide int
	}
	make1 := func(b binding) hint {
		text := b.hint
		if b.do == cmdQuit && a.w.book.going() > 0 {
			text = "detach"
		}
		key := shown(b.keys[0])
		return hint{th.Key.Render(key) + " " + text, cells(key + " " + text)}
	}
	var own, shared []hint
	table := bindings()
	for _, p := range a.screen.places() {
		for _, b := range table {
			if b.at == p && b.hint != "" && a.can(b.do) == "" {
				own = append(own, make1(b))
			}
		}
	}
	for _, b := range table {
		if b.at == everywhere && b.hint != "" {
			shared = append(shared, make1(b))
		}
	}
	const gap = 3 // " · "
	room := a.w.width - 2
	for _, h := range shared {
		room -= h.wide + gap
	}
	var kept []string
	for _, h := range own {
		if room -= h.wide + gap; room < 0 {
			break
		}
		kept = append(kept, h.text)
	}
	for _, h := range shared {
		kept = append(kept, h.text)
	}
	return fit(" "+strings.Join(kept, th.Faint.Render(" · ")), a.w.width)
}

// title is the window's: what goes on, without numbers that change often.
func (a *App) title() string {
	runs := a.newest()
	if len(runs) == 0 {
		return "sweep"
	}
	done := 0
	for _, e := range runs {
		if e.State == run.Done {
			done++
		}
	}
	return fmt.Sprintf("sweep · %s %d/%d", ansi.Strip(plain(runs[0].Sweep)), done, len(runs))
}

func (a *App) newest() []*entry {
	if len(a.w.book.runs) == 0 {
		return nil
	}
	return a.w.book.launch(a.w.book.runs[0].Launch)
}

// progress is the newest launch's, for terminals that show one (OSC 9;4).
func (a *App) progress() *tea.ProgressBar {
	runs := a.newest()
	if unfinished(runs) == 0 {
		return nil
	}
	total := 0.0
	state := tea.ProgressBarDefault
	for _, e := range runs {
		if e.State == run.Failed {
			state = tea.ProgressBarError
		}
		if e.State.Ended() {
			total++
		} else {
			total += e.share()
		}
	}
	return tea.NewProgressBar(state, int(100*total/float64(len(runs))))
}
