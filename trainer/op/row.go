package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Row takes one row of a matrix.
//
//	x [R, C] → [C]
type Row struct{ Index int }

// Shape is the rule above.
func (r Row) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, 2); err != nil {
		return nil, err
	}
	if r.Index < 0 || r.Index >= in[0][0] {
		return nil, fmt.Errorf("x %v has no row %d", in[0], r.Index)
	}
	return tensor.Shape{in[0][1]}, nil
}

// Host copies.
func (r Row) Host(in []tensor.Shape, _ tensor.Shape) Call {
	from := r.Index * in[0][1]
	return Call{Run: func(_ *kernel.Pool, in [][]float32, out []float32) { copy(out, in[0][from:]) }}
}

// Lower slices.
func (r Row) Lower(l *Lowering, in []hlo.Value) hlo.Value { return l.row(in[0], r.Index) }

// Stack puts vectors below each other as the rows of a matrix.
//
//	R × [C] → [R, C]
type Stack struct{}

// Shape is the rule above.
func (Stack) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("no rows")
	}
	for _, s := range in {
		if s.Dims() != 1 || !equal(s, in[0]) {
			return nil, fmt.Errorf("rows are %v: want vectors of one size", in)
		}
	}
	return tensor.Shape{len(in), in[0][0]}, nil
}

// Host copies.
func (Stack) Host(in []tensor.Shape, _ tensor.Shape) Call {
	C := in[0][0]
	return Call{Run: func(_ *kernel.Pool, in [][]float32, out []float32) {
		for i, row := range in {
			copy(out[i*C:], row)
		}
	}}
}

// Lower concatenates.
func (Stack) Lower(l *Lowering, in []hlo.Value) hlo.Value { return l.stack(in...) }
