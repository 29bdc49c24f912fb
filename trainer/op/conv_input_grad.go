package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// ConvInputGrad is the gradient of a convolution with respect to its input,
// which had height H and width W.
//
//	dy [N, OH, OW, K], w [KH, KW, C/Groups, K] → [N, H, W, C]
type ConvInputGrad struct {
	Conv Conv
	H, W int
}

// Shape checks that the convolution of the result has the gradient's shape.
func (c ConvInputGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"dy", "w"}, 4, 4); err != nil {
		return nil, err
	}
	dy, w := in[0], in[1]
	x := tensor.Shape{dy[0], c.H, c.W, w[2] * c.Conv.Groups}
	y, err := c.Conv.Shape([]tensor.Shape{x, w})
	if err != nil {
		return nil, err
	}
	if !equal(y, dy) {
		return nil, fmt.Errorf("dy is %v, but %v with w %v gives %v", dy, x, w, y)
	}
	return x, nil
}

// Host runs the convolution backwards.
func (c ConvInputGrad) Host(in []tensor.Shape, out tensor.Shape) Call {
	s := c.Conv.kernel(out, in[1])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.ConvInputGrad(out, in[0], in[1], s)
	}}
}

// Lower convolves dy, with Stride−1 zeros between its elements, with w turned
// around and its inputs and outputs exchanged. With groups, the group moves from
// the outputs of w to its inputs.
func (c ConvInputGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	dy, w := l.narrow(in[0]), l.narrow(in[1])
	if l.Err() != nil {
		return nil
	}
	if c.Conv.isProduct(w) {
		return l.likeRows(l.Dot(l.matrix(dy), 1, l.matrix(w), 1, l.Precision, l.activation()), dy)
	}
	KH, KW, I, K := hlo.Dims(w)[0], hlo.Dims(w)[1], hlo.Dims(w)[2], hlo.Dims(w)[3]
	if G := c.Conv.Groups; G > 1 {
		w = l.Transpose(l.Reshape(w, KH, KW, I, G, K/G), 0, 1, 3, 2, 4)
		w = l.Reshape(w, KH, KW, G*I, K/G)
	}
	low := [2]int{KH - 1 - c.Conv.Pad, KW - 1 - c.Conv.Pad}
	return l.Convolve(dy, l.Reverse(w, 0, 1), hlo.Conv{
		X: images, W: hlo.KernelAxes{Spatial: [2]int{0, 1}, In: 3, Out: 2}, Out: images,
		Stride: 1, Dilate: c.Conv.Stride, KernelDilate: 1,
		Low: low,
		High: [2]int{
			c.H + KH - 1 - c.Conv.reach(hlo.Dims(dy)[1]) - low[0],
			c.W + KW - 1 - c.Conv.reach(hlo.Dims(dy)[2]) - low[1],
		},
		FeatureGroups: c.Conv.Groups, BatchGroups: 1, Precision: l.Precision,
	})
}
