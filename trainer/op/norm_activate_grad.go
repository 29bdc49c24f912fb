package op

import (
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// NormSwishGrad is the gradient of x·σ(x) after a batch norm, from the norm's inputs
// and dy: dy·f′(z), with z the norm of x.
//
//	x […, C], gamma [C], beta [C], stats [2, C], dy […, C] → […, C]
type NormSwishGrad struct{ Eps float32 }

// Shape is the rule above.
func (NormSwishGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := wantNormGrad(in); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// wantNormGrad checks the inputs x, gamma, beta, stats and dy.
func wantNormGrad(in []tensor.Shape) error {
	if err := want(in, []string{"x", "gamma", "beta", "stats", "dy"}, -1, 1, 1, 2, -1); err != nil {
		return err
	}
	if err := wantAffine(in[0], in[1], in[2]); err != nil {
		return err
	}
	if err := wantPairs("stats", in[3], in[0]); err != nil {
		return err
	}
	return wantSame("x", in[0], "dy", in[4])
}

// Host runs one pass.
func (a NormSwishGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	norm := NormActivate{a.Eps, kernel.Swished}.kernel(in[0])
	return Call{Overwrites: []int{4, 0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.BatchNormSiLUGrad(out, in[4], in[0], norm(in[1], in[2], in[3]))
	}}
}

// Lower is the gradient of the activation at the norm.
func (a NormSwishGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	return SwishGrad{}.Lower(l, []hlo.Value{BatchNorm(a).Lower(l, in[:4]), in[4]})
}

// normRectifyGradient is the gradient of a rectified batch norm in two passes.
func normRectifyGradient(eps float32, in Nodes, grad *Node) (Nodes, error) {
	x, gamma, beta, stats := in[0], in[1], in[2], in[3]
	sums, err := apply(NormRectifySums{eps}, x, gamma, beta, stats, grad)
	if err != nil {
		return nil, err
	}
	dx, err := apply(NormRectifyInputGrad{eps}, x, gamma, beta, stats, grad, sums)
	if err != nil {
		return nil, err
	}
	dgamma, dbeta, err := affineGradients(sums)
	return Nodes{dx, dgamma, dbeta, nil}, err
}

// NormRectifySums is BatchNormSums of dz, which is dy where the norm of x is positive.
//
//	x […, C], gamma [C], beta [C], stats [2, C], dy […, C] → [2, C]
type NormRectifySums struct{ Eps float32 }

// Shape is the rule above.
func (NormRectifySums) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := wantNormGrad(in); err != nil {
		return nil, err
	}
	return in[3].Clone(), nil
}

// Host runs one pass.
func (a NormRectifySums) Host(in []tensor.Shape, _ tensor.Shape) Call {
	norm := NormActivate{a.Eps, kernel.Rectified}.kernel(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.BatchNormReLUReduce(out, in[0], in[4], norm(in[1], in[2], in[3]))
	}}
}

// Lower sums the gradient of the rectifier.
func (a NormRectifySums) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	return BatchNormSums(a).Lower(l, []hlo.Value{in[0], in[3], a.dz(l, in)})
}

// dz is dy where the norm of x is positive.
func (a NormRectifySums) dz(l *Lowering, in []hlo.Value) hlo.Value {
	return RectifierGrad{}.Lower(l, []hlo.Value{BatchNorm(a).Lower(l, in[:4]), in[4]})
}

// NormRectifyInputGrad is BatchNormInputGrad of the same dz.
//
//	x […, C], gamma [C], beta [C], stats [2, C], dy […, C], sums [2, C] → […, C]
type NormRectifyInputGrad struct{ Eps float32 }

// Shape is the rule above.
func (NormRectifyInputGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "gamma", "beta", "stats", "dy", "sums"}, -1, 1, 1, 2, -1, 2); err != nil {
		return nil, err
	}
	if err := wantNormGrad(in[:5]); err != nil {
		return nil, err
	}
	if err := wantPairs("sums", in[5], in[0]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// Host runs one pass.
func (a NormRectifyInputGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	norm := NormActivate{a.Eps, kernel.Rectified}.kernel(in[0])
	return Call{Overwrites: []int{4, 0}, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.BatchNormReLUInputGrad(out, in[4], in[0], in[5], norm(in[1], in[2], in[3]))
	}}
}

// Lower is the norm's gradient of the rectifier's.
func (a NormRectifyInputGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	dz := NormRectifySums(a).dz(l, in[:5])
	return BatchNormInputGrad(a).Lower(l, []hlo.Value{in[0], in[1], in[3], in[5], dz})
}
