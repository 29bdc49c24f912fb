package op

import (
	"slices"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// BatchStats is the mean and the biased variance of every channel.
//
//	x […, C] → [2, C]
type BatchStats struct{}

// Shape is the rule above.
func (BatchStats) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, -1); err != nil {
		return nil, err
	}
	return tensor.Shape{2, last(in[0])}, nil
}

// Host runs one pass.
func (BatchStats) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.BatchStats(out, in[0], R, C)
	}}
}

// Lower reads x once: it sums d and d² with d = x − s, s being the channel's value
// in the middle of the first image. Unlike Σx², this keeps its digits when the mean
// is far from zero.
func (BatchStats) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x := l.wide(in[0])
	if x == nil {
		return nil
	}
	C := hlo.Last(x)
	n := float64(max(1, hlo.Size(x)/C))
	from, to := make([]int, len(hlo.Dims(x))), slices.Clone(hlo.Dims(x))
	for i := range len(from) - 1 {
		if i > 0 {
			from[i] = to[i] / 2
		}
		to[i] = from[i] + 1
	}
	s := l.Reshape(l.Slice(x, from, to, nil), C)
	d := l.Sub(x, l.Channels(s, x))
	mean := l.times(l.perChannel(d), 1/n) // of d
	variance := l.Sub(l.times(l.perChannel(l.Square(d)), 1/n), l.Square(mean))
	return l.stack(l.Add(mean, s), l.Max(variance, l.Fill(variance, 0)))
}
