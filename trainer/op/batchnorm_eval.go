package op

import "gorgonia.org/tensor"

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

// WithRespectTo: all inputs but the statistics.
func (FrozenBatchNorm) WithRespectTo(n int) []bool { return first(3, n) }

// Gradient: dx = dy·γ/√(variance + Eps), dγ = Σ dy·x̂, dβ = Σ dy.
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
	dgamma, err := apply(Row{1}, sums)
	if err != nil {
		return nil, err
	}
	dbeta, err := apply(Row{0}, sums)
	return Nodes{dx, dgamma, dbeta, nil, nil}, err
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
