package sweep

import (
	"fmt"
	"slices"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// ExitOutOfMemory is the exit code of a worker whose device ran out of memory. A
// run that had others beside it is then tried again alone.
const ExitOutOfMemory = 75

// NeedKey is the member of a machine event in which a worker says how many bytes
// of the device its run takes, once, before its first step.
const NeedKey = "device_need"

// Room says whether one more run fits onto the device beside those that are
// worked on; nil when it does, else why not. begun tells which of them have done a
// step and hold what they take already.
type Room func(spec run.Spec, active []run.Spec, begun []bool) error

// mayStart reports whether the first waiting run can start now. It is called with
// mu held; a reason to wait is recorded once.
func (s *Supervisor) mayStart(spec run.Spec) bool {
	if len(s.active) == 0 {
		return true
	}
	if s.alone[spec.ID] || slices.ContainsFunc(s.activeSpecs(), func(a run.Spec) bool { return s.alone[a.ID] }) {
		return false
	}
	if s.Room == nil {
		return true
	}
	specs := s.activeSpecs()
	begun := make([]bool, len(specs))
	for i, a := range specs {
		begun[i] = s.active[a.ID].begun.Load()
	}
	err := s.Room(spec, specs, begun)
	if err == nil {
		return true
	}
	if s.waits != spec.ID {
		s.waits = spec.ID
		if err := s.setState(spec.ID, run.Queued, err.Error()); err != nil {
			s.errs = append(s.errs, err)
		}
	}
	return false
}

// activeSpecs lists the runs that are worked on, in the order of their ids.
func (s *Supervisor) activeSpecs() []run.Spec {
	var specs []run.Spec
	for _, r := range s.active {
		specs = append(specs, r.spec)
	}
	slices.SortFunc(specs, func(a, b run.Spec) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return specs
}

// waiting reports whether any run is queued.
func (s *Supervisor) waiting() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue) > 0
}

// look starts what waits if it fits now.
func (s *Supervisor) look() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.schedule()
}

// unqueued forgets what kept a run waiting or without company. It is called with mu held.
func (s *Supervisor) unqueued(id string) {
	delete(s.alone, id)
	if s.waits == id {
		s.waits = ""
	}
}

// share notes that the runs that are worked on have company. It is called with mu held.
func (s *Supervisor) share() {
	if len(s.active) < 2 {
		return
	}
	for _, r := range s.active {
		r.shared.Store(true)
	}
}

// retryAlone reports whether a run that ended like this is tried again without
// company: once.
func (s *Supervisor) retryAlone(r *runner, exit Exit) bool {
	if exit.Code != ExitOutOfMemory || r.asked != nil || !r.shared.Load() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending != "" || s.alone[r.spec.ID] {
		return false
	}
	if s.alone == nil {
		s.alone = map[string]bool{}
	}
	s.alone[r.spec.ID] = true
	return true
}

// again queues a run before all others, unless somebody has asked for its end
// meanwhile. It is called with mu held.
func (s *Supervisor) again(r *runner) {
	spec := r.spec
	spec.Resume = true
	var end *request
	select {
	case q := <-r.requests:
		end = &q
	default:
		if s.ending != "" {
			end = &request{state: run.Interrupted, reason: s.ending}
		}
	}
	if end == nil {
		s.queue = slices.Insert(s.queue, 0, spec)
		return
	}
	s.unqueued(spec.ID)
	if err := s.setState(spec.ID, end.state, end.reason+resumeHint(spec.ID)); err != nil {
		s.errs = append(s.errs, err)
	}
}

// aloneReason explains why a run waits once more.
func aloneReason(said string) string {
	return fmt.Sprintf("tried again alone: %s", said)
}
