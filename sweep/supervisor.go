package sweep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// Supervisor owns the life of runs. It starts a worker for each, in the order
// they were submitted, and is the only one to change a run's state. A run starts
// when fewer than its spec's Parallel are worked on; those behind it wait for
// it. A run that fails leaves the others alone.
//
// Its methods may be called by many goroutines. The exported fields are set
// before the first call.
type Supervisor struct {
	Store    *store.Store // open for writing
	Launcher Launcher
	Parallel int // runs at a time where a spec does not say; below 1 counts as 1
	// Room is asked before a run starts beside others; nil: it always fits. It must
	// not call the supervisor.
	Room Room
	// Sinks get every event once the store has it. They must not call the supervisor.
	Sinks []func(run.Event)

	owned sync.WaitGroup

	changing sync.Mutex // one Submit, Resume or Remove at a time; taken before mu

	publishing sync.Mutex // one event at a time to the sinks

	mu     sync.Mutex
	queue  []run.Spec
	active map[string]*runner
	idle   chan struct{}   // closed when nothing is queued or active; nil while idle
	ending string          // why nothing is started any more; empty while things are
	alone  map[string]bool // runs that must have no company: the device was too small for it
	waits  string          // the run that was last told why it has to wait
	errs   []error         // of the store
}

// Errors to be matched with errors.Is.
var (
	ErrEnding       = errors.New("the supervisor is ending")
	ErrNotResumable = errors.New("run cannot be resumed")
	ErrNotHere      = errors.New("run is not being worked on")
)

// Recover marks the runs that a dead supervisor left queued or live as
// interrupted and returns them. It is called before the first Submit or Resume:
// the store's lock says that no other supervisor lives. A worker that still
// saves its state is left alone.
func (s *Supervisor) Recover() ([]run.Record, error) {
	records, err := s.Store.Runs()
	if err != nil {
		return nil, err
	}
	var found []run.Record
	for _, r := range records {
		if r.State != run.Queued && !r.State.Live() {
			continue
		}
		id, worker := r.Spec.ID, r.Process
		r = abandoned(r)
		if err := s.setState(id, r.State, r.Reason); err != nil {
			return found, err
		}
		if Alive(worker) {
			if err := s.Store.SetProcess(id, worker); err != nil {
				return found, err
			}
		}
		found = append(found, r)
	}
	return found, nil
}

// Alive reports whether the process still runs. A pid that another process has
// now is told apart by the start time, where that is known.
func Alive(p run.Process) bool {
	if p.PID <= 0 {
		return false
	}
	start, err := ProcessStart(p.PID)
	return err == nil && (p.Start == 0 || p.Start == start)
}

// Submit adds new runs, all or none, behind those that wait.
func (s *Supervisor) Submit(specs []run.Spec) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	// Records are listed by their time of creation: it must rise with the plan's order.
	now := time.Now()
	for i, spec := range specs {
		if _, err := s.Store.Create(spec, now.Add(time.Duration(i))); err != nil {
			for _, created := range specs[:i] {
				err = errors.Join(err, s.Store.Remove(created.ID))
			}
			return err
		}
	}
	for _, spec := range specs {
		if err := s.setState(spec.ID, run.Queued, ""); err != nil { // the first that anybody hears of it
			return err
		}
	}
	return s.enqueue(specs)
}

// Resume continues runs that were stopped, interrupted or failed, all or none.
func (s *Supervisor) Resume(ids ...string) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	var specs []run.Spec
	for _, id := range ids {
		record, err := s.Store.Run(id)
		if err != nil {
			return err
		}
		spec := record.Spec
		switch {
		case !record.State.Resumable():
			return fmt.Errorf("run %s is %s: %w", spec.ID, record.State, ErrNotResumable)
		case Alive(record.Process):
			return fmt.Errorf("run %s: its former worker, process %d, is still saving: try again in a moment: %w", spec.ID, record.Process.PID, ErrNotResumable)
		}
		spec.Resume = true
		if !slices.ContainsFunc(specs, func(have run.Spec) bool { return have.ID == spec.ID }) {
			specs = append(specs, spec)
		}
	}
	for _, spec := range specs {
		if err := s.setState(spec.ID, run.Queued, ""); err != nil {
			return err
		}
	}
	return s.enqueue(specs)
}

func (s *Supervisor) enqueue(specs []run.Spec) error {
	if len(specs) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending != "" {
		var errs []error
		for _, spec := range specs {
			errs = append(errs, s.setState(spec.ID, run.Interrupted, s.ending+resumeHint(spec.ID)))
		}
		return errors.Join(append(errs, ErrEnding)...)
	}
	s.queue = append(s.queue, specs...)
	if s.idle == nil {
		s.idle = make(chan struct{})
	}
	s.schedule()
	return nil
}

