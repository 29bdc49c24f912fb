package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// BatchStats is the mean and the biased variance of every channel.
//
//	x […, C] → [2, C]
type BatchStats struct{}

// Shape is the rule above.
func (BatchStats) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, -1); err != nil {
		return nil, err
	}
	return tensor.Shape{2, last(in[0])}, nil
}

// Host runs one pass.
func (BatchStats) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.BatchStats(out, in[0], R, C)
	}}
}
