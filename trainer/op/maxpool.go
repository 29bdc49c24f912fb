package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Pool is a two-dimensional maximum pooling with a square window. Padding never
// wins; of equal values the first in row-major order of the window gets the
// gradient.
//
//	x [N, H, W, C] → [N, OH, OW, C], OH = (H + 2·Pad − Kernel)/Stride + 1
type Pool struct{ Kernel, Stride, Pad int }

// MaxPool takes the maximum of each window of x.
func MaxPool(x *Node, p Pool) (*Node, error) { return apply(p, x) }

// Shape is the rule above.
func (p Pool) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, 4); err != nil {
		return nil, err
	}
	if p.Kernel < 1 || p.Stride < 1 || p.Pad < 0 || 2*p.Pad > p.Kernel {
		return nil, fmt.Errorf("want kernel ≥ 1, stride ≥ 1 and padding between 0 and half the kernel")
	}
	x := in[0]
	if min(x[1], x[2])+2*p.Pad < p.Kernel {
		return nil, fmt.Errorf("x %v is smaller than the window", x)
	}
	size := func(n int) int { return (n+2*p.Pad-p.Kernel)/p.Stride + 1 }
	return tensor.Shape{x[0], size(x[1]), size(x[2]), x[3]}, nil
}

// WithRespectTo names the input.
func (Pool) WithRespectTo(n int) []bool { return all(n) }

// Gradient puts each value of dy where its maximum was.
func (p Pool) Gradient(in Nodes, out, grad *Node) (Nodes, error) {
	dx, err := apply(PoolGrad(p), in[0], out, grad)
	return Nodes{dx}, err
}

// Host runs one pass over the windows.
func (p Pool) Host(in []tensor.Shape, _ tensor.Shape) Call {
	s := p.kernel(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) { p.MaxPool(out, in[0], s) }}
}

// kernel describes the pooling of x to the kernels.
func (p Pool) kernel(x tensor.Shape) kernel.PoolShape {
	return kernel.PoolShape{N: x[0], H: x[1], W: x[2], C: x[3], Kernel: p.Kernel, Stride: p.Stride, Pad: p.Pad}
}

// PoolGrad is the gradient of a maximum pooling.
//
//	x [N, H, W, C], y and dy [N, OH, OW, C] → [N, H, W, C]
type PoolGrad struct{ Kernel, Stride, Pad int }

// Shape is the rule above.
func (p PoolGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "y", "dy"}, 4, 4, 4); err != nil {
		return nil, err
	}
	y, err := Pool(p).Shape(in[:1])
	if err != nil {
		return nil, err
	}
	if err := wantSame("the pooled x", y, "y", in[1]); err != nil {
		return nil, err
	}
	if err := wantSame("y", y, "dy", in[2]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// Host runs one pass over the windows.
func (p PoolGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	s := Pool(p).kernel(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.MaxPoolGrad(out, in[2], in[1], in[0], s)
	}}
}
