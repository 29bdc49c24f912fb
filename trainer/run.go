package trainer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/metric"
)

// Deps is what a run needs from outside.
type Deps struct {
	// Emit takes the run's events in order. Their V, Seq, Time and Run are the receiver's to fill.
	Emit func(run.Event)
	// Pending returns the events that Emit was given and whose receiver has not
	// yet kept them for good. They become part of the resume state, so that a run
	// whose receiver died goes on without a gap. Nil means that all are kept.
	Pending func() []run.Event
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Engines opens an engine by name.
	Engines func(name string) (engine.Engine, error)
	// NeedKey names the value of the machine event that says, once, how many bytes of
	// its device the run takes.
	NeedKey string
}

// Run trains spec to its end, or on from its resume state when spec.Resume is set.
//
// It emits state preparing; state running with the planned steps, the position
// it starts from and the provenance; a step event each step; after each epoch an
// epoch event of the validation split and, when the selection metric rose, a
// best event with the checkpoint's file; at the end the epoch event of the test
// split at the best epoch.
//
// When ctx ends, the step is finished, the state saved and ErrStopped returned.
// A loss that is no number ends the run with a *NotFiniteError. Errors that
// match ErrInput are the fault of data, weights or settings.
func Run(ctx context.Context, spec run.Spec, deps Deps) error {
	if deps.Now == nil {
		deps.Now = time.Now
	}
	deps.Emit(run.Event{Type: run.EventState, State: run.Preparing, Reason: "reading data"})
	if err := os.MkdirAll(spec.Dir, 0o700); err != nil {
		return fmt.Errorf("folder of run %s: %w", spec.ID, err)
	}
	set, err := prepareData(ctx, spec, deps)
	if err != nil {
		return err
	}
	defer set.Close()

	eng, err := deps.Engines(spec.Engine)
	if err != nil {
		return err
	}
	defer eng.Close()
	deps.Emit(run.Event{Type: run.EventState, State: run.Preparing, Reason: "building the network"})
	prog, err := eng.Compile(engine.Spec{
		Model: spec.Model, Head: spec.Head, Tasks: spec.Tasks,
		ImageSize: spec.Data.ImageSize, Batch: spec.BatchSize,
		WeightDecay: spec.WeightDecay, Precision: spec.Precision, Training: true,
		Log: func(text string) { deps.Emit(run.Event{Type: run.EventLog, Message: text}) },
	})
	if err != nil {
		return fmt.Errorf("build %s: %w", spec.Model, err)
	}
	defer prog.Close()
	if p, ok := prog.(engine.Resident); ok {
		deps.Emit(run.Event{Type: run.EventState, State: run.Preparing, Reason: "compiling the network"})
		err := p.Load(len(set.Images), set.AllPixels())
		var small *engine.MemoryError
		switch {
		case errors.As(err, &small):
			return &inputError{err}
		case err != nil:
			return fmt.Errorf("build %s: %w", spec.Model, err)
		}
		need := float64(prog.Memory().Total())
		deps.Emit(run.Event{Type: run.EventMachine, Values: run.Values{{Key: deps.NeedKey, V: need}}})
	}

	r := &running{spec: spec, deps: deps, set: set, prog: prog}
	r.perEpoch = (len(set.Part(data.Train)) + spec.BatchSize - 1) / spec.BatchSize
	provenance := run.Provenance{
		ConfigDigest: spec.ConfigDigest, DataDigest: set.DataDigest, Version: spec.Version,
		Engine: eng.Name(), Device: eng.Device(),
	}
	if err := r.start(&provenance); err != nil {
		return err
	}
	step, epoch := r.reported()
	deps.Emit(run.Event{
		Type: run.EventState, State: run.Running, Steps: r.steps(),
		Step: step, Epoch: epoch, Provenance: &provenance,
	})
	if err := r.reportAgain(); err != nil {
		return err
	}
	return r.train(ctx)
}

