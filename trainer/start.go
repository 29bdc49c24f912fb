package trainer

import (
	"errors"
	"fmt"
	"os"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// start gives the network its first weights: of the resume state, of a file, or random ones.
func (r *running) start(provenance *run.Provenance) error {
	if err := removeStale(r.spec.Dir); err != nil {
		return err
	}
	if r.spec.Pretrained != "" {
		digest, err := weights.Digest(r.spec.Pretrained)
		if err != nil {
			return &inputError{err}
		}
		provenance.WeightsDigest = digest
	}
	if r.spec.Resume {
		err := r.loadResume()
		switch {
		case err == nil:
			return nil
		case errors.Is(err, ErrNoResume):
			r.deps.Emit(run.Event{Type: run.EventLog, Message: "no epoch was finished before: starting from the beginning"})
		default:
			return err
		}
	}
	state := weights.Initial(r.prog.Params(), r.prog.Buffers(), r.spec.Seed)
	if r.spec.Pretrained != "" {
		loaded, err := weights.Load(r.spec.Pretrained, r.prog.Params(), r.prog.Buffers(), state)
		if err != nil {
			return &inputError{err}
		}
		if n := loaded.Notice(); n != "" {
			r.deps.Emit(run.Event{Type: run.EventLog, Message: fmt.Sprintf("weights of %s: %s", r.spec.Pretrained, n)})
		}
	}
	return writeWeights(r.prog, state)
}

// reported is the position up to which the receiver of the events has kept
// them: where the run goes on, less the pending events of the resume state.
func (r *running) reported() (step, epoch int) {
	step, epoch = r.at.Step, r.at.Epoch
	for _, e := range r.pending {
		switch e.Type {
		case run.EventStep:
			step = min(step, e.Step-1)
		case run.EventEpoch:
			epoch = min(epoch, e.Epoch-1)
		}
	}
	return step, epoch
}

// reportAgain emits the pending events of the resume state, and announces the
// best weights where that was pending or they were offered and never taken.
// Taking them twice does no harm.
func (r *running) reportAgain() error {
	_, epoch := r.reported()
	for _, e := range r.pending {
		if e.Type == run.EventStep || e.Type == run.EventEpoch {
			r.deps.Emit(e)
		}
	}
	r.pending = nil
	if r.at.Best == nil {
		return nil
	}
	if r.at.Best.Epoch <= epoch {
		_, err := os.Stat(r.path(offeredBest(r.at.Best.Epoch)))
		if errors.Is(err, os.ErrNotExist) {
			return nil // it was taken
		} else if err != nil {
			return err
		}
	}
	if err := r.offer(r.at.Best.Epoch); err != nil {
		return err
	}
	r.announceBest()
	return nil
}

// readWeights copies parameters and buffers out of a program.
func readWeights(prog engine.Program) (weights.State, error) {
	state := weights.State{}
	for i, t := range prog.Tensors() {
		if t.Kind != engine.Param && t.Kind != engine.Buffer {
			continue
		}
		v := make([]float32, t.Len)
		if err := prog.Read(i, v); err != nil {
			return nil, fmt.Errorf("read %s: %w", t.Name, err)
		}
		state[t.Name] = v
	}
	return state, nil
}

// writeWeights puts parameters and buffers into a program.
func writeWeights(prog engine.Program, state weights.State) error {
	for i, t := range prog.Tensors() {
		if t.Kind != engine.Param && t.Kind != engine.Buffer {
			continue
		}
		v, ok := state[t.Name]
		if !ok || len(v) != t.Len {
			return fmt.Errorf("weights: %s has %d values, the network wants %d", t.Name, len(v), t.Len)
		}
		if err := prog.Write(i, v); err != nil {
			return fmt.Errorf("write %s: %w", t.Name, err)
		}
	}
	return nil
}