// schedule starts waiting runs while there is room. It is called with mu held.
func (s *Supervisor) schedule() {
	for len(s.queue) > 0 && len(s.active) < max(1, cmp.Or(s.queue[0].Parallel, s.Parallel)) {
		if !s.mayStart(s.queue[0]) {
			break
		}
		r := newRunner(s, s.queue[0])
		s.queue = s.queue[1:]
		if s.active == nil {
			s.active = map[string]*runner{}
		}
		s.active[r.spec.ID] = r
		s.waits = ""
		s.share()
		s.owned.Go(func() { s.work(r) })
	}
	if len(s.queue) == 0 && len(s.active) == 0 && s.idle != nil {
		close(s.idle)
		s.idle = nil
	}
}

// work sees a run through and makes room for the next.
func (s *Supervisor) work(r *runner) {
	err := r.run()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.active, r.spec.ID)
	if err != nil {
		s.errs = append(s.errs, err)
	}
	if r.again {
		s.again(r)
	} else {
		delete(s.alone, r.spec.ID)
	}
	s.schedule()
}

// Stop asks a run to finish its step, save and end; a run that waits ends at
// once. It does not wait for the end.
func (s *Supervisor) Stop(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.active[id]; r != nil {
		r.ask(request{state: run.Stopped, reason: "on request"})
		return nil
	}
	i := slices.IndexFunc(s.queue, func(waiting run.Spec) bool { return waiting.ID == id })
	if i < 0 {
		return fmt.Errorf("run %s: %w", id, ErrNotHere)
	}
	s.queue = slices.Delete(s.queue, i, i+1)
	s.unqueued(id)
	err := s.setState(id, run.Stopped, "before it began"+resumeHint(id))
	s.schedule()
	return err
}

// StopAll asks all runs to finish their steps, save and end; those that wait end
// at once. It does not wait for the ends.
func (s *Supervisor) StopAll() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, spec := range s.queue {
		s.unqueued(spec.ID)
		errs = append(errs, s.setState(spec.ID, run.Stopped, "before it began"+resumeHint(spec.ID)))
	}
	s.queue = nil
	for _, r := range s.active {
		r.ask(request{state: run.Stopped, reason: "on request"})
	}
	s.schedule()
	return errors.Join(errs...)
}

// Remove deletes an ended run, its weights and its folder.
func (s *Supervisor) Remove(id string) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	record, err := s.Store.Run(id)
	if err != nil {
		return err
	}
	id = record.Spec.ID
	if s.has(id) {
		return fmt.Errorf("run %s is %s: stop it first: %w", id, record.State, store.ErrLive)
	}
	return Remove(s.Store, id)
}

// has reports whether the run waits or is worked on.
func (s *Supervisor) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.active[id] != nil || slices.ContainsFunc(s.queue, func(waiting run.Spec) bool { return waiting.ID == id })
}

// Busy reports whether any run waits or is worked on.
func (s *Supervisor) Busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue) > 0 || len(s.active) > 0
}

// Interrupt asks all runs to finish their steps, save and end, and starts
// nothing any more. The runs become interrupted for this reason.
func (s *Supervisor) Interrupt(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending == "" {
		s.ending = reason
	}
	for _, spec := range s.queue {
		s.unqueued(spec.ID)
		if err := s.setState(spec.ID, run.Interrupted, reason+", before the run began"+resumeHint(spec.ID)); err != nil {
			s.errs = append(s.errs, err)
		}
	}
	s.queue = nil
	for _, r := range s.active {
		r.ask(request{state: run.Interrupted, reason: reason})
	}
	s.schedule()
}

// Kill ends all workers at once, after Interrupt has been asked in vain or instead of it.
func (s *Supervisor) Kill(reason string) {
	s.Interrupt(reason)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.active {
		r.ask(request{state: run.Interrupted, reason: reason, kill: true})
	}
}

// Wait blocks until no run waits or is worked on. When ctx ends it interrupts
// them, for the reason that is the cause of ctx, and goes on waiting for their
// ends. It returns what went wrong with the
// store; that a run failed is no error here.
func (s *Supervisor) Wait(ctx context.Context) error {
	for idle := s.whenIdle(); idle != nil; idle = s.whenIdle() {
		select {
		case <-idle:
		case <-ctx.Done():
			reason := "the supervisor was asked to end"
			if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
				reason = cause.Error()
			}
			s.Interrupt(reason)
			<-idle
		}
	}
	s.owned.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.errs...)
}

// whenIdle is closed when no run waits or is worked on; nil when that is so already.
func (s *Supervisor) whenIdle() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.idle
}

// setState records a state and passes the event on.
func (s *Supervisor) setState(id string, state run.State, reason string) error {
	e, err := s.Store.SetState(id, state, reason, time.Now())
	if err != nil {
		return err
	}
	s.publish([]run.Event{e})
	return nil
}

func (s *Supervisor) publish(events []run.Event) {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	for _, e := range events {
		for _, sink := range s.Sinks {
			sink(e)
		}
	}
}

// resumeHint ends a reason with the way on.
func resumeHint(id string) string { return "; continue with: sweep runs resume " + id }

// ExitCode is the exit code that the states of runs ask for: 130 when one was
// stopped or interrupted, else 1 when one failed, else 0.
func ExitCode(records []run.Record) int {
	code := 0
	for _, r := range records {
		switch r.State {
		case run.Done:
		case run.Failed:
			code = max(code, 1)
		default:
			code = 130
		}
	}
	return code
}
