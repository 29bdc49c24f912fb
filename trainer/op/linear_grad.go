package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// DenseInputGrad is the gradient of a linear layer with respect to its input.
//
//	dy […, O] · wᵀ, w [I, O] → […, I]
type DenseInputGrad struct{}

// Shape is the rule above.
func (DenseInputGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"dy", "w"}, -1, 2); err != nil {
		return nil, err
	}
	dy, w := in[0], in[1]
	if last(dy) != w[1] {
		return nil, fmt.Errorf("dy %v has %d features, w %v gives %d", dy, last(dy), w, w[1])
	}
	out := dy.Clone()
	out[len(out)-1] = w[0]
	return out, nil
}

// Host runs one matrix product.
func (DenseInputGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, I, O := rows(in[0]), in[1][0], in[1][1]
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.Gemm(kernel.Gemm{
			M: R, N: I, K: O,
			A: kernel.RowMajor(in[0], O), B: kernel.RowMajor(in[1], O).Transposed(), C: kernel.RowMajor(out, I),
		})
	}}
}

// Lower is one matrix product.
func (DenseInputGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	dy, w := l.narrow(in[0]), l.narrow(in[1])
	return l.likeRows(l.Dot(l.matrix(dy), 1, w, 1, l.Precision, l.activation()), dy)
}

// DenseWeightGrad is the gradient of a linear layer with respect to its weights.
//
//	xᵀ · dy, x […, I], dy […, O] → [I, O]
type DenseWeightGrad struct{}

// Shape is the rule above.
func (DenseWeightGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "dy"}, -1, -1); err != nil {
		return nil, err
	}
	x, dy := in[0], in[1]
	if !equal(x[:len(x)-1], dy[:len(dy)-1]) {
		return nil, fmt.Errorf("x is %v and dy is %v: want the same shape but for the last axis", x, dy)
	}
	return tensor.Shape{last(x), last(dy)}, nil
}

// Host runs one matrix product.
func (DenseWeightGrad) Host(in []tensor.Shape, out tensor.Shape) Call {
	R, I, O := rows(in[0]), out[0], out[1]
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.Gemm(kernel.Gemm{
			M: I, N: O, K: R,
			A: kernel.RowMajor(in[0], I).Transposed(), B: kernel.RowMajor(in[1], O), C: kernel.RowMajor(out, O),
		})
	}}
}

// Lower is one matrix product with a float32 result.
func (DenseWeightGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, dy := l.matrix(l.narrow(in[0])), l.matrix(l.narrow(in[1]))
	return l.Dot(x, 0, dy, 0, l.Precision, hlo.F32)
}