// prepareData readies the data set, saying at most once a second how far it is.
func prepareData(ctx context.Context, spec run.Spec, deps Deps) (*data.Prepared, error) {
	said := deps.Now()
	set, err := data.Prepare(ctx, spec.Data, spec.Tasks, func(stage string, done, total int) {
		if total == 0 && done == 0 {
			deps.Emit(run.Event{Type: run.EventLog, Message: stage})
			return
		}
		if now := deps.Now(); done < total && now.Sub(said) >= time.Second {
			said = now
			deps.Emit(run.Event{Type: run.EventLog, Message: fmt.Sprintf("%s %d/%d", stage, done, total)})
		}
	})
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, ErrStopped
	case isInput(err):
		return nil, &inputError{err}
	default:
		return nil, err
	}
	for _, part := range data.Parts() {
		if len(set.Part(part)) == 0 {
			_ = set.Close()
			return nil, &inputError{fmt.Errorf("the %s split has no images: give more data or another split", part)}
		}
	}
	return set, nil
}

// running is a run between its start and its end.
type running struct {
	spec     run.Spec
	deps     Deps
	set      *data.Prepared
	prog     engine.Program
	perEpoch int // steps of an epoch

	at       position
	lastLoss float64     // of the last step
	pending  []run.Event // of the resume state: perhaps nobody kept them
}

// position is how far a run has come; it is part of the resume state.
type position struct {
	Step       int        `json:"step"`  // steps done
	Epoch      int        `json:"epoch"` // epochs validated
	Best       *run.Best  `json:"best,omitempty"`
	BestValues run.Values `json:"best_values,omitempty"` // validation metrics of the best epoch
}

func (r *running) steps() int { return r.perEpoch * r.spec.Epochs }

func (r *running) path(name string) string { return filepath.Join(r.spec.Dir, name) }

// train runs what is left of the epochs, then the test.
func (r *running) train(ctx context.Context) error {
	for r.at.Epoch < r.spec.Epochs {
		rose := false
		err := r.epoch(ctx, r.at.Epoch+1)
		if err == nil {
			rose, err = r.validate(ctx, r.at.Epoch+1)
		}
		stopped := ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled))
		if err != nil && !stopped {
			return err
		}
		// The best is announced once the resume state knows of it: whoever heard
		// of it will not see the run go back to before it. A full disk is no
		// reason not to offer it.
		err = r.saveResume()
		if rose {
			r.announceBest()
		}
		if err != nil {
			return err
		}
		if stopped {
			return ErrStopped
		}
	}
	err := r.test(ctx)
	if errors.Is(err, context.Canceled) {
		return ErrStopped // the resume state of the last epoch is there
	}
	if err != nil {
		return err
	}
	return r.removeState()
}

// validate evaluates the validation split and keeps the weights when they are
// the best so far, which is then still to be announced.
func (r *running) validate(ctx context.Context, epoch int) (rose bool, err error) {
	counts, _, err := Evaluate(ctx, r.prog, r.set, data.Val, r.spec.BatchSize)
	if err != nil {
		return false, err
	}
	values := metric.Values(r.spec.Tasks, counts)
	r.deps.Emit(run.Event{
		Type: run.EventEpoch, Epoch: epoch, Step: r.at.Step, Split: run.Val, Values: values, Counts: &counts,
	})
	r.at.Epoch = epoch
	loss, _ := values.Get("loss")
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		r.deps.Emit(run.Event{Type: run.EventWarning, Message: fmt.Sprintf(
			"epoch %d: the validation loss is no number, so this epoch cannot be the best", epoch)})
		return false, nil
	}
	v, ok := values.Get(r.spec.BestMetric)
	if !ok {
		return false, &inputError{fmt.Errorf("best_metric %s is no metric of this run", r.spec.BestMetric)}
	}
	if !r.better(v) {
		return false, nil
	}
	best := run.Best{Epoch: epoch, Metric: r.spec.BestMetric, Value: v}
	if err := r.saveBest(best); err != nil {
		return false, err
	}
	r.at.Best, r.at.BestValues = &best, values
	return true, nil
}

// better reports whether v beats the best so far; on a tie the earlier epoch stays.
func (r *running) better(v float64) bool {
	switch {
	case math.IsNaN(v):
		return false
	case r.at.Best == nil:
		return true
	case run.LowerIsBetter(r.spec.BestMetric):
		return v < r.at.Best.Value
	default:
		return v > r.at.Best.Value
	}
}
