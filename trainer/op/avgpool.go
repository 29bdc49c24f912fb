package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// SpatialMean is the mean over height and width.
//
//	x [N, H, W, C] → [N, C]
type SpatialMean struct{}

// GlobalAvgPool takes the mean of x over height and width.
func GlobalAvgPool(x *Node) (*Node, error) { return apply(SpatialMean{}, x) }

// Shape is the rule above.
func (SpatialMean) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, 4); err != nil {
		return nil, err
	}
	return tensor.Shape{in[0][0], in[0][3]}, nil
}

// WithRespectTo names the input.
func (SpatialMean) WithRespectTo(n int) []bool { return all(n) }

// Gradient is dy/(H·W) everywhere.
func (SpatialMean) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := apply(SpatialMeanGrad{in[0].Shape()[1], in[0].Shape()[2]}, grad)
	return Nodes{dx}, err
}

// Host runs one pass.
func (SpatialMean) Host(in []tensor.Shape, _ tensor.Shape) Call {
	N, P, C := in[0][0], in[0][1]*in[0][2], in[0][3]
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.GlobalAvgPool(out, in[0], N, P, C)
	}}
}

// Lower sums and divides.
func (SpatialMean) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x := in[0]
	sum := l.Sum(l.wide(x), 1, 2)
	return l.narrow(l.times(sum, float64(hlo.Size(sum))/float64(max(1, hlo.Size(x)))))
}

// SpatialMeanGrad spreads a gradient over H × W positions: dy/(H·W) everywhere.
//
//	dy [N, C] → [N, H, W, C]
type SpatialMeanGrad struct{ H, W int }

// Shape is the rule above.
func (g SpatialMeanGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"dy"}, 2); err != nil {
		return nil, err
	}
	if g.H < 1 || g.W < 1 {
		return nil, fmt.Errorf("want a height and width of at least 1")
	}
	return tensor.Shape{in[0][0], g.H, g.W, in[0][1]}, nil
}

// Host runs one pass.
func (SpatialMeanGrad) Host(_ []tensor.Shape, out tensor.Shape) Call {
	N, P, C := out[0], out[1]*out[2], out[3]
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.GlobalAvgPoolGrad(out, in[0], N, P, C)
	}}
}

// Lower divides and repeats.
func (g SpatialMeanGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	dy := in[0]
	part := l.narrow(l.times(l.wide(dy), 1/float64(g.H*g.W)))
	if part == nil {
		return nil
	}
	N, C := hlo.Dims(dy)[0], hlo.Dims(dy)[1]
	return l.Broadcast(part, []int{N, g.H, g.W, C}, 0, 3)
}
