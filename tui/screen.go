package tui

import tea "charm.land/bubbletea/v2"

// screen is what fills the terminal between header and status line. Screens
// change themselves and the view's part of world, and return actions for all else.
type screen interface {
	// places are the parts of the key table that count here, the own one first.
	places() []place
	// can says why a command is not possible now; empty when it is.
	can(w *world, do command) string
	// do carries out a command of the key table.
	do(w *world, do command) []action
	// typing reports whether keys are text; key gets them then.
	typing() bool
	key(w *world, k tea.KeyPressMsg) []action
	// take gets answers to requests, pasted text and the mouse.
	take(w *world, m tea.Msg) []action
	// wants are the runs whose curves the screen draws, those it cannot do without
	// first; counts says whether it needs the confusion counts too.
	wants(w *world) (runs []*entry, counts bool)
	// view draws height lines of width cells.
	view(w *world, width, height int) []string
}

// wheel is a turn of the mouse wheel, or a click, where a screen has its lines.
type pointer struct {
	x, y  int
	wheel int // lines: below 0 up; 0 for a click
}
