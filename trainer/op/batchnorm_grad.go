package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// BatchNormSums is what the gradients of a batch norm sum over each channel:
// Σ dy and Σ dy·x̂, with x̂ = (x − stats₀)/√(stats₁ + Eps).
//
//	x […, C], stats [2, C], dy […, C] → [2, C]
type BatchNormSums struct{ Eps float32 }

// Shape is the rule above.
func (BatchNormSums) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "stats", "dy"}, -1, 2, -1); err != nil {
		return nil, err
	}
	if err := wantPairs("stats", in[1], in[0]); err != nil {
		return nil, err
	}
	if err := wantSame("x", in[0], "dy", in[2]); err != nil {
		return nil, err
	}
	return in[1].Clone(), nil
}

// Host runs one pass.
func (b BatchNormSums) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.BatchNormReduce(out, in[0], in[2], in[1], b.Eps, R, C)
	}}
}

// Lower sums dy and dy·x̂.
func (b BatchNormSums) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, stats, dy := l.wide(in[0]), in[1], l.wide(in[2])
	centred := l.Sub(x, l.Channels(l.row(stats, 0), x))
	inverse := l.Rsqrt(l.plus(l.row(stats, 1), float64(b.Eps)))
	return l.stack(l.perChannel(dy), l.Mul(l.perChannel(l.Mul(dy, centred)), inverse))
}

// BatchNormInputGrad is the gradient of a batch norm with respect to its input,
// through the statistics as well: γ/√(stats₁ + Eps) · (dy − sums₀/n − x̂·sums₁/n)
// over the n values of a channel.
//
//	x […, C], gamma [C], stats [2, C], sums [2, C], dy […, C] → […, C]
type BatchNormInputGrad struct{ Eps float32 }

// Shape is the rule above.
func (BatchNormInputGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "gamma", "stats", "sums", "dy"}, -1, 1, 2, 2, -1); err != nil {
		return nil, err
	}
	x := in[0]
	if err := wantVector("gamma", in[1], x); err != nil {
		return nil, err
	}
	if err := wantPairs("stats", in[2], x); err != nil {
		return nil, err
	}
	if err := wantPairs("sums", in[3], x); err != nil {
		return nil, err
	}
	if err := wantSame("x", x, "dy", in[4]); err != nil {
		return nil, err
	}
	return x.Clone(), nil
}

// Host runs one pass.
func (b BatchNormInputGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Overwrites: []int{4, 0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.BatchNormInputGrad(out, in[4], in[0], in[2], in[1], in[3], b.Eps, R, C)
	}}
}

// Lower is the formula above.
func (b BatchNormInputGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, gamma, stats, sums, dy := l.wide(in[0]), in[1], in[2], in[3], l.wide(in[4])
	n := float64(max(1, hlo.Size(x)/max(1, hlo.Last(x))))
	inverse := l.Rsqrt(l.plus(l.row(stats, 1), float64(b.Eps)))
	centred := l.Sub(x, l.Channels(l.row(stats, 0), x))
	along := l.Mul(l.times(l.row(sums, 1), 1/n), inverse)
	dx := l.Sub(l.Sub(dy, l.Channels(l.times(l.row(sums, 0), 1/n), x)), l.Mul(centred, l.Channels(along, x)))
	return l.narrow(l.Mul(dx, l.Channels(l.Mul(gamma, inverse), x)))
}
