package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// RowSum sums over all axes but the last: the gradient of a bias.
//
//	x […, C] → [C]
type RowSum struct{}

// SumRows sums x over all axes but the last.
func SumRows(x *Node) (*Node, error) { return apply(RowSum{}, x) }

// Shape is the rule above.
func (RowSum) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, -1); err != nil {
		return nil, err
	}
	return tensor.Shape{last(in[0])}, nil
}

// Host runs one pass.
func (RowSum) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.SumRows(out, in[0], R, C)
	}}
}

// Lower sums.
func (RowSum) Lower(l *Lowering, in []hlo.Value) hlo.Value { return l.perChannel(l.wide(in[0])) }
