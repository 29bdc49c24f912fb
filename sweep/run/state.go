package run

// State is where a run stands in its life. Only the supervisor changes it.
type State string

// The life of a run: queued, preparing, running, then one of the four ends.
// Stopping is the time between a stop request and the saved state.
const (
	Queued      State = "queued"
	Preparing   State = "preparing"
	Running     State = "running"
	Stopping    State = "stopping"
	Done        State = "done"
	Stopped     State = "stopped"
	Failed      State = "failed"
	Interrupted State = "interrupted"
)

// Ended reports whether no process works on the run any more.
func (s State) Ended() bool {
	return s == Done || s == Stopped || s == Failed || s == Interrupted
}

// Live reports whether a process should be working on the run.
func (s State) Live() bool {
	return s == Preparing || s == Running || s == Stopping
}

// Resumable reports whether a run in this state can be continued.
func (s State) Resumable() bool {
	return s == Stopped || s == Failed || s == Interrupted
}
