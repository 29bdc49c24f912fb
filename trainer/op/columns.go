package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Slice takes the columns From … To−1 of a matrix.
//
//	x [N, C] → [N, To − From]
type Slice struct{ From, To int }

// Columns takes the columns from … to−1 of x: one task's logits of a single head.
func Columns(x *Node, from, to int) (*Node, error) { return apply(Slice{from, to}, x) }

// Shape is the rule above.
func (s Slice) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, 2); err != nil {
		return nil, err
	}
	if s.From < 0 || s.To <= s.From || s.To > in[0][1] {
		return nil, fmt.Errorf("x %v has no columns %d to %d", in[0], s.From, s.To)
	}
	return tensor.Shape{in[0][0], s.To - s.From}, nil
}

// WithRespectTo names the input.
func (Slice) WithRespectTo(n int) []bool { return all(n) }

// Gradient is dy in its columns, 0 in the others.
func (s Slice) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := apply(Pad{s.From, in[0].Shape()[1]}, grad)
	return Nodes{dx}, err
}

// Host copies row by row.
func (s Slice) Host(in []tensor.Shape, _ tensor.Shape) Call {
	N, C, D := in[0][0], in[0][1], s.To-s.From
	return Call{Run: func(_ *kernel.Pool, in [][]float32, out []float32) {
		for n := range N {
			copy(out[n*D:][:D], in[0][n*C+s.From:])
		}
	}}
}

// Lower slices.
func (s Slice) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	if in[0] == nil {
		return nil
	}
	return l.Slice(in[0], []int{0, s.From}, []int{hlo.Dims(in[0])[0], s.To}, nil)
}

// Pad puts a matrix into the columns from From on of a wider one that is 0
// elsewhere.
//
//	x [N, C] → [N, Width]
type Pad struct{ From, Width int }

// Shape is the rule above.
func (p Pad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, 2); err != nil {
		return nil, err
	}
	if p.From < 0 || p.From+in[0][1] > p.Width {
		return nil, fmt.Errorf("x %v does not fit into %d columns from column %d on", in[0], p.Width, p.From)
	}
	return tensor.Shape{in[0][0], p.Width}, nil
}

// Host copies row by row.
func (p Pad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	N, C := in[0][0], in[0][1]
	return Call{Run: func(_ *kernel.Pool, in [][]float32, out []float32) {
		clear(out)
		for n := range N {
			copy(out[n*p.Width+p.From:], in[0][n*C:][:C])
		}
	}}
}

// Lower pads with zeros.
func (p Pad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	right := p.Width - p.From - hlo.Last(in[0])
	return l.Pad(in[0], 0, []int{0, p.From}, []int{0, right}, nil)
}
