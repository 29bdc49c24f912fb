package tui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"
)

// act turns what a screen or dialog asks for into commands.
func (a *App) act(actions []action) tea.Cmd {
	var cmds []tea.Cmd
	for _, x := range actions {
		cmds = append(cmds, a.perform(x))
	}
	return tea.Batch(cmds...)
}

func (a *App) perform(x action) tea.Cmd {
	switch x := x.(type) {
	case closeDialog:
		a.dialog = nil
	case confirm:
		q := x.dialog
		a.dialog = &q
	case showHelp:
		a.dialog = &help{at: a.screen.places(), can: a.can}
	case showNotices:
		a.dialog = &messages{all: a.notices.all}
	case showRuns:
		a.screen = a.runs
	case showRun:
		s := newRunScreen(x.id)
		a.screen = s
		return a.act(s.follow(a.w))
	case showTable:
		s := newTableScreen(x.ids)
		a.screen = s
		return a.act(s.refresh())
	case showStart:
		s := newStartScreen(a.w)
		a.screen = s
		return a.act(s.changed(a.w))
	case showData:
		s := newDataScreen(x)
		a.screen = s
		return a.act(s.refresh())
	case backToStart:
		a.screen = x.screen
		return a.act(x.screen.resumed(a.w))
	case showExport:
		a.dialog = newExportDialog(x)
	case say:
		a.say(x.text)
	case toggleMouse:
		a.w.mouse = !a.w.mouse
		a.say("mouse " + map[bool]string{true: "on: wheel and clicks count", false: "off"}[a.w.mouse])
	case suspend:
		return tea.Suspend
	case redraw:
		return tea.ClearScreen
	case leave:
		return tea.Quit
	case settle:
		return after(settleTime, settledMsg(x))
	default:
		return a.ask(x)
	}
	return nil
}

// ask sends what only a supervisor can answer.
func (a *App) ask(x action) tea.Cmd {
	if !a.w.link.up {
		a.fail(errNoLink)
		return nil
	}
	r := a.remote
	switch x := x.(type) {
	case stopRun:
		return r.about(x.id, a.name(x.id)+" stops after its step", r.client.Stop)
	case resumeRun:
		return r.about(x.id, a.name(x.id)+" goes on", r.client.Resume)
	case removeRun:
		return r.about(x.id, a.name(x.id)+" is deleted", r.client.Remove)
	case stopAndLeave:
		a.say("stopping all runs …")
		return r.stopAll()
	case fetchLog:
		return r.log(x.id)
	case compare:
		return r.compare(x)
	case plan:
		return r.plan(x)
	case look:
		return r.look(x)
	case export:
		return r.export(x)
	case startRuns:
		a.going = true
		a.say(fmt.Sprintf("starting %s: its data are checked first …", x.request.Config))
		return r.start(x.request)
	}
	return nil
}

func (a *App) name(id string) string {
	if e := a.w.book.byID[id]; e != nil {
		return e.name
	}
	return id
}

// started shows a new launch, or why there is none.
func (a *App) started(m startedMsg) tea.Cmd {
	a.going = false
	cmd := a.pass(m)
	if m.err != nil {
		a.fail(m.err)
		return cmd
	}
	a.say("started")
	a.w.follows = m.launch
	a.runs.chosen = false
	a.screen = a.runs
	return tea.Batch(cmd, a.remote.runs())
}

// rendered writes an export to its file or the clipboard.
func (a *App) rendered(m renderedMsg) tea.Cmd {
	switch {
	case m.err != nil:
		a.fail(m.err)
	case m.to.name == "":
		a.dialog = nil
		a.say(fmt.Sprintf("copied %s to the clipboard, where the terminal allows it (OSC 52)", size(float64(len(m.data)))))
		return tea.SetClipboard(string(m.data))
	default:
		return save(a.w.dir, m.to, m.data)
	}
	return nil
}

// saved ends the export dialog, or lets it ask whether to overwrite.
func (a *App) saved(m savedMsg) tea.Cmd {
	switch {
	case m.taken:
		return a.pass(m)
	case m.err != nil:
		a.fail(m.err)
	default:
		a.dialog = nil
		a.say("written to " + m.name)
	}
	return nil
}

func (a *App) say(text string) { a.notices.add(a.w.now, text, false) }
func (a *App) fail(err error)  { a.notices.add(a.w.now, sentence(err), true) }

const (
	// mostLoading bounds the histories asked for at a time, so that the first is
	// there soon.
	mostLoading = 4
	// retryTicks is the wait after a failed request, in ticks.
	retryTicks = 5
	// mostKept bounds the runs whose curves stay in memory.
	mostKept = 32
)

// load asks for the curves that the screen wants and lets old ones go.
func (a *App) load() tea.Cmd {
	if !a.w.link.up {
		return nil
	}
	wanted, counts := a.screen.wants(a.w)
	loading := 0
	for _, e := range a.w.book.runs {
		if e.curves != nil && e.curves.loading {
			loading++
		}
	}
	a.uses++
	var cmds []tea.Cmd
	for _, e := range wanted {
		c := e.curves
		if c != nil {
			c.used = a.uses
		}
		fresh := c != nil && !c.gap && (!counts || !c.bare) && c.ready
		if fresh || loading >= mostLoading || (c != nil && (c.loading || a.ticks <= c.asked)) {
			continue
		}
		if c == nil {
			e.curves = &curves{used: a.uses}
		}
		e.curves.loading, e.curves.asked, e.curves.pending = true, a.ticks, nil
		loading++
		a.drawn = false
		cmds = append(cmds, a.remote.history(e.ID))
	}
	a.letGo()
	return tea.Batch(cmds...)
}

// letGo drops the curves that no screen has wanted for longest.
func (a *App) letGo() {
	var kept []*entry
	for _, e := range a.w.book.runs {
		if e.curves != nil && !e.curves.loading {
			kept = append(kept, e)
		}
	}
	if len(kept) <= mostKept {
		return
	}
	slices.SortFunc(kept, func(x, y *entry) int { return y.curves.used - x.curves.used })
	for _, e := range kept[mostKept:] {
		if e.curves.used != a.uses {
			e.curves = nil
		}
	}
}
