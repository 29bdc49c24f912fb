package tui

import "github.com/backbone-sweep/sweep/sweep"

// action is what a screen or a dialog asks for. They do not act themselves: App
// turns actions into commands and changes of the screen.
type action interface{ isAction() }

type (
	showRuns  struct{}
	showRun   struct{ id string }
	showTable struct{ ids []string }
	showStart struct{}
	showData  struct {
		request sweep.StartRequest
		from    *startScreen
	}
	backToStart struct{ screen *startScreen }
	showExport  struct {
		ids  []string
		name string // proposed, without extension
		by   sweep.By
	}
	showHelp    struct{}
	showNotices struct{}
	closeDialog struct{}
	confirm     struct{ dialog question }

	stopRun   struct{ id string }
	resumeRun struct{ id string }
	removeRun struct{ id string }
	startRuns struct{ request sweep.StartRequest }

	fetchLog struct{ id string }
	compare  struct {
		ask int
		ids []string
		by  sweep.By
	}
	look struct {
		ask     int
		request sweep.StartRequest
	}
	settle struct{ ask int } // tell me when a moment has passed
	plan   struct {
		ask     int
		request sweep.StartRequest
	}
	export struct {
		ids    []string
		by     sweep.By
		format string
		to     target
	}

	leave        struct{} // the app ends, the runs go on
	stopAndLeave struct{}
	suspend      struct{}
	redraw       struct{}
	toggleMouse  struct{}
	say          struct{ text string } // a line about what the user did
)

// target is where an export goes: a file, or the clipboard when the name is empty.
type target struct {
	name      string
	overwrite bool
}

func (showRuns) isAction()     {}
func (showRun) isAction()      {}
func (showTable) isAction()    {}
func (showStart) isAction()    {}
func (showData) isAction()     {}
func (backToStart) isAction()  {}
func (look) isAction()         {}
func (showExport) isAction()   {}
func (showHelp) isAction()     {}
func (showNotices) isAction()  {}
func (closeDialog) isAction()  {}
func (confirm) isAction()      {}
func (stopRun) isAction()      {}
func (resumeRun) isAction()    {}
func (removeRun) isAction()    {}
func (startRuns) isAction()    {}
func (fetchLog) isAction()     {}
func (compare) isAction()      {}
func (settle) isAction()       {}
func (plan) isAction()         {}
func (export) isAction()       {}
func (leave) isAction()        {}
func (stopAndLeave) isAction() {}
func (suspend) isAction()      {}
func (redraw) isAction()       {}
func (toggleMouse) isAction()  {}
func (say) isAction()          {}
