package op

import (
	"fmt"

	"gorgonia.org/tensor"

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
