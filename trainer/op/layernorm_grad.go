package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// LayerNormInputGrad is the gradient of a layer norm with respect to its input.
//
//	x […, C], gamma [C], dy […, C] → […, C]
type LayerNormInputGrad struct{ Eps float32 }

// Shape is the rule above.
func (LayerNormInputGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "gamma", "dy"}, -1, 1, -1); err != nil {
		return nil, err
	}
	if err := wantVector("gamma", in[1], in[0]); err != nil {
		return nil, err
	}
	if err := wantSame("x", in[0], "dy", in[2]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// Host runs one pass.
func (l LayerNormInputGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.LayerNormInputGrad(out, in[2], in[0], in[1], l.Eps, R, C)
	}}
}

// LayerNormSums holds the gradients of a layer norm's parameters: Σ dy·x̂ for gamma
// and Σ dy for beta, over all rows.
//
//	x […, C], dy […, C] → [2, C]
type LayerNormSums struct{ Eps float32 }

// Shape is the rule above.
func (LayerNormSums) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "dy"}, -1, -1); err != nil {
		return nil, err
	}
	if err := wantSame("x", in[0], "dy", in[1]); err != nil {
		return nil, err
	}
	return tensor.Shape{2, last(in[0])}, nil
}

// Host runs one pass.
func (l LayerNormSums) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.LayerNormParamGrad(out, in[1], in[0], l.Eps, R, C)
	}}
}
