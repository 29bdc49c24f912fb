package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// place is where a key counts: a screen, or what several screens share.
type place int

const (
	everywhere place = iota
	charts           // screens that show curves
	onRuns
	onRun
	onTable
	onStart
	onData
)

func (p place) String() string {
	switch p {
	case charts:
		return "Charts"
	case onRuns:
		return "Runs"
	case onRun:
		return "One run"
	case onTable:
		return "Comparison"
	case onStart:
		return "New sweep"
	case onData:
		return "Data"
	}
	return "Everywhere"
}

// command is what a key stands for.
type command string

const (
	cmdHelp     command = "help"
	cmdQuit     command = "quit"
	cmdBack     command = "back"
	cmdSuspend  command = "suspend"
	cmdMouse    command = "mouse"
	cmdNotices  command = "notices"
	cmdRedraw   command = "redraw"
	cmdUp       command = "up"
	cmdDown     command = "down"
	cmdPageUp   command = "page up"
	cmdPageDown command = "page down"
	cmdFirst    command = "first"
	cmdLast     command = "last"
	cmdOpen     command = "open"
	cmdTable    command = "table"
	cmdNew      command = "new"
	cmdStop     command = "stop"
	cmdResume   command = "resume"
	cmdRemove   command = "remove"
	cmdExport   command = "export"
	cmdHide     command = "hide"
	cmdPin      command = "pin"
	cmdFilter   command = "filter"

	cmdZoomIn   command = "zoom in"
	cmdZoomOut  command = "zoom out"
	cmdPanLeft  command = "pan left"
	cmdPanRight command = "pan right"
	cmdAll      command = "all"
	cmdCrossL   command = "crosshair left"
	cmdCrossR   command = "crosshair right"
	cmdLog      command = "log"
	cmdSmooth   command = "smooth"
	cmdSolo     command = "one chart"

	cmdNextTab   command = "next tab"
	cmdPrevTab   command = "previous tab"
	cmdTab1      command = "tab 1"
	cmdTab2      command = "tab 2"
	cmdTab3      command = "tab 3"
	cmdTab4      command = "tab 4"
	cmdTab5      command = "tab 5"
	cmdLeft      command = "left"
	cmdRight     command = "right"
	cmdNextTask  command = "next task"
	cmdEpochBack command = "epoch back"
	cmdEpochOn   command = "epoch on"
	cmdShare     command = "share"

	cmdBy     command = "by"
	cmdSort   command = "sort"
	cmdToggle command = "toggle"
	cmdSubmit command = "submit"
	cmdData   command = "data"
	cmdAgain  command = "again"
)

// binding is a row of the key table.
type binding struct {
	at   place
	keys []string // as Bubble Tea names them
	do   command
	hint string // for the bottom line, short; empty: only in help
	help string // what it does
}

