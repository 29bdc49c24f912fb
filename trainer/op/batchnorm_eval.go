package op

import (
	"math"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// FrozenBatchNorm normalises every channel with statistics that do not depend on
// the batch.
//
//	x […, C], gamma, beta, mean, variance [C] → γ·(x − mean)/√(variance + Eps) + β
type FrozenBatchNorm struct{ Eps float32 }

// BatchNormEval normalises x with running statistics.
func BatchNormEval(x, gamma, beta, mean, variance *Node, eps float32) (*Node, error) {
	return apply(FrozenBatchNorm{eps}, x, gamma, beta, mean, variance)
}

// Shape is the rule above.
func (FrozenBatchNorm) Shape(in []tensor.Shape) (tensor.Shape, error) {
	names := []string{"x", "gamma", "beta", "mean", "variance"}
	if err := want(in, names, -1, 1, 1, 1, 1); err != nil {
		return nil, err
	}
	for i := 1; i < len(in); i++ {
		if err := wantVector(names[i], in[i], in[0]); err != nil {
			return nil, err
		}
	}
	return in[0].Clone(), nil
}

// WithRespectTo names all inputs but the statistics.
func (FrozenBatchNorm) WithRespectTo(n int) []bool { return first(3, n) }

// Gradient is dx = dy·γ/√(variance + Eps), dγ = Σ dy·x̂, dβ = Σ dy.
func (b FrozenBatchNorm) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	x, gamma, mean, variance := in[0], in[1], in[3], in[4]
	factor, err := apply(BatchNormFactor(b), gamma, variance)
	if err != nil {
		return nil, err
	}
	dx, err := LayerScale(grad, factor)
	if err != nil {
		return nil, err
	}
	stats, err := apply(Stack{}, mean, variance)
	if err != nil {
		return nil, err
	}
	sums, err := apply(BatchNormSums(b), x, stats, grad)
	if err != nil {
		return nil, err
	}
	dgamma, dbeta, err := affineGradients(sums)
	return Nodes{dx, dgamma, dbeta, nil, nil}, err
}

// Host runs one pass.
func (b FrozenBatchNorm) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Overwrites: []int{0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.BatchNormEval(out, in[0], in[3], in[4], in[1], in[2], b.Eps, R, C)
	}}
}

// Lower multiplies and adds one number a channel.
func (b FrozenBatchNorm) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	return l.normalise(in[0], in[1], in[2], in[3], in[4], b.Eps)
}

// BatchNormFactor is γ/√(variance + Eps), what a batch norm multiplies with.
//
//	gamma [C], variance [C] → [C]
type BatchNormFactor struct{ Eps float32 }

// Shape is the rule above.
func (BatchNormFactor) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"gamma", "variance"}, 1, 1); err != nil {
		return nil, err
	}
	if err := wantSame("gamma", in[0], "variance", in[1]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// Host runs in plain Go: there are few values.
func (b BatchNormFactor) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{0, 1}, Run: func(_ *kernel.Pool, in [][]float32, out []float32) {
		gamma, variance := in[0], in[1]
		for c := range out {
			out[c] = float32(float64(gamma[c]) / math.Sqrt(float64(variance[c])+float64(b.Eps)))
		}
	}}
}

// Lower is the formula above.
func (b BatchNormFactor) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	return l.Mul(in[0], l.Rsqrt(l.plus(in[1], float64(b.Eps))))
}

// BatchNormShift is β − mean·factor, what a batch norm with a BatchNormFactor adds.
//
//	beta [C], mean [C], factor [C] → [C]
type BatchNormShift struct{}

// Shape is the rule above.
func (BatchNormShift) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"beta", "mean", "factor"}, 1, 1, 1); err != nil {
		return nil, err
	}
	for i, name := range []string{"mean", "factor"} {
		if err := wantSame("beta", in[0], name, in[i+1]); err != nil {
			return nil, err
		}
	}
	return in[0].Clone(), nil
}

// Host runs in plain Go: there are few values.
func (BatchNormShift) Host([]tensor.Shape, tensor.Shape) Call {
	return Call{Overwrites: []int{0, 1, 2}, Run: func(_ *kernel.Pool, in [][]float32, out []float32) {
		beta, mean, factor := in[0], in[1], in[2]
		for c := range out {
			out[c] = float32(float64(beta[c]) - float64(mean[c])*float64(factor[c]))
		}
	}}
}

// Lower is the formula above.
func (BatchNormShift) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	return l.Sub(in[0], l.Mul(in[1], in[2]))
}

// FoldBatchNorm is BatchNormEval(x, …) as one convolution, whose weights and bias
// do the work of the norm. It is nil where x is not a convolution without bias.
func FoldBatchNorm(x, gamma, beta, mean, variance *Node, eps float32) (*Node, error) {
	a, ok := x.Op().(*Applied)
	if !ok {
		return nil, nil
	}
	conv, ok := a.Operation.(Conv)
	if !ok || len(a.In) != 2 {
		return nil, nil
	}
	factor, err := apply(BatchNormFactor{eps}, gamma, variance)
	if err != nil {
		return nil, err
	}
	shift, err := apply(BatchNormShift{}, beta, mean, factor)
	if err != nil {
		return nil, err
	}
	in := Children(x)
	w, err := LayerScale(in[1], factor)
	if err != nil {
		return nil, err
	}
	return Conv2D(in[0], w, shift, conv)
}
