package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Rectifier is the rectifier max(x, 0), element by element.
type Rectifier struct{}

// ReLU applies the rectifier max(x, 0) to every element of x, in one with a batch
// norm that x is, or its sum with a shortcut.
func ReLU(x *Node) (*Node, error) {
	if norm, in := activated(x); in != nil {
		norm.Then = kernel.Rectified
		return apply(norm, in...)
	}
	return apply(Rectifier{}, x)
}

// Shape is that of the input.
func (Rectifier) Shape(in []tensor.Shape) (tensor.Shape, error) { return unaryShape(in) }

// WithRespectTo names the input.
func (Rectifier) WithRespectTo(n int) []bool { return all(n) }

// Gradient is dy where the output is positive, else 0.
func (Rectifier) Gradient(_ Nodes, out, grad *Node) (Nodes, error) {
	dx, err := apply(RectifierGrad{}, out, grad)
	return Nodes{dx}, err
}

// Host runs one pass.
func (Rectifier) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) { p.ReLU(out, in[0]) }}
}

// Lower is max(x, 0).
func (Rectifier) Lower(l *Lowering, in []hlo.Value) hlo.Value { return l.Max(in[0], l.Fill(in[0], 0)) }

// RectifierGrad is the gradient of the rectifier max(x, 0), from its output and dy.
type RectifierGrad struct{}

// Shape is that of both inputs.
func (RectifierGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return pairShape(in) }

// Host runs one pass.
func (RectifierGrad) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{1, 0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.ReLUGrad(out, in[1], in[0])
	}}
}

// Lower selects dy where the output is positive.
func (RectifierGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	y, dy := in[0], in[1]
	return l.Select(l.Gt(y, l.Fill(y, 0)), dy, l.Fill(dy, 0))
}