// bindings is the key table: dispatch and help both read it. The first match
// counts, a screen's own rows before those it shares.
func bindings() []binding {
	return []binding{
		{onRuns, []string{"up", "k"}, cmdUp, "", "to the run above"},
		{onRuns, []string{"down", "j"}, cmdDown, "", "to the run below"},
		{onRuns, []string{"pgup"}, cmdPageUp, "", "a page up"},
		{onRuns, []string{"pgdown"}, cmdPageDown, "", "a page down"},
		{onRuns, []string{"home", "g"}, cmdFirst, "", "to the first run"},
		{onRuns, []string{"end", "G"}, cmdLast, "", "to the last run"},
		{onRuns, []string{"enter"}, cmdOpen, "details", "this run in detail"},
		{onRuns, []string{"t"}, cmdTable, "table", "comparison table of the runs in the charts"},
		{onRuns, []string{"n"}, cmdNew, "new", "start a sweep"},
		{onRuns, []string{"s"}, cmdStop, "stop", "stop this run; it finishes its step and saves"},
		{onRuns, []string{"r"}, cmdResume, "resume", "continue this run from its last epoch"},
		{onRuns, []string{"delete", "D"}, cmdRemove, "", "delete this run with its weights"},
		{onRuns, []string{"e"}, cmdExport, "export", "comparison table to a file or the clipboard"},
		{onRuns, []string{"h"}, cmdHide, "hide", "hide this run in charts and table, or show it again"},
		{onRuns, []string{"p"}, cmdPin, "pin", "keep this run in charts and table wherever the cursor is"},
		{onRuns, []string{"/"}, cmdFilter, "filter", "only runs with these words in sweep, model, seed, state"},
		{onRuns, []string{"esc"}, cmdBack, "", "drop crosshair, then zoom, then filter"},

		{onRun, []string{"tab"}, cmdNextTab, "pages", "to the next page"},
		{onRun, []string{"shift+tab"}, cmdPrevTab, "", "to the page before"},
		{onRun, []string{"1"}, cmdTab1, "", "curves"},
		{onRun, []string{"2"}, cmdTab2, "", "F1 of every class"},
		{onRun, []string{"3"}, cmdTab3, "", "confusion matrices"},
		{onRun, []string{"4"}, cmdTab4, "", "log"},
		{onRun, []string{"5"}, cmdTab5, "", "config and provenance"},
		{onRun, []string{"up", "k"}, cmdUp, "", "up"},
		{onRun, []string{"down", "j"}, cmdDown, "", "down"},
		{onRun, []string{"left"}, cmdLeft, "", "left, in curves and confusion matrices"},
		{onRun, []string{"right"}, cmdRight, "", "right, in curves and confusion matrices"},
		{onRun, []string{"pgup"}, cmdPageUp, "", "a page up"},
		{onRun, []string{"pgdown"}, cmdPageDown, "", "a page down"},
		{onRun, []string{"home", "g"}, cmdFirst, "", "to the beginning"},
		{onRun, []string{"end", "G"}, cmdLast, "", "to the end; a log follows what comes"},
		{onRun, []string{"t"}, cmdNextTask, "task", "next task, in confusion matrices"},
		{onRun, []string{"["}, cmdEpochBack, "", "the evaluation before, in classes and confusion matrices"},
		{onRun, []string{"]"}, cmdEpochOn, "", "the next evaluation; after the last the best one"},
		{onRun, []string{"c"}, cmdShare, "", "counts or shares of each true class in confusion matrices"},
		{onRun, []string{"s"}, cmdStop, "stop", "stop this run; it finishes its step and saves"},
		{onRun, []string{"r"}, cmdResume, "resume", "continue this run from its last epoch"},
		{onRun, []string{"delete", "D"}, cmdRemove, "", "delete this run with its weights"},
		{onRun, []string{"esc", "backspace"}, cmdBack, "back", "drop crosshair and zoom, then back"},

		{onTable, []string{"up", "k"}, cmdUp, "", "to the row above"},
		{onTable, []string{"down", "j"}, cmdDown, "", "to the row below"},
		{onTable, []string{"left"}, cmdLeft, "", "columns to the left"},
		{onTable, []string{"right"}, cmdRight, "", "columns to the right"},
		{onTable, []string{"b"}, cmdBy, "runs/models", "a column for each run, or mean ± std for each model"},
		{onTable, []string{"s", "enter"}, cmdSort, "sort", "order the columns by this row, best first; again: as planned"},
		{onTable, []string{"e"}, cmdExport, "export", "to a file or the clipboard"},
		{onTable, []string{"esc", "backspace", "t"}, cmdBack, "back", "back to the runs"},

		{onStart, []string{"tab", "down"}, cmdDown, "", "to the next field"},
		{onStart, []string{"shift+tab", "up"}, cmdUp, "", "to the field before"},
		{onStart, []string{"left"}, cmdLeft, "", "the choice before"},
		{onStart, []string{"right"}, cmdRight, "choose", "the next choice"},
		{onStart, []string{"space"}, cmdToggle, "toggle", "take this backbone, or leave it out"},
		{onStart, []string{"d"}, cmdData, "data", "look at this config's data: classes, rare ones, spellings, leaks"},
		{onStart, []string{"enter"}, cmdSubmit, "start", "start the sweep"},
		{onStart, []string{"esc"}, cmdBack, "back", "back without starting"},

		{onData, []string{"up", "k"}, cmdUp, "", "up"},
		{onData, []string{"down", "j"}, cmdDown, "", "down"},
		{onData, []string{"pgup"}, cmdPageUp, "", "a page up"},
		{onData, []string{"pgdown", "space"}, cmdPageDown, "", "a page down"},
		{onData, []string{"home", "g"}, cmdFirst, "", "to the beginning"},
		{onData, []string{"end", "G"}, cmdLast, "", "to the end"},
		{onData, []string{"r"}, cmdAgain, "read again", "look at the files again"},
		{onData, []string{"esc", "backspace", "d"}, cmdBack, "back", "back to the new sweep"},

		{charts, []string{"+", "="}, cmdZoomIn, "", "zoom in"},
		{charts, []string{"-"}, cmdZoomOut, "", "zoom out"},
		{charts, []string{"0"}, cmdAll, "", "show all epochs"},
		{charts, []string{"<", "shift+left"}, cmdPanLeft, "", "move the window to the left"},
		{charts, []string{">", "shift+right"}, cmdPanRight, "", "move the window to the right"},
		{charts, []string{"left"}, cmdCrossL, "", "crosshair to the left, in all charts at once"},
		{charts, []string{"right"}, cmdCrossR, "", "crosshair to the right"},
		{charts, []string{"l"}, cmdLog, "log", "loss on a logarithmic or a linear axis"},
		{charts, []string{"m"}, cmdSmooth, "smooth", "smoothed curves, the measured ones faint behind"},
		{charts, []string{"f"}, cmdSolo, "one chart", "each chart alone in turn, then all again"},

		{everywhere, []string{"?", "f1"}, cmdHelp, "help", "this help"},
		{everywhere, []string{"!"}, cmdNotices, "", "all messages of this session"},
		{everywhere, []string{"q", "ctrl+c"}, cmdQuit, "quit", "leave; asks what to do with runs that go on"},
		{everywhere, []string{"ctrl+z"}, cmdSuspend, "", "to the shell; fg comes back"},
		{everywhere, []string{"ctrl+l"}, cmdRedraw, "", "draw everything again"},
		{everywhere, []string{"M"}, cmdMouse, "", "mouse on or off"},
	}
}

// lookup finds what a key does at a place; the rows of further places follow in order.
func lookup(table []binding, key string, at ...place) (binding, bool) {
	for _, p := range append(at, everywhere) {
		for _, b := range table {
			if b.at != p {
				continue
			}
			for _, k := range b.keys {
				if k == key {
					return b, true
				}
			}
		}
	}
	return binding{}, false
}

// keyName is the table's name of a pressed key. Letters typed with a Korean
// layout count as the Latin ones on the same keys.
func keyName(k tea.KeyPressMsg) string {
	name := k.String()
	if r := []rune(name); len(r) == 1 {
		if at := strings.IndexRune(hangulKeys, r[0]); at >= 0 {
			return string(latinKeys[len([]rune(hangulKeys[:at]))])
		}
	}
	return name
}

// The letters of the standard Korean layout and the Latin ones of their keys.
const (
	hangulKeys = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ"
	latinKeys  = "qwertyuiopasdfghjklzxcvbnm"
)

// shown is how help writes a key.
func shown(key string) string {
	switch key {
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	case "shift+left":
		return "shift+←"
	case "shift+right":
		return "shift+→"
	case "pgdown":
		return "pgdn"
	}
	return key
}
