package tui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/chart"
)

// runsScreen lists all runs and draws the curves of those around the cursor.
type runsScreen struct {
	at     string // id of the run under the cursor
	index  int    // its place, for when it is removed
	top    int    // first row in sight
	page   int    // rows in sight
	chosen bool   // the user has moved the cursor
	edit   *field // the filter being typed
	loss   chart.Chart
	macro  chart.Chart
}

func (s *runsScreen) places() []place { return []place{onRuns, charts} }

func (s *runsScreen) typing() bool { return s.edit != nil }

// list is what the filter leaves.
func (s *runsScreen) list(w *world) []*entry {
	if w.filter == "" {
		return w.book.runs
	}
	var out []*entry
	for _, e := range w.book.runs {
		if e.matches(w.filter) {
			out = append(out, e)
		}
	}
	return out
}

// cursor is the run under the cursor; nil when there is none. Until the user
// moves it, it stays on the first run that goes on.
func (s *runsScreen) cursor(w *world) *entry {
	list := s.list(w)
	if w.follows != "" {
		if i := slices.IndexFunc(list, func(e *entry) bool { return e.Launch == w.follows }); i >= 0 {
			s.at, s.chosen, w.follows = list[i].ID, false, ""
		}
	}
	if len(list) == 0 {
		return nil
	}
	if i := slices.IndexFunc(list, func(e *entry) bool { return e.ID == s.at }); i >= 0 && s.chosen {
		s.index = i
		return list[i]
	}
	if s.chosen {
		s.index = min(s.index, len(list)-1)
	} else {
		s.index = max(0, slices.IndexFunc(list, func(e *entry) bool {
			return e.State.Live() && e.Launch == list[0].Launch
		}))
	}
	s.at = list[s.index].ID
	return list[s.index]
}

func (s *runsScreen) wants(w *world) ([]*entry, bool) {
	at := s.cursor(w)
	shown := w.shown(at)
	// The run under the cursor first: its curves are what is looked at.
	if i := slices.Index(shown, at); i > 0 {
		shown = append([]*entry{at}, slices.Delete(slices.Clone(shown), i, i+1)...)
	}
	return shown, false
}

func (s *runsScreen) can(w *world, do command) string {
	at := s.cursor(w)
	switch do {
	case cmdNew:
		if !w.link.up {
			return "there is no connection"
		}
	case cmdOpen, cmdHide, cmdPin, cmdUp, cmdDown, cmdPageUp, cmdPageDown, cmdFirst, cmdLast:
		if at == nil {
			return "there is no run"
		}
	case cmdTable, cmdExport:
		return canCompare(w, w.shown(at))
	case cmdStop, cmdResume, cmdRemove:
		return canDo(w, at, do)
	case cmdBack:
		_, cross := w.view.Cross()
		if !cross && !w.view.Zoomed() && w.solo == 0 && w.filter == "" {
			return "this is the first screen; q leaves"
		}
	}
	return w.steerable(do)
}

// canDo says why a run cannot be stopped, resumed or removed.
func canDo(w *world, e *entry, do command) string {
	switch {
	case e == nil:
		return "there is no run"
	case !w.link.up:
		return "there is no connection"
	case do == cmdStop && e.State == run.Stopping:
		return "it is stopping already"
	case do == cmdStop && e.State.Ended():
		return "it has ended: " + string(e.State)
	case do == cmdResume && e.State == run.Done:
		return "it is done"
	case do == cmdResume && !e.State.Resumable():
		return "it has not ended: " + string(e.State)
	case do == cmdRemove && !e.State.Ended():
		return "it has not ended: stop it first"
	}
	return ""
}

func canCompare(w *world, runs []*entry) string {
	switch {
	case !w.link.up:
		return "there is no connection"
	case len(runs) == 0:
		return "there is no run to compare"
	case !slices.ContainsFunc(runs, func(e *entry) bool { return e.State == run.Done }):
		return "no run of these has test results yet"
	}
	return ""
}

func (s *runsScreen) do(w *world, do command) []action {
	at := s.cursor(w)
	if w.steer(do, w.shown(at), at) {
		return nil
	}
	switch do {
	case cmdUp:
		s.move(w, -1)
	case cmdDown:
		s.move(w, 1)
	case cmdPageUp:
		s.move(w, -max(1, s.page))
	case cmdPageDown:
		s.move(w, max(1, s.page))
	case cmdFirst:
		s.move(w, -len(w.book.runs))
	case cmdLast:
		s.move(w, len(w.book.runs))
	case cmdOpen:
		return []action{showRun{at.ID}}
	case cmdTable:
		return []action{showTable{ids(w.shown(at))}}
	case cmdExport:
		return []action{showExport{ids: ids(w.shown(at)), name: at.Sweep, by: sweep.ByModel}}
	case cmdNew:
		return []action{showStart{}}
	case cmdStop, cmdResume, cmdRemove:
		return about(at, do)
	case cmdHide:
		w.hidden[at.ID] = !w.hidden[at.ID]
	case cmdPin:
		w.pinned[at.ID] = !w.pinned[at.ID]
	case cmdFilter:
		f := newField(w.filter)
		s.edit = &f
	case cmdBack:
		if !w.unsteer() {
			w.filter = ""
		}
	}
	return nil
}

// about asks before what cannot be taken back.
func about(e *entry, do command) []action {
	name := e.name
	switch do {
	case cmdResume:
		return []action{resumeRun{e.ID}}
	case cmdStop:
		text := fmt.Sprintf("%s finishes its step, saves and ends. It can be resumed from its last epoch.", name)
		if e.State == run.Queued {
			text = name + " is not started then. It can be resumed."
		}
		return []action{confirm{question{
			title: "Stop " + name + "?", lines: []string{text},
			answers: []answer{{[]string{"y", "s"}, "stop it", []action{stopRun{e.ID}}}, {[]string{"n"}, "let it run", nil}},
		}}}
	}
	return []action{confirm{question{
		title: "Delete " + name + "?",
		lines: []string{"Its weights, curves, log and resume state are deleted for good."},
		answers: []answer{
			{[]string{"n"}, "keep it", nil},
			{[]string{"y"}, "delete it", []action{removeRun{e.ID}}},
		},
	}}}
}

func (s *runsScreen) move(w *world, by int) {
	list := s.list(w)
	if s.cursor(w) == nil {
		return
	}
	s.index = max(0, min(s.index+by, len(list)-1))
	s.at, s.chosen = list[s.index].ID, true
}

// key edits the filter, which counts while it is typed.
func (s *runsScreen) key(w *world, k tea.KeyPressMsg) []action {
	switch k.String() {
	case "enter", "down", "up":
		s.edit = nil
	case "esc":
		s.edit, w.filter = nil, ""
	case "ctrl+c":
		s.edit = nil
	default:
		if s.edit.key(k) {
			w.filter = s.edit.String()
		}
	}
	return nil
}

func (s *runsScreen) take(w *world, m tea.Msg) []action {
	switch m := m.(type) {
	case tea.PasteMsg:
		if s.edit != nil {
			s.edit.insert(m.Content)
			w.filter = s.edit.String()
		}
	case pointer:
		s.point(w, m)
	}
	return nil
}

func ids(runs []*entry) []string {
	out := make([]string, len(runs))
	for i, e := range runs {
		out[i] = e.ID
	}
	return out
}
