package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Logistic is the logistic function σ(x) = 1/(1 + e⁻ˣ), element by element.
type Logistic struct{}

// Sigmoid applies the logistic function σ(x) = 1/(1 + e⁻ˣ) to every element of x.
func Sigmoid(x *Node) (*Node, error) { return apply(Logistic{}, x) }

// Shape is that of the input.
func (Logistic) Shape(in []tensor.Shape) (tensor.Shape, error) { return unaryShape(in) }

// WithRespectTo names the input.
func (Logistic) WithRespectTo(n int) []bool { return all(n) }

// Gradient is dy·y·(1 − y).
func (Logistic) Gradient(_ Nodes, out, grad *Node) (Nodes, error) {
	dx, err := apply(LogisticGrad{}, out, grad)
	return Nodes{dx}, err
}

// Host runs one pass.
func (Logistic) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) { p.Sigmoid(out, in[0]) }}
}

// Lower is σ(x).
func (Logistic) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	return l.narrow(l.Logistic(l.wide(in[0])))
}

// LogisticGrad is the gradient of the logistic function σ(x) = 1/(1 + e⁻ˣ), from its output and dy.
type LogisticGrad struct{}

// Shape is that of both inputs.
func (LogisticGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return pairShape(in) }

// Host runs one pass.
func (LogisticGrad) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{1, 0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.SigmoidGrad(out, in[1], in[0])
	}}
}

// Lower is dy·y·(1 − y).
func (LogisticGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	y, dy := l.wide(in[0]), l.wide(in[1])
	return l.narrow(l.Mul(dy, l.Mul(y, l.plus(l.Neg(y), 1))))
}
