package sweep

import (
	"fmt"
	"math"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// take handles a message of the worker.
func (r *runner) take(m message) {
	if m.bad != "" {
		r.complain("%s", m.bad)
		return
	}
	e := m.event
	if e.Run != r.spec.ID {
		r.complain("the worker wrote an event of run %q", e.Run)
		return
	}
	switch want := r.workerSeq + 1; {
	case e.Seq < want:
		r.complain("the worker repeated event %d", e.Seq)
		return
	case e.Seq > want:
		r.warn("events %d to %d of the worker are missing", want, e.Seq-1)
	}
	r.workerSeq, e.Seq = e.Seq, 0 // the store numbers anew
	r.handle(e)
	r.handled = r.workerSeq
	r.acknowledge()
}

func (r *runner) handle(e run.Event) {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	switch e.Type {
	case run.EventStep:
		r.takeStep(e)
	case run.EventEpoch:
		r.takeEpoch(e)
	case run.EventBest:
		r.takeBest(e)
	case run.EventState:
		r.takeState(e)
	case run.EventLog, run.EventWarning, run.EventMachine:
		e.File = ""
		r.add(e)
	default:
		r.complain("the worker wrote an event of unknown type %q", e.Type)
	}
}

func (r *runner) takeStep(e run.Event) {
	if e.Step <= r.step {
		r.complain("the worker reported step %d after step %d", e.Step, r.step)
		return
	}
	r.step = e.Step
	e.File = ""
	r.add(e)
	if !r.begun.Swap(true) && r.s.waiting() {
		r.flush() // what the run takes is known now: the one that waits may fit beside it
		r.s.look()
	}
}

func (r *runner) takeEpoch(e run.Event) {
	switch {
	case e.Split != run.Val && e.Split != run.Test:
		r.complain("the worker reported an epoch on split %q", e.Split)
		return
	case e.Epoch < 1 || (e.Split == run.Val && e.Epoch <= r.epoch):
		r.complain("the worker reported epoch %d after epoch %d", e.Epoch, r.epoch)
		return
	}
	if e.Split == run.Val {
		r.epoch = e.Epoch
	}
	if e.File != "" {
		r.flush()
		if err := r.keepPredictions(e.File); err != nil {
			r.warn("the test predictions are not kept: %v", err)
		}
		e.File = ""
	}
	r.add(e)
	r.flush()
}

func (r *runner) takeBest(e run.Event) {
	if e.Epoch < 1 || e.Metric == "" || math.IsNaN(e.Value) || math.IsInf(e.Value, 0) {
		r.complain("the worker reported a best of %s = %v in epoch %d", e.Metric, e.Value, e.Epoch)
		return
	}
	r.flush()
	if r.store != nil {
		return
	}
	err := r.keepBest(&e)
	if err != nil {
		r.breakOff(fmt.Errorf("the best weights of epoch %d could not be kept: %w", e.Epoch, err))
		return
	}
	r.s.publish([]run.Event{e})
}

func (r *runner) takeState(e run.Event) {
	switch {
	case e.State == run.Preparing:
		return
	case e.State == run.Running:
		if !r.started {
			r.started = true
			r.goOn(e.Step, e.Epoch)
		}
		if r.state == run.Stopping {
			e.State, e.Reason = run.Stopping, r.asked.reason
		}
		r.state = e.State
		e.File = ""
		r.add(e)
		r.flush()
	case e.State.Ended():
		r.said = &e
		r.flush()
	default:
		r.complain("the worker wrote that it is %q", e.State)
	}
}

// goOn makes the record fit to the point where the worker begins.
func (r *runner) goOn(step, epoch int) {
	record, err := r.s.Store.Run(r.spec.ID)
	if r.record(err); err != nil {
		return
	}
	if step > record.Step || epoch > record.Epoch {
		r.warn("what the run reported up to step %d of epoch %d was lost with the former supervisor: recorded are step %d and epoch %d",
			step, epoch, record.Step, record.Epoch)
	}
	r.step, r.epoch = max(0, min(step, record.Step)), max(0, min(epoch, record.Epoch))
	if r.step < record.Step || r.epoch < record.Epoch {
		r.flush()
		r.record(r.s.Store.Rewind(r.spec.ID, r.step, r.epoch))
	}
	r.step, r.epoch = max(r.step, step), max(r.epoch, epoch)
}
