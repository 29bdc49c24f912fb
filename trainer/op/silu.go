package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Swish is x·σ(x), element by element.
type Swish struct{}

// SiLU applies x·σ(x) to every element of x, in one with a batch norm that x is.
func SiLU(x *Node) (*Node, error) {
	if norm, in := activated(x); len(in) == 4 {
		norm.Then = kernel.Swished
		return apply(norm, in...)
	}
	return apply(Swish{}, x)
}

// Shape is that of the input.
func (Swish) Shape(in []tensor.Shape) (tensor.Shape, error) { return unaryShape(in) }

// WithRespectTo names the input.
func (Swish) WithRespectTo(n int) []bool { return all(n) }

// Gradient is dy·σ(x)·(1 + x·(1 − σ(x))).
func (Swish) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := apply(SwishGrad{}, in[0], grad)
	return Nodes{dx}, err
}

// Host runs one pass.
func (Swish) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) { p.SiLU(out, in[0]) }}
}

// Lower is x·σ(x).
func (Swish) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x := l.wide(in[0])
	return l.narrow(l.Mul(x, l.Logistic(x)))
}

// SwishGrad is the gradient of x·σ(x), from its input and dy.
type SwishGrad struct{}

// Shape is that of both inputs.
func (SwishGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return pairShape(in) }

// Host runs one pass.
func (SwishGrad) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{1, 0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.SiLUGrad(out, in[1], in[0])
	}}
}

// Lower is dy·σ(x)·(1 + x·(1 − σ(x))).
func (SwishGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, dy := l.wide(in[0]), l.wide(in[1])
	s := l.Logistic(x)
	return l.narrow(l.Mul(l.Mul(dy, s), l.plus(l.Mul(x, l.plus(l.Neg(s), 1)), 1)))
}
