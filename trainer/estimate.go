package trainer

import (
	"fmt"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

// Need is what a run takes of the machine, in bytes.
type Need struct {
	Memory int64 // of the device, while it trains
	Resume int64 // of the disk, while it trains: its resume state, and the next one beside it
	Best   int64 // of the disk, for good: its best weights
}

// Estimate says what a run needs; zero where its engine cannot tell. Its errors
// match ErrInput when the machine is too small.
func Estimate(spec run.Spec) (Need, error) {
	eng, err := OpenEngine(spec.Engine)
	if err != nil {
		return Need{}, err
	}
	defer eng.Close()
	estimator, ok := eng.(engine.Estimator)
	if !ok {
		return Need{}, nil
	}
	m, err := estimator.Estimate(engine.Spec{
		Model: spec.Model, Head: spec.Head, Tasks: spec.Tasks,
		ImageSize: spec.Data.ImageSize, Batch: spec.BatchSize,
		WeightDecay: spec.WeightDecay, Precision: spec.Precision, Training: true,
	})
	if err != nil {
		return Need{}, &inputError{fmt.Errorf("memory: %w", err)}
	}
	// The state is the parameters and two moments of each.
	return Need{Memory: m.Total(), Resume: 2 * m.State, Best: m.State / 3}, nil
}
