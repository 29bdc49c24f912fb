package op

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Dense is a linear layer over the last axis.
//
//	x […, I] · w [I, O] (+ b [O]) → […, O]
type Dense struct{}

// Linear multiplies the last axis of x with w and adds b, which may be nil.
func Linear(x, w, b *Node) (*Node, error) {
	if b == nil {
		return apply(Dense{}, x, w)
	}
	return apply(Dense{}, x, w, b)
}

// Shape is the rule above.
func (Dense) Shape(in []tensor.Shape) (tensor.Shape, error) {
	names, dims := []string{"x", "w", "b"}, []int{-1, 2, 1}
	if len(in) == 2 {
		names, dims = names[:2], dims[:2]
	}
	if err := want(in, names, dims...); err != nil {
		return nil, err
	}
	x, w := in[0], in[1]
	if last(x) != w[0] {
		return nil, fmt.Errorf("x %v has %d features, w %v takes %d", x, last(x), w, w[0])
	}
	if len(in) == 3 && in[2][0] != w[1] {
		return nil, fmt.Errorf("b is %v, want [%d], one value for each output of w %v", in[2], w[1], w)
	}
	out := x.Clone()
	out[len(out)-1] = w[1]
	return out, nil
}

// WithRespectTo names all inputs.
func (Dense) WithRespectTo(n int) []bool { return all(n) }

// Gradient is dx = dy·wᵀ, dw = xᵀ·dy, db = Σ dy.
func (Dense) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := apply(DenseInputGrad{}, grad, in[1])
	if err != nil {
		return nil, err
	}
	dw, err := apply(DenseWeightGrad{}, in[0], grad)
	if err != nil || len(in) == 2 {
		return Nodes{dx, dw}, err
	}
	db, err := SumRows(grad)
	return Nodes{dx, dw, db}, err
}

// Host runs one matrix product.
func (Dense) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, I, O := rows(in[0]), in[1][0], in[1][1]
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		g := kernel.Gemm{
			M: R, N: O, K: I,
			A: kernel.RowMajor(in[0], I), B: kernel.RowMajor(in[1], O), C: kernel.RowMajor(out, O),
		}
		if len(in) == 3 {
			g.Bias = in[2]
		}
		p.Gemm(g)
	}}
}

// Lower is one matrix product.
func (Dense) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, w := l.narrow(in[0]), l.narrow(in[1])
	y := l.Dot(l.matrix(x), 1, w, 0, l.Precision, l.activation())
	if len(in) == 3 {
		y = l.narrow(l.Add(l.wide(y), l.Channels(in[2], l.wide(y))))
	}
	return l.likeRows(y, x)
}

// likeRows is the matrix y [R, C] with the axes of x […, C'] but its last.
func (l *Lowering) likeRows(y, x hlo.Value) hlo.Value {
	if y == nil || x == nil {
		return nil
	}
	dims := slices.Clone(hlo.Dims(x))
	dims[len(dims)-1] = hlo.Last(y)
	return l.Reshape(y, dims...)
}
