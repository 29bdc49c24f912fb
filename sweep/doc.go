// Package sweep is the experiment: it plans the runs of a config, keeps each
// one as a process of its own, writes what they report into the store, and
// makes the comparison table of the results.
//
// # Worker protocol
//
// A worker is `sweep worker` in a process group of its own. Its stdin carries
// the [run.Spec] as one line of JSON and then acknowledgements, lines of the
// form {"stored":N}: every event up to the worker's sequence number N is safe in
// the store. A worker that waits for the acknowledgement of its last event
// before it replaces its resume state can never resume past what the store
// knows. Stdin stays open as long as the supervisor lives; its end tells the
// worker that nobody listens any more.
//
// Stdout carries one [run.Event] a line, numbered from 1 without gaps:
//
//	state preparing
//	state running    Steps, Provenance, and Step and Epoch where it goes on (0, 0 when fresh)
//	step             every step
//	epoch            Split val, with Counts, once an epoch
//	best             with File, the checkpoint, when the selection metric rose
//	epoch            Split test, with Counts and File, the predictions, at the end
//	state            done, failed or stopped, with a reason; then exit code 0, 1 or 130
//
// log and warning events may stand anywhere. Files are relative to the run's
// folder; the supervisor moves them into the store and deletes them before it
// passes the event on. Stderr is the run's log.
//
// SIGTERM asks a worker to finish its step, save and stop.
//
// # Socket
//
// A supervisor serves its store to other processes of the same user: HTTP over
// the unix socket sweep.sock in the store folder, or where its path would be too
// long the one that sweep.sock.path names. Only who holds the lock of the store
// opens or removes the socket.
//
//	GET    /v1/attach               stays open; while it does the supervisor does not rest
//	GET    /v1/info                 Info
//	GET    /v1/runs                 list of Status
//	GET    /v1/runs/ID/history      binary columns, see decodeHistory
//	GET    /v1/runs/ID/log?n=N      list of lines
//	POST   /v1/watch                {"after":{ID:seq}}; events, one a line
//	POST   /v1/plan, /v1/start      StartRequest; Preview, {"launch":…}
//	POST   /v1/runs/ID/stop, /v1/runs/ID/resume, /v1/stop
//	DELETE /v1/runs/ID
//	POST   /v1/compare, /v1/export  {"selection":…,"by":…,"format":…}
//
// and what a Reader asks for. An error is {"error":text,"kind":…} with a status
// of 400 or above; behind a stream it stands in the trailer Sweep-End.
//
// # Delivery
//
// Sinks get a run's events in order and without gaps, each after the store has
// it. Sinks are called by one goroutine at a time and must not block for long.
package sweep
