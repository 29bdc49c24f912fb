package op

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Sum adds two tensors of the same shape.
type Sum struct{}

// Add adds x and y, which have the same shape, in one with a batch norm that x is.
func Add(x, y *Node) (*Node, error) {
	if norm, in := activated(x); len(in) == 4 {
		return apply(norm, append(in, y)...)
	}
	return apply(Sum{}, x, y)
}

// Shape is that of both inputs.
func (Sum) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) != 2 {
		return nil, want(in, []string{"x", "y"}, -1, -1)
	}
	if err := wantSame("x", in[0], "y", in[1]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// WithRespectTo names both inputs.
func (Sum) WithRespectTo(n int) []bool { return all(n) }

// Gradient is that of the sum, for both.
func (Sum) Gradient(_ Nodes, _, grad *Node) (Nodes, error) { return Nodes{grad, grad}, nil }

// IsBuiltinAdd reports whether n is Gorgonia's own addition of two tensors of
// the same shape, with which it sums the gradients of a node used twice. It is
// the one built-in operation that an engine has to know; Sum does the same.
func IsBuiltinAdd(n *Node) bool {
	in := Children(n)
	if len(in) != 2 || n.Op() == nil || !equal(in[0].Shape(), in[1].Shape()) {
		return false
	}
	return n.Op() == gorgonia.NewAddOp(in[0], in[1], gorgonia.ExecutionContext{}).Op
}

// Host runs one pass.
func (Sum) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{0, 1}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.Add(out, in[0], in[1])
	}}
}

// Lower adds.
func (Sum) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	if hlo.TypeOf(in[0]) != hlo.TypeOf(in[1]) {
		return l.Add(l.wide(in[0]), l.wide(in[1]))
	}
	return l.Add(in[0], in[1])
}
