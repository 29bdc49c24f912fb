package op

import (
	"fmt"

	"gorgonia.org/tensor"

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
