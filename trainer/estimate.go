package trainer

import (
	"fmt"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/engine/host"
)

// Need is what a run takes of the machine, in bytes.
type Need struct {
	Memory int64 // of the device, while it trains
	Resume int64 // of the disk, while it trains: its resume state, and the next one beside it
	Best   int64 // of the disk, for good: its best weights
}

// Estimate says what a run needs. Its errors match ErrInput when the machine is
// too small. What a GPU needs is a guess by the host's plan, which keeps the same
// values alive, until somebody has measured it.
func (e Engines) Estimate(spec run.Spec) (Need, error) {
	choice, err := e.Choose(spec.Engine)
	if err != nil {
		return Need{}, err
	}
	s := engine.Spec{
		Model: spec.Model, Head: spec.Head, Tasks: spec.Tasks,
		ImageSize: spec.Data.ImageSize, Batch: spec.BatchSize,
		WeightDecay: spec.WeightDecay, Training: true,
	}
	eng := host.New()
	defer eng.Close()
	estimate := eng.Estimate
	if choice.Engine == "xla" {
		estimate = eng.Plan
	}
	m, err := estimate(s)
	if err != nil {
		return Need{}, &inputError{fmt.Errorf("memory: %w", err)}
	}
	if spec.Precision == engine.BF16 {
		m.Activations /= 2 // planned for float32
	}
	// The state is the parameters and two moments of each.
	return Need{Memory: m.Total(), Resume: 2 * m.State, Best: m.State / 3}, nil
}
