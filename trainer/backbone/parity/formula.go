package parity

import (
	"math"
	"strings"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/rng"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// mix is splitmix64 over the name's hash plus i.
func mix(name string, i int) uint64 {
	z := rng.Hash(name) + uint64(i) + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// u is in [-1,1) and exact in float32: the top 24 bits of mix.
func u(name string, i int) float64 {
	return float64(int64(mix(name, i)>>40)-1<<23) / (1 << 23)
}

// tensor is the value of a parameter or buffer in timm's order.
func (f *Fixture) tensor(name string, timmShape []int) []float32 {
	n, in := 1, 1
	for i, d := range timmShape {
		n *= d
		if i > 0 {
			in *= d
		}
	}
	value := func(x float64) float32 { return float32(x) }
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case last == "gamma":
		value = func(x float64) float32 { return float32(0.125 + x/16) }
	case last == "running_mean":
		value = func(x float64) float32 { return float32(x / 8) }
	case last == "running_var":
		value = func(x float64) float32 { return float32(1 + math.Abs(x)/8) }
	case len(timmShape) > 1:
		s := float32(f.Gain * math.Sqrt(3/float64(in)))
		value = func(x float64) float32 { return float32(x) * s }
	case last == "weight" && f.closing(name):
		value = func(x float64) float32 { return float32(0.25 + x/8) }
	case last == "weight":
		value = func(x float64) float32 { return float32(1 + x/8) }
	case last == "bias":
		value = func(x float64) float32 { return float32(x / 8) }
	}
	v := make([]float32, n)
	for i := range v {
		v[i] = value(u(name, i))
	}
	return v
}

// closing says that a norm ends a residual branch of a ResNet. It is small, or
// the gradients of resnet50 would explode.
func (f *Fixture) closing(name string) bool {
	suffix := map[string]string{"resnet18": ".bn2.weight", "resnet50": ".bn3.weight"}[f.Model]
	return suffix != "" && strings.HasPrefix(name, "layer") && strings.HasSuffix(name, suffix)
}

// State is the formula's weights of a graph, in the graph's layout.
func (f *Fixture) State(params []backbone.Param, buffers []backbone.Buffer) weights.State {
	s := weights.State{}
	for _, p := range params {
		timm := f.tensor(p.Name, p.TimmShape())
		s[p.Name] = make([]float32, len(timm))
		p.Layout.FromTimm(s[p.Name], timm, p.Shape)
	}
	for _, b := range buffers {
		s[b.Name] = f.tensor(b.Name, b.Shape)
	}
	return s
}

// Pixels are the first n images, [n,S,S,3]: noise plus a coarse pattern of 4×4
// patches. The formula counts in [n,3,S,S].
func (f *Fixture) Pixels(n int) []float32 {
	S := f.ImageSize
	cell := S / 4
	out := make([]float32, n*S*S*3)
	for b := range n {
		for c := range 3 {
			for y := range S {
				for x := range S {
					noise := u(f.Input, ((b*3+c)*S+y)*S+x)
					coarse := u(f.Input+".coarse", ((b*3+c)*4+y/cell)*4+x/cell)
					out[((b*S+y)*S+x)*3+c] = float32(noise/2 + coarse)
				}
			}
		}
	}
	return out
}

// Labels are those of the first n images, [task][n].
func (f *Fixture) Labels(n int) [][]int32 {
	out := make([][]int32, len(f.Tasks))
	for t, task := range f.Tasks {
		for i := range n {
			out[t] = append(out[t], int32(mix("label:"+task.Name, i)>>40%uint64(task.Classes)))
		}
	}
	return out
}

// probe is the dot product with a formula tensor: it tells a permuted tensor
// from the right one, which a norm cannot. Values are in timm's order.
func probe(name string, timm []float32) float64 {
	var sum float64
	for i, v := range timm {
		sum += float64(v) * u("probe:"+name, i)
	}
	return sum
}

func norm(v []float32) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
