package tui

import (
	"time"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// tickMsg comes once a second. It is the only clock that Update knows.
type tickMsg struct {
	now  time.Time
	sent int64 // bytes sent to the terminal so far; below 0 where nobody counts
}

// frameMsg says that the next frame may be drawn.
type frameMsg struct{}

// linkedMsg says that a supervisor answers.
type linkedMsg struct {
	client sweep.Client
	info   sweep.Info
	runs   []sweep.Status
	now    time.Time
}

// unreachedMsg says that dialling failed.
type unreachedMsg struct{ err error }

// lostMsg says that the watch over the link with this number ended.
type lostMsg struct {
	link int
	err  error
}

// redialMsg says that it is time to dial again.
type redialMsg struct{}

// eventsMsg is a batch of events, in the order of each run.
type eventsMsg struct {
	link   int
	events []run.Event
	now    time.Time
}

// runsMsg is the list of all runs.
type runsMsg struct {
	link int
	runs []sweep.Status
	err  error
}

// historyMsg is what is recorded of a run.
type historyMsg struct {
	link    int
	id      string
	history sweep.History
	err     error
}

// logMsg is the end of a run's log.
type logMsg struct {
	id    string
	lines []string
	err   error
}

// comparedMsg is the answer to the comparison with this number.
type comparedMsg struct {
	ask   int
	table sweep.Comparison
	err   error
}

// settledMsg says that the form has been left alone for a while.
type settledMsg struct{ ask int }

// plannedMsg is the answer to the plan with this number.
type plannedMsg struct {
	ask     int
	preview sweep.Preview
	err     error
}

// lookedMsg is the answer to the look at data with this number.
type lookedMsg struct {
	ask      int
	overview run.Overview
	err      error
}

// startedMsg says how a start went.
type startedMsg struct {
	launch string
	err    error
}

// doneMsg says how a request about runs went: a sentence, or an error.
type doneMsg struct {
	said string
	err  error
}

// stoppedAllMsg says that all runs were asked to stop before leaving.
type stoppedAllMsg struct{ err error }

// renderedMsg is the exported table.
type renderedMsg struct {
	data []byte
	to   target
	err  error
}

// savedMsg says how writing a file went. taken: the name exists, nothing was written.
type savedMsg struct {
	name  string
	taken bool
	err   error
}
