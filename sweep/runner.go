package sweep

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

const (
	flushAfter   = 250 * time.Millisecond // the longest that an event waits for the store
	flushAt      = 256                    // events that are stored at once
	maxComplaint = 5                      // warnings about a worker's output, one by one
)

// request asks a runner to end its run.
type request struct {
	state  run.State // Stopped or Interrupted: what the run becomes
	reason string
	kill   bool
}

// runner sees one run from its start to its end. All but ask runs on one goroutine.
type runner struct {
	s        *Supervisor
	spec     run.Spec
	requests chan request
	messages chan message
	exits    chan Exit

	proc      Process
	state     run.State
	workerSeq int64 // of the worker's last event
	handled   int64 // the same, once nothing but pending keeps it from the store
	acked     int64 // what the worker was told
	step      int   // last one recorded
	epoch     int   // last one recorded
	started   bool  // the worker said that it runs
	pending   []run.Event
	due       <-chan time.Time // when pending must be stored; nil while it is empty
	bad       int              // lines of the worker that made no sense

	logStart int64 // size of the log before this worker

	begun  atomic.Bool // the run has done a step: it holds what it takes of the device
	shared atomic.Bool // other runs were worked on at the same time
	again  bool        // it is tried once more, alone

	said   *run.Event // the end that the worker announced
	asked  *request   // the first request
	killed bool
	broken error // what makes it impossible to go on: the run fails
	store  error // what the store refused: nothing is recorded any more
}

func newRunner(s *Supervisor, spec run.Spec) *runner {
	return &runner{
		s: s, spec: spec,
		requests: make(chan request, 8),
		messages: make(chan message, 64),
		exits:    make(chan Exit, 1),
	}
}

// ask hands the runner a request. One too many is as good as those before it.
func (r *runner) ask(q request) {
	select {
	case r.requests <- q:
	default:
	}
}

// run works on the run to its end. The error is of the store; anything else is
// in the run's state.
func (r *runner) run() error {
	id := r.spec.ID
	r.setState(run.Preparing, "")
	if r.store != nil {
		return r.store
	}
	if err := r.start(); err != nil {
		r.setState(run.Failed, err.Error()+resumeHint(id))
		return r.store
	}
	r.record(r.s.Store.SetProcess(id, r.proc.Identity()))

	go func() {
		err := readMessages(r.proc.Output(), func(m message) { r.messages <- m })
		if err != nil {
			_ = r.proc.Kill() // nothing it writes would be read
		}
		close(r.messages)
	}()
	exit := r.loop()
	r.flush()
	if more := r.bad - maxComplaint; more > 0 {
		r.warn("the worker wrote %d more lines that made no sense", more)
		r.flush()
	}
	state, reason := r.ending(exit)
	if r.store == nil && r.broken == nil && r.s.retryAlone(r, exit) {
		r.again = true
		r.warn("the device ran out of memory while other runs used it: the run is tried again alone")
		r.flush()
		state, reason = run.Queued, aloneReason(reason)
	}
	r.setState(state, reason)
	return r.store
}

func (r *runner) start() (err error) {
	if err := os.MkdirAll(r.spec.Dir, 0o700); err != nil {
		return fmt.Errorf("make the run's folder: %w", err)
	}
	if info, err := os.Stat(r.logFile()); err == nil {
		r.logStart = info.Size()
	}
	r.proc, err = r.s.Launcher.Start(r.spec)
	return err
}

func (r *runner) logFile() string { return filepath.Join(r.spec.Dir, LogFile) }

// loop serves the worker until it has ended.
func (r *runner) loop() Exit {
	messages := r.messages
	for {
		select {
		case m, ok := <-messages:
			if !ok {
				messages = nil
				go func() { r.exits <- r.proc.Wait() }()
				continue
			}
			r.take(m)
		case <-r.due:
			r.flush()
		case q := <-r.requests:
			r.obey(q)
		case exit := <-r.exits:
			return exit
		}
	}
}

// obey passes a request on to the worker.
func (r *runner) obey(q request) {
	first := r.asked == nil
	if first {
		r.asked = &q
	}
	var err error
	switch {
	case q.kill && !r.killed:
		r.killed = true
		err = r.proc.Kill()
	case first:
		r.flush()
		r.setState(run.Stopping, q.reason)
		err = r.proc.Stop()
	}
	if err != nil {
		r.warn("%v", err)
	}
}

// add puts an event among those that are stored next.
func (r *runner) add(e run.Event) {
	r.pending = append(r.pending, e)
	if len(r.pending) >= flushAt {
		r.flush()
	} else if r.due == nil {
		r.due = time.After(flushAfter)
	}
}

// flush stores the pending events and then passes them on.
func (r *runner) flush() {
	r.due = nil
	events := r.pending
	r.pending = nil
	if r.store == nil && len(events) > 0 {
		if r.record(r.s.Store.Append(r.spec.ID, events)); r.store == nil {
			r.s.publish(events)
		}
	}
	r.acknowledge()
}

// acknowledge tells the worker how far the store has come.
func (r *runner) acknowledge() {
	if r.proc != nil && r.broken == nil && len(r.pending) == 0 && r.acked < r.handled {
		r.acked = r.handled
		r.proc.Acknowledge(r.acked)
	}
}

// record takes note of what the store said; an error ends the run.
func (r *runner) record(err error) {
	if err == nil || r.store != nil {
		return
	}
	r.store = err
	r.breakOff(err)
}

// breakOff makes the worker save and end, and the run fail.
func (r *runner) breakOff(err error) {
	if r.broken != nil {
		return
	}
	r.broken = err
	if r.proc != nil {
		r.broken = errors.Join(err, r.proc.Stop())
	}
}

func (r *runner) warn(format string, args ...any) {
	r.add(run.Event{
		V: run.EventVersion, Time: time.Now(), Run: r.spec.ID,
		Type: run.EventWarning, Message: fmt.Sprintf(format, args...),
	})
}

// complain warns of output that makes no sense; a flood of it is counted only.
func (r *runner) complain(format string, args ...any) {
	if r.bad++; r.bad <= maxComplaint {
		r.warn(format+": ignored", args...)
	}
}

// setState records a state of the run.
func (r *runner) setState(state run.State, reason string) {
	r.state = state
	err := r.s.setState(r.spec.ID, state, reason)
	if r.store == nil {
		r.record(err)
	}
}
