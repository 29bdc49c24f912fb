package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// LayerNormed normalises over the last axis (Ba, Kiros and Hinton 2016), with
// the biased variance.
//
//	x […, C], gamma [C], beta [C] → γ·(x − mean)/√(var + Eps) + β
type LayerNormed struct{ Eps float32 }

// LayerNorm normalises the last axis of x.
func LayerNorm(x, gamma, beta *Node, eps float32) (*Node, error) {
	return apply(LayerNormed{eps}, x, gamma, beta)
}

// Shape is the rule above.
func (LayerNormed) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "gamma", "beta"}, -1, 1, 1); err != nil {
		return nil, err
	}
	if err := wantAffine(in[0], in[1], in[2]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// WithRespectTo names all inputs.
func (LayerNormed) WithRespectTo(n int) []bool { return all(n) }

// Gradient is, with x̂ the normalised input, g = dy·γ and means over a row,
// dx = (g − mean g − x̂·mean(g·x̂))/√(var + Eps), dγ = Σ dy·x̂, dβ = Σ dy.
func (l LayerNormed) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	x, gamma := in[0], in[1]
	dx, err := apply(LayerNormInputGrad(l), x, gamma, grad)
	if err != nil {
		return nil, err
	}
	sums, err := apply(LayerNormSums(l), x, grad)
	if err != nil {
		return nil, err
	}
	dgamma, err := apply(Row{0}, sums)
	if err != nil {
		return nil, err
	}
	dbeta, err := apply(Row{1}, sums)
	return Nodes{dx, dgamma, dbeta}, err
}

// Host runs one pass.
func (l LayerNormed) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.LayerNormForward(out, in[0], in[1], in[2], l.Eps, R, C)
	}}
}

// Lower forms the variance around the mean.
func (n LayerNormed) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, gamma, beta := l.wide(in[0]), in[1], in[2]
	hat, _ := l.standardised(x, n.Eps)
	return l.narrow(l.Add(l.Mul(hat, l.Channels(gamma, x)), l.Channels(beta, x)))
}

// standardised is x̂ = (x − mean)/√(var + eps) over the last axis of x, and what
// it was multiplied with, once a row.
func (l *Lowering) standardised(x hlo.Value, eps float32) (hat, inverse hlo.Value) {
	centred := l.Sub(x, l.Rows(l.rowMean(x), x))
	inverse = l.Rsqrt(l.plus(l.rowMean(l.Square(centred)), float64(eps)))
	return l.Mul(centred, l.Rows(inverse, x)), inverse
}

// rowMean is the mean over the last axis.
func (l *Lowering) rowMean(x hlo.Value) hlo.Value {
	return l.times(l.overRow(x), 1/float64(max(1, hlo.Last(x))))
}
