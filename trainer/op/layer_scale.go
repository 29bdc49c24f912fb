package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Scale multiplies every channel with a factor, as layer scale does (Touvron et
// al. 2021).
//
//	x […, C], gamma [C] → […, C]
type Scale struct{}

// LayerScale multiplies every channel of x with its gamma.
func LayerScale(x, gamma *Node) (*Node, error) { return apply(Scale{}, x, gamma) }

// Shape is the rule above.
func (Scale) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "gamma"}, -1, 1); err != nil {
		return nil, err
	}
	if err := wantVector("gamma", in[1], in[0]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// WithRespectTo names both inputs.
func (Scale) WithRespectTo(n int) []bool { return all(n) }

// Gradient is dx = dy·γ, dγ = Σ dy·x over all axes but the last.
func (Scale) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := LayerScale(grad, in[1])
	if err != nil {
		return nil, err
	}
	dgamma, err := apply(ScaleGrad{}, in[0], grad)
	return Nodes{dx, dgamma}, err
}

// Host runs one pass.
func (Scale) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Overwrites: []int{0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.LayerScale(out, in[0], in[1], R, C)
	}}
}

// Lower multiplies.
func (Scale) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x := l.wide(in[0])
	return l.narrow(l.Mul(x, l.Channels(in[1], x)))
}

// ScaleGrad is the gradient of a factor for each channel: Σ x·dy over all axes
// but the last.
//
//	x […, C], dy […, C] → [C]
type ScaleGrad struct{}

// Shape is the rule above.
func (ScaleGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "dy"}, -1, -1); err != nil {
		return nil, err
	}
	if err := wantSame("x", in[0], "dy", in[1]); err != nil {
		return nil, err
	}
	return tensor.Shape{last(in[0])}, nil
}

// Host runs one pass.
func (ScaleGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.LayerScaleGammaGrad(out, in[1], in[0], R, C)
	}}
}

// Lower multiplies and sums.
func (ScaleGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	return l.perChannel(l.Mul(l.wide(in[0]), l.wide(in[1])))
}
