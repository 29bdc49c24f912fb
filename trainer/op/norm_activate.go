package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// NormActivate is a BatchNorm and what follows it, in one pass over memory:
//
//	x […, C], gamma [C], beta [C], stats [2, C] (+ shortcut […, C]) → f(BatchNorm + shortcut)
//
// The value between norm and activation is not kept: the gradients form it anew.
// Add, ReLU and SiLU make it where their input is a BatchNorm.
type NormActivate struct {
	Eps  float32
	Then kernel.Activation // f; with a shortcut not Swished
}

// activated returns the nodes of a BatchNorm, or of a NormActivate that does not
// activate yet, as the inputs of a NormActivate; nil where x is neither.
func activated(x *Node) (NormActivate, Nodes) {
	a, ok := x.Op().(*Applied)
	if !ok {
		return NormActivate{}, nil
	}
	switch o := a.Operation.(type) {
	case BatchNorm:
		return NormActivate{Eps: o.Eps}, Children(x)
	case NormActivate:
		if o.Then == kernel.Identity {
			return o, Children(x)
		}
	}
	return NormActivate{}, nil
}

// Shape is the rule above.
func (a NormActivate) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) == 5 {
		if err := wantSame("x", in[0], "shortcut", in[4]); err != nil {
			return nil, err
		}
		if a.Then == kernel.Swished {
			return nil, fmt.Errorf("no gradient of x·σ(x) with a shortcut")
		}
		in = in[:4]
	}
	return BatchNorm{a.Eps}.Shape(in)
}

// WithRespectTo names all inputs but the statistics.
func (NormActivate) WithRespectTo(n int) []bool {
	b := all(n)
	if n > 3 {
		b[3] = false
	}
	return b
}

// Gradient is that of a BatchNorm for dz = dy·f′(z), which is the shortcut's. Only
// the rectifier is cheap enough to be applied in each of the norm's two passes.
func (a NormActivate) Gradient(in Nodes, out, grad *Node) (Nodes, error) {
	dz, err := grad, error(nil)
	switch {
	case a.Then == kernel.Rectified && len(in) == 4:
		return normRectifyGradient(a.Eps, in, grad)
	case a.Then == kernel.Rectified:
		dz, err = apply(RectifierGrad{}, out, grad)
	case a.Then == kernel.Swished:
		dz, err = apply(NormSwishGrad{a.Eps}, in[0], in[1], in[2], in[3], grad)
	}
	if err != nil {
		return nil, err
	}
	norm, err := BatchNorm{a.Eps}.Gradient(in[:4], nil, dz)
	if len(in) == 5 {
		norm = append(norm, dz)
	}
	return norm, err
}

// kernel describes the norm of x with the inputs gamma, beta and stats.
func (a NormActivate) kernel(x tensor.Shape) func(gamma, beta, stats []float32) kernel.BatchNorm {
	R, C := rows(x), last(x)
	return func(gamma, beta, stats []float32) kernel.BatchNorm {
		return kernel.BatchNorm{Stats: stats, Gamma: gamma, Beta: beta, Eps: a.Eps, Then: a.Then, Rows: R, Cols: C}
	}
}

// Host runs one pass.
func (a NormActivate) Host(in []tensor.Shape, _ tensor.Shape) Call {
	norm := a.kernel(in[0])
	overwrites := []int{0}
	if len(in) == 5 {
		overwrites = append(overwrites, 4)
	}
	return Call{Overwrites: overwrites, Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		b := norm(in[1], in[2], in[3])
		if len(in) == 5 {
			b.Shortcut = in[4]
		}
		p.BatchNormActivate(out, in[0], b)
	}}
}

// Lower is norm, sum and activation one after the other.
func (a NormActivate) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	z := BatchNorm{a.Eps}.Lower(l, in[:4])
	if len(in) == 5 {
		z = Sum{}.Lower(l, []hlo.Value{z, in[4]})
	}
	switch a.Then {
	case kernel.Rectified:
		return Rectifier{}.Lower(l, []hlo.Value{z})
	case kernel.Swished:
		return Swish{}.Lower(l, []hlo.Value{z})
	}
	return z
}
