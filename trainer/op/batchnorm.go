package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// BatchNorm normalises every channel with given statistics (Ioffe and Szegedy
// 2015).
//
//	x […, C], gamma [C], beta [C], stats [2, C] → γ·(x − stats₀)/√(stats₁ + Eps) + β
//
// Its gradient with respect to x is that of the whole batch norm: the
// statistics are taken to be BatchStats of x.
type BatchNorm struct{ Eps float32 }

// BatchNormTrain normalises x with the statistics of the batch. stats [2, C]
// holds the mean and the biased variance of each channel; no gradient flows
// through it.
func BatchNormTrain(x, gamma, beta *Node, eps float32) (y, stats *Node, err error) {
	if stats, err = apply(BatchStats{}, x); err != nil {
		return nil, nil, err
	}
	y, err = apply(BatchNorm{eps}, x, gamma, beta, stats)
	return y, stats, err
}

// Shape is the rule above.
func (BatchNorm) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "gamma", "beta", "stats"}, -1, 1, 1, 2); err != nil {
		return nil, err
	}
	if err := wantAffine(in[0], in[1], in[2]); err != nil {
		return nil, err
	}
	if err := wantPairs("stats", in[3], in[0]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// WithRespectTo names all inputs but the statistics.
func (BatchNorm) WithRespectTo(n int) []bool { return first(3, n) }

// Gradient is, with x̂ = (x − mean)/√(var + Eps) and sums over a channel's n values,
// dβ = Σ dy, dγ = Σ dy·x̂, dx = γ/√(var + Eps) · (dy − dβ/n − x̂·dγ/n).
func (b BatchNorm) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	x, gamma, stats := in[0], in[1], in[3]
	sums, err := apply(BatchNormSums(b), x, stats, grad)
	if err != nil {
		return nil, err
	}
	dx, err := apply(BatchNormInputGrad(b), x, gamma, stats, sums, grad)
	if err != nil {
		return nil, err
	}
	dgamma, dbeta, err := affineGradients(sums)
	return Nodes{dx, dgamma, dbeta, nil}, err
}

// affineGradients takes dγ and dβ out of the sums of a batch norm.
func affineGradients(sums *Node) (dgamma, dbeta *Node, err error) {
	if dgamma, err = apply(Row{1}, sums); err != nil {
		return nil, nil, err
	}
	dbeta, err = apply(Row{0}, sums)
	return dgamma, dbeta, err
}

// wantAffine checks that gamma and beta have one value for each channel of x.
func wantAffine(x, gamma, beta tensor.Shape) error {
	if err := wantVector("gamma", gamma, x); err != nil {
		return err
	}
	return wantVector("beta", beta, x)
}

// Host runs one pass.
func (b BatchNorm) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Overwrites: []int{0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.BatchNormForward(out, in[0], in[3], in[1], in[2], b.Eps, R, C)
	}}
}

// Lower multiplies and adds one number a channel.
func (b BatchNorm) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, gamma, beta, stats := in[0], in[1], in[2], in[3]
	return l.normalise(x, gamma, beta, l.row(stats, 0), l.row(stats, 1), b.Eps)
}

// normalise is γ·(x − mean)/√(variance + eps) + β for each channel.
func (l *Lowering) normalise(x, gamma, beta, mean, variance hlo.Value, eps float32) hlo.Value {
	x = l.wide(x)
	factor := l.Mul(gamma, l.Rsqrt(l.plus(variance, float64(eps))))
	y := l.Mul(l.Sub(x, l.Channels(mean, x)), l.Channels(factor, x))
	return l.narrow(l.Add(y, l.Channels(beta, x)))
}
