package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Gate multiplies every channel of every image with a factor of its own, as
// squeeze-and-excitation does (Hu, Shen and Sun 2018).
//
//	x [N, H, W, C], gate [N, C] → [N, H, W, C]
type Gate struct{}

// ChannelScale multiplies x with a gate for each image and channel.
func ChannelScale(x, gate *Node) (*Node, error) { return apply(Gate{}, x, gate) }

// Shape is the rule above.
func (Gate) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "gate"}, 4, 2); err != nil {
		return nil, err
	}
	x, gate := in[0], in[1]
	if gate[0] != x[0] || gate[1] != x[3] {
		return nil, fmt.Errorf("gate is %v, want [%d, %d], one value for each image and channel of x %v", gate, x[0], x[3], x)
	}
	return x.Clone(), nil
}

// WithRespectTo names both inputs.
func (Gate) WithRespectTo(n int) []bool { return all(n) }

// Gradient is dx = dy·gate, dgate = Σ dy·x over height and width.
func (Gate) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := ChannelScale(grad, in[1])
	if err != nil {
		return nil, err
	}
	dgate, err := apply(GateGrad{}, in[0], grad)
	return Nodes{dx, dgate}, err
}

// Host runs one pass.
func (Gate) Host(in []tensor.Shape, _ tensor.Shape) Call {
	N, P, C := in[0][0], in[0][1]*in[0][2], in[0][3]
	return Call{Overwrites: []int{0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.ChannelScale(out, in[0], in[1], N, P, C)
	}}
}

// Lower repeats the gate over height and width and multiplies.
func (Gate) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, gate := l.wide(in[0]), l.wide(in[1])
	return l.narrow(l.Mul(x, l.Broadcast(gate, hlo.Dims(x), 0, 3)))
}

// GateGrad is the gradient of a gate: Σ x·dy over height and width.
//
//	x [N, H, W, C], dy [N, H, W, C] → [N, C]
type GateGrad struct{}

// Shape is the rule above.
func (GateGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "dy"}, 4, 4); err != nil {
		return nil, err
	}
	if err := wantSame("x", in[0], "dy", in[1]); err != nil {
		return nil, err
	}
	return tensor.Shape{in[0][0], in[0][3]}, nil
}

// Host runs one pass.
func (GateGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	N, P, C := in[0][0], in[0][1]*in[0][2], in[0][3]
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.ChannelScaleGateGrad(out, in[1], in[0], N, P, C)
	}}
}

// Lower multiplies and sums.
func (GateGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	return l.narrow(l.Sum(l.Mul(l.wide(in[0]), l.wide(in[1])), 1, 2))
}
