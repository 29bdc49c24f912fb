package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Conv is a two-dimensional convolution (cross-correlation, as in PyTorch) with
// the same stride and zero padding in both directions.
//
//	x [N, H, W, C] · w [KH, KW, C/Groups, K] (+ b [K]) → [N, OH, OW, K]
//	OH = (H + 2·Pad − KH)/Stride + 1
type Conv struct{ Stride, Pad, Groups int }

// Conv2D convolves x with w and adds b, which may be nil.
func Conv2D(x, w, b *Node, c Conv) (*Node, error) {
	if b == nil {
		return apply(c, x, w)
	}
	return apply(c, x, w, b)
}

// Shape is the rule above.
func (c Conv) Shape(in []tensor.Shape) (tensor.Shape, error) {
	names, dims := []string{"x", "w", "b"}, []int{4, 4, 1}
	if len(in) == 2 {
		names, dims = names[:2], dims[:2]
	}
	if err := want(in, names, dims...); err != nil {
		return nil, err
	}
	x, w := in[0], in[1]
	if c.Stride < 1 || c.Pad < 0 || c.Groups < 1 {
		return nil, fmt.Errorf("want stride ≥ 1, padding ≥ 0 and groups ≥ 1")
	}
	if w[2]*c.Groups != x[3] {
		return nil, fmt.Errorf("x %v has %d channels, w %v takes %d in %d groups", x, x[3], w, w[2]*c.Groups, c.Groups)
	}
	if w[3]%c.Groups != 0 {
		return nil, fmt.Errorf("w %v has %d outputs, which %d groups do not divide", w, w[3], c.Groups)
	}
	if len(in) == 3 && in[2][0] != w[3] {
		return nil, fmt.Errorf("b is %v, want [%d], one value for each output of w %v", in[2], w[3], w)
	}
	oh, ow := c.size(x[1], w[0]), c.size(x[2], w[1])
	if oh < 1 || ow < 1 {
		return nil, fmt.Errorf("x %v is smaller than the kernel of w %v", x, w)
	}
	return tensor.Shape{x[0], oh, ow, w[3]}, nil
}

// size returns the output size of an axis, 0 when the kernel does not fit.
func (c Conv) size(in, kernel int) int {
	if in+2*c.Pad < kernel {
		return 0
	}
	return (in+2*c.Pad-kernel)/c.Stride + 1
}

// WithRespectTo names all inputs.
func (c Conv) WithRespectTo(n int) []bool { return all(n) }

// Gradient is the transposed convolution of the gradient, the correlation of input
// and gradient, and the gradient's sum over all positions.
func (c Conv) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	x, w := in[0], in[1]
	dx, err := apply(ConvInputGrad{c, x.Shape()[1], x.Shape()[2]}, grad, w)
	if err != nil {
		return nil, err
	}
	dw, err := apply(ConvWeightGrad{c, w.Shape()[0], w.Shape()[1]}, x, grad)
	if err != nil || len(in) == 2 {
		return Nodes{dx, dw}, err
	}
	db, err := SumRows(grad)
	return Nodes{dx, dw, db}, err
}

// Host runs a matrix product over the taps, or a kernel of its own where every
// channel has its filter.
func (c Conv) Host(in []tensor.Shape, _ tensor.Shape) Call {
	s := c.kernel(in[0], in[1])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		var bias []float32
		if len(in) == 3 {
			bias = in[2]
		}
		p.ConvForward(out, in[0], in[1], bias, s)
	}}
}

// Lower is a matrix product for a plain 1×1 convolution, else one convolution.
func (c Conv) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, w := l.narrow(in[0]), l.narrow(in[1])
	var y hlo.Value
	if c.isProduct(w) {
		y = l.likeRows(l.Dot(l.matrix(x), 1, l.matrix(w), 0, l.Precision, l.activation()), x)
	} else {
		y = l.Convolve(x, w, hlo.Conv{
			X: images, W: hlo.KernelAxes{Spatial: [2]int{0, 1}, In: 2, Out: 3}, Out: images,
			Stride: c.Stride, Dilate: 1, KernelDilate: 1, Low: both(c.Pad), High: both(c.Pad),
			FeatureGroups: c.Groups, BatchGroups: 1, Precision: l.Precision,
		})
	}
	if len(in) == 3 {
		y = l.narrow(l.Add(l.wide(y), l.Channels(in[2], l.wide(y))))
	}
	return y
}

// isProduct reports whether the convolution with w is a product of matrices.
func (c Conv) isProduct(w hlo.Value) bool {
	d := hlo.Dims(w)
	return len(d) == 4 && d[0] == 1 && d[1] == 1 && c == Conv{Stride: 1, Groups: 1}
}

// images are the axes of [N, H, W, C].
var images = hlo.ImageAxes{Batch: 0, Spatial: [2]int{1, 2}, Feature: 3}

func both(n int) [2]int { return [2]int{n, n} }

// reach is how many positions the outputs' first taps span: (n−1)·Stride + 1.
func (c Conv) reach(n int) int { return (n-1)*c.Stride + 1 }

// kernel describes the convolution of x with w to the kernels.
func (c Conv) kernel(x, w tensor.Shape) kernel.ConvShape {
	return kernel.ConvShape{
		N: x[0], H: x[1], W: x[2], C: x[3], O: w[3], KH: w[0], KW: w[1],
		Stride: c.Stride, Pad: c.Pad, Groups: c.Groups,
	}
}
