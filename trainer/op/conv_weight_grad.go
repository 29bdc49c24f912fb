package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// ConvWeightGrad is the gradient of a convolution with respect to its weights,
// whose kernel was KH × KW.
//
//	x [N, H, W, C], dy [N, OH, OW, K] → [KH, KW, C/Groups, K]
type ConvWeightGrad struct {
	Conv   Conv
	KH, KW int
}

// Shape checks that the convolution with the result has the gradient's shape.
func (c ConvWeightGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "dy"}, 4, 4); err != nil {
		return nil, err
	}
	x, dy := in[0], in[1]
	if c.Conv.Groups < 1 || x[3]%c.Conv.Groups != 0 {
		return nil, fmt.Errorf("x %v does not divide into %d groups", x, c.Conv.Groups)
	}
	w := tensor.Shape{c.KH, c.KW, x[3] / c.Conv.Groups, dy[3]}
	y, err := c.Conv.Shape([]tensor.Shape{x, w})
	if err != nil {
		return nil, err
	}
	if !equal(y, dy) {
		return nil, fmt.Errorf("dy is %v, but x %v with weights %v gives %v", dy, x, w, y)
	}
	return w, nil
}

// Host correlates x and dy.
func (c ConvWeightGrad) Host(in []tensor.Shape, out tensor.Shape) Call {
	s := c.Conv.kernel(in[0], out)
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.ConvWeightGrad(out, in[0], in[1], s)
	}}
}

// Lower convolves x with dy: the images are summed over, so they take the place
// of the features, and the channels that of the images. The steps between the
// elements of dy are those of the stride.
func (c ConvWeightGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, dy := l.narrow(in[0]), l.narrow(in[1])
	if l.Err() != nil {
		return nil
	}
	if c.KH == 1 && c.KW == 1 && c.Conv == (Conv{Stride: 1, Groups: 1}) {
		w := l.Dot(l.matrix(x), 0, l.matrix(dy), 0, l.Precision, hlo.F32)
		return l.Reshape(w, 1, 1, hlo.Last(x), hlo.Last(dy))
	}
	if l.Taps && c.Conv.Groups == hlo.Last(x) && c.Conv.Groups == hlo.Last(dy) {
		return c.lowerTaps(l, l.wide(x), l.wide(dy))
	}
	return l.wide(l.Convolve(x, dy, hlo.Conv{
		X:      hlo.ImageAxes{Batch: 3, Spatial: [2]int{1, 2}, Feature: 0},
		W:      hlo.KernelAxes{In: 0, Spatial: [2]int{1, 2}, Out: 3},
		Out:    hlo.ImageAxes{Spatial: [2]int{0, 1}, Batch: 2, Feature: 3},
		Stride: 1, Dilate: 1, KernelDilate: c.Conv.Stride,
		Low: both(c.Conv.Pad),
		High: [2]int{
			c.Conv.reach(hlo.Dims(dy)[1]) - hlo.Dims(x)[1] + c.KH - c.Conv.Pad - 1,
			c.Conv.reach(hlo.Dims(dy)[2]) - hlo.Dims(x)[2] + c.KW - c.Conv.Pad - 1,
		},
		FeatureGroups: 1, BatchGroups: c.Conv.Groups, Precision: l.Precision,
	}))
}

// lowerTaps sums, for each position in the kernel, the product of dy with what the
// outputs see of x there.
func (c ConvWeightGrad) lowerTaps(l *Lowering, x, dy hlo.Value) hlo.Value {
	N, OH, OW, C := hlo.Dims(dy)[0], hlo.Dims(dy)[1], hlo.Dims(dy)[2], hlo.Dims(dy)[3]
	low := []int{0, c.Conv.Pad, c.Conv.Pad, 0}
	x = l.Pad(x, 0, low, low, nil)
	high, wide := c.Conv.reach(OH), c.Conv.reach(OW)
	var sums []hlo.Value
	for i := range c.KH {
		for j := range c.KW {
			tap := l.Slice(x, []int{0, i, j, 0}, []int{N, i + high, j + wide, C}, []int{1, c.Conv.Stride, c.Conv.Stride, 1})
			sums = append(sums, l.perChannel(l.Mul(tap, dy)))
		}
	}
	return l.Reshape(l.stack(sums...), c.KH, c.KW, 1, C)
}
