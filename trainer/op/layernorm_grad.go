package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// LayerNormInputGrad is the gradient of a layer norm with respect to its input.
//
//	x […, C], gamma [C], dy […, C] → […, C]
type LayerNormInputGrad struct{ Eps float32 }

// Shape is the rule above.
func (LayerNormInputGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "gamma", "dy"}, -1, 1, -1); err != nil {
		return nil, err
	}
	if err := wantVector("gamma", in[1], in[0]); err != nil {
		return nil, err
	}
	if err := wantSame("x", in[0], "dy", in[2]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// Host runs one pass.
func (l LayerNormInputGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.LayerNormInputGrad(out, in[2], in[0], in[1], l.Eps, R, C)
	}}
}

// Lower is (g − mean g − x̂·mean(g·x̂))/√(var + Eps) with g = dy·γ.
func (n LayerNormInputGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, gamma, dy := l.wide(in[0]), in[1], l.wide(in[2])
	hat, inverse := l.standardised(x, n.Eps)
	g := l.Mul(dy, l.Channels(gamma, x))
	along := l.rowMean(l.Mul(g, hat))
	dx := l.Sub(l.Sub(g, l.Rows(l.rowMean(g), x)), l.Mul(hat, l.Rows(along, x)))
	return l.narrow(l.Mul(dx, l.Rows(inverse, x)))
}

// LayerNormSums holds the gradients of a layer norm's parameters: Σ dy·x̂ for gamma
// and Σ dy for beta, over all rows.
//
//	x […, C], dy […, C] → [2, C]
type LayerNormSums struct{ Eps float32 }

// Shape is the rule above.
func (LayerNormSums) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "dy"}, -1, -1); err != nil {
		return nil, err
	}
	if err := wantSame("x", in[0], "dy", in[1]); err != nil {
		return nil, err
	}
	return tensor.Shape{2, last(in[0])}, nil
}

// Host runs one pass.
func (l LayerNormSums) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.LayerNormParamGrad(out, in[1], in[0], l.Eps, R, C)
	}}
}

// Lower sums dy·x̂ and dy.
func (n LayerNormSums) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, dy := l.wide(in[0]), l.wide(in[1])
	hat, _ := l.standardised(x, n.Eps)
	return l.stack(l.perChannel(l.Mul(dy, hat)), l.perChannel(dy))
}
