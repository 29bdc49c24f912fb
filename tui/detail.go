package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/tui/chart"
)

// tab is a page of the screen of one run.
type tab int

const (
	tabCurves tab = iota
	tabClasses
	tabConfusion
	tabLog
	tabConfig
	tabs // their number
)

func (t tab) String() string {
	return [...]string{"Curves", "Classes", "Confusion", "Log", "Config"}[t]
}

// runScreen shows one run.
type runScreen struct {
	id   string
	tab  tab
	page int // rows in sight on the last page drawn

	loss, macro, lr, speed chart.Chart
	eval                   int // result in sight, from 1; 0 the one that counts
	task                   int
	heat                   []chart.HeatMap // of each task, for their cursors
	shares                 bool
	top                    int // of classes and config
	log                    logView
}

func newRunScreen(id string) *runScreen { return &runScreen{id: id, log: logView{tail: true}} }

func (s *runScreen) places() []place {
	if s.tab == tabCurves {
		return []place{onRun, charts}
	}
	return []place{onRun}
}

func (s *runScreen) typing() bool { return false }

func (s *runScreen) key(*world, tea.KeyPressMsg) []action { return nil }

func (s *runScreen) run(w *world) *entry { return w.book.byID[s.id] }

func (s *runScreen) wants(w *world) ([]*entry, bool) {
	e := s.run(w)
	if e == nil {
		return nil, false
	}
	return []*entry{e}, s.tab == tabClasses || s.tab == tabConfusion
}

func (s *runScreen) can(w *world, do command) string {
	e := s.run(w)
	evals := 0
	if e != nil && e.curves != nil {
		evals = len(e.curves.evals)
	}
	results := s.tab == tabClasses || s.tab == tabConfusion
	switch do {
	case cmdStop, cmdResume, cmdRemove:
		return canDo(w, e, do)
	case cmdEpochBack, cmdEpochOn:
		if !results {
			return "it is for classes and confusion matrices"
		}
		if evals < 2 {
			return "there are no other results"
		}
	case cmdNextTask, cmdShare:
		if s.tab != tabConfusion {
			return "it is for confusion matrices"
		}
		if do == cmdNextTask && (e == nil || len(e.Tasks) < 2) {
			return "there is one task"
		}
	}
	if s.tab == tabCurves {
		return w.steerable(do)
	}
	return ""
}

func (s *runScreen) do(w *world, do command) []action {
	e := s.run(w)
	if e == nil {
		return []action{showRuns{}}
	}
	if s.tab == tabCurves {
		switch do {
		case cmdLeft:
			do = cmdCrossL
		case cmdRight:
			do = cmdCrossR
		}
		if w.steer(do, []*entry{e}, e) {
			return nil
		}
	}
	switch do {
	case cmdNextTab:
		return s.turn(w, (s.tab+1)%tabs)
	case cmdPrevTab:
		return s.turn(w, (s.tab+tabs-1)%tabs)
	case cmdTab1, cmdTab2, cmdTab3, cmdTab4, cmdTab5:
		return s.turn(w, tab(slices.Index([]command{cmdTab1, cmdTab2, cmdTab3, cmdTab4, cmdTab5}, do)))
	case cmdUp:
		s.move(-1, 0)
	case cmdDown:
		s.move(1, 0)
	case cmdLeft:
		s.move(0, -1)
	case cmdRight:
		s.move(0, 1)
	case cmdPageUp:
		s.move(-max(1, s.page-1), 0)
	case cmdPageDown:
		s.move(max(1, s.page-1), 0)
	case cmdFirst:
		s.move(-1<<20, 0)
	case cmdLast:
		s.move(1<<20, 0)
	case cmdNextTask:
		s.task = (s.task + 1) % max(1, len(e.Tasks))
	case cmdShare:
		s.shares = !s.shares
	case cmdEpochBack, cmdEpochOn:
		s.scrub(e, do)
	case cmdStop, cmdResume, cmdRemove:
		return about(e, do)
	case cmdBack:
		if s.tab != tabCurves || !w.unsteer() {
			return []action{showRuns{}}
		}
	}
	return nil
}

// turn opens a page.
func (s *runScreen) turn(w *world, t tab) []action {
	s.tab, s.top = t, 0
	return s.follow(w)
}

// follow asks for what the page shows and no event brings.
func (s *runScreen) follow(w *world) []action {
	if s.tab != tabLog || !w.link.up || s.log.asked {
		return nil
	}
	if e := s.run(w); e != nil && s.log.at == e.Seq && s.log.loaded && e.State.Ended() {
		return nil
	}
	s.log.asked = true
	return []action{fetchLog{s.id}}
}

// scrub moves through the results; beyond the last is the one that counts.
func (s *runScreen) scrub(e *entry, do command) {
	if e.curves == nil {
		return
	}
	n := len(e.curves.evals)
	at := s.eval
	if at == 0 {
		at = e.curves.bestEval(e) + 1
	}
	if do == cmdEpochBack {
		s.eval = max(1, at-1)
		return
	}
	if s.eval = at + 1; s.eval > n {
		s.eval = 0
	}
}

func (s *runScreen) move(down, right int) {
	switch s.tab {
	case tabConfusion:
		if s.task < len(s.heat) {
			s.heat[s.task].Move(down, right)
		}
	case tabLog:
		s.log.scroll(down)
	default:
		s.top = max(0, s.top+down)
	}
}

func (s *runScreen) take(w *world, m tea.Msg) []action {
	switch m := m.(type) {
	case logMsg:
		if m.id != s.id {
			return nil
		}
		s.log.asked = false
		if m.err != nil {
			s.log.err = sentence(m.err)
			return nil
		}
		s.log.set(m.lines)
		if e := s.run(w); e != nil {
			s.log.at = e.Seq
		}
	case pointer:
		if m.wheel != 0 {
			s.move(m.wheel, 0)
		}
	}
	return nil
}
