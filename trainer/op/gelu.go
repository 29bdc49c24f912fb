package op

import (
	"math"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// GaussianUnit is x·Φ(x) with the exact normal distribution function Φ, element by element.
type GaussianUnit struct{}

// GELU applies x·Φ(x) with the exact normal distribution function Φ to every element of x.
func GELU(x *Node) (*Node, error) { return apply(GaussianUnit{}, x) }

// Shape is that of the input.
func (GaussianUnit) Shape(in []tensor.Shape) (tensor.Shape, error) { return unaryShape(in) }

// WithRespectTo names the input.
func (GaussianUnit) WithRespectTo(n int) []bool { return all(n) }

// Gradient is dy·(Φ(x) + x·φ(x)).
func (GaussianUnit) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := apply(GaussianUnitGrad{}, in[0], grad)
	return Nodes{dx}, err
}

// Host runs one pass.
func (GaussianUnit) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) { p.GELU(out, in[0]) }}
}

// Lower is x·Φ(x).
func (GaussianUnit) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x := l.wide(in[0])
	return l.narrow(l.Mul(x, l.normalCDF(x)))
}

// normalCDF is Φ(x) = (1 + erf(x/√2))/2.
func (l *Lowering) normalCDF(x hlo.Value) hlo.Value {
	return l.times(l.plus(l.Erf(l.times(x, 1/math.Sqrt2)), 1), 0.5)
}

// GaussianUnitGrad is the gradient of x·Φ(x) with the exact normal distribution function Φ, from its input and dy.
type GaussianUnitGrad struct{}

// Shape is that of both inputs.
func (GaussianUnitGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return pairShape(in) }

// Host runs one pass.
func (GaussianUnitGrad) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{1, 0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.GELUGrad(out, in[1], in[0])
	}}
}

// Lower is dy·(Φ(x) + x·φ(x)).
func (GaussianUnitGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, dy := l.wide(in[0]), l.wide(in[1])
	density := l.times(l.Exp(l.times(l.Square(x), -0.5)), 1/math.Sqrt(2*math.Pi))
	return l.narrow(l.Mul(dy, l.Add(l.normalCDF(x), l.Mul(x, density))))
}
