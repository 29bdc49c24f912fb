package op

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
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

// Lower is the maximum of one slice of the padded image per position in the window.
func (p Pool) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	var y hlo.Value
	for _, tap := range p.taps(l, in[0]) {
		if y == nil {
			y = tap
			continue
		}
		y = l.Max(y, tap)
	}
	return y
}

// taps are, for each position in the window in row-major order, the values that
// the outputs see there [N, OH, OW, C]; −∞ outside the image.
func (p Pool) taps(l *Lowering, x hlo.Value) []hlo.Value {
	if x == nil {
		return nil
	}
	around := []int{0, p.Pad, p.Pad, 0}
	padded := l.Pad(x, math.Inf(-1), around, around, nil)
	N, H, W, C := hlo.Dims(x)[0], hlo.Dims(x)[1]+2*p.Pad, hlo.Dims(x)[2]+2*p.Pad, hlo.Dims(x)[3]
	high, wide := (H-p.Kernel)/p.Stride*p.Stride+1, (W-p.Kernel)/p.Stride*p.Stride+1
	var taps []hlo.Value
	for i := range p.Kernel {
		for j := range p.Kernel {
			taps = append(taps, l.Slice(padded, []int{0, i, j, 0}, []int{N, i + high, j + wide, C}, []int{1, p.Stride, p.Stride, 1}))
		}
	}
	return taps
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

// Lower finds for each output the first position that holds its maximum, spreads
// dy to those of one position at a time, and sums over the positions.
func (p PoolGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x, y, dy := in[0], in[1], in[2]
	if l.Err() != nil {
		return nil
	}
	H, W := hlo.Dims(x)[1]+2*p.Pad, hlo.Dims(x)[2]+2*p.Pad
	inner := []int{0, p.Stride - 1, p.Stride - 1, 0}
	high, wide := (H-p.Kernel)/p.Stride*p.Stride+1, (W-p.Kernel)/p.Stride*p.Stride+1
	var open, sum hlo.Value // open: the maximum was not found yet
	for k, tap := range Pool(p).taps(l, x) {
		hit := l.Eq(tap, y)
		if k > 0 {
			hit = l.And(hit, open)
			open = l.And(open, l.Not(hit))
		} else {
			open = l.Not(hit)
		}
		i, j := k/p.Kernel, k%p.Kernel
		spread := l.Pad(l.Select(hit, dy, l.Fill(dy, 0)), 0, []int{0, i, j, 0}, []int{0, H - high - i, W - wide - j, 0}, inner)
		if sum == nil {
			sum = spread
			continue
		}
		sum = l.Add(sum, spread)
	}
	return l.Slice(sum, []int{0, p.Pad, p.Pad, 0},
		[]int{hlo.Dims(x)[0], H - p.Pad, W - p.Pad, hlo.Last(x)}, nil)
}
