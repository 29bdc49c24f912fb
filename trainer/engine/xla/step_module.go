package xla

import (
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/hlo"
)

// The rows of a step's settings.
const (
	decay   = iota // learning rate · weight decay
	rate           // learning rate / (1 − β₁ᵗ)
	unbias         // 1 / √(1 − β₂ᵗ)
	setting        // their number
)

// stepModule writes the executable that trains. With K = most,
// n the images of a step, T the tasks, its arguments are
//
//	images   [images, S·S·3] bytes
//	steps    int32, how many of the K to do
//	index    [K, n] int32, rows of images
//	flip     [K, n] bytes, 0 or 1
//	labels   [K, T, n] int32
//	settings [K, 3] float32
//	state    parameters, running statistics, both moments; donated
//
// and its results the state, in the same memory, and the losses [K, T]. A step
// whose loss is not finite leaves the state as it is.
func (d design) stepModule(n int) ([]byte, error) {
	g, err := d.spec.Graph(n, true)
	if err != nil {
		return nil, err
	}
	K, T, P, B := d.most, len(d.spec.Tasks), len(g.Params), len(g.Buffers)
	w := d.module("step")
	steps := w.Arg("steps", hlo.I32)
	index, flip := w.Arg("index", hlo.I32, K, n), w.Arg("flip", hlo.U8, K, n)
	labels, settings := w.Arg("labels", hlo.I32, K, T, n), w.Arg("settings", hlo.F32, K, setting)
	var state []hlo.Value
	donated := func(kind string, name string, shape []int) {
		state = append(state, w.Donated(kind+"_"+name, len(state), hlo.F32, shape...))
	}
	for _, p := range g.Params {
		donated("param", p.Name, p.Shape)
	}
	for _, b := range g.Buffers {
		donated("buffer", b.Name, b.Shape)
	}
	for _, moment := range []string{"moment1", "moment2"} {
		for _, p := range g.Params {
			donated(moment, p.Name, p.Shape)
		}
	}

	losses := w.Broadcast(w.Scalar(float32(0)), []int{K, T})
	out := w.repeat(steps, append([]hlo.Value{losses}, state...), func(f *hlo.Func, i hlo.Value, v []hlo.Value) []hlo.Value {
		losses, state := v[0], v[1:]
		x := w.input(f, f.Use(w.pictures), f.Row(f.Use(index), i), f.Row(f.Use(flip), i))
		values, err := w.graph(f, g, x, state, taskRows(f, f.Row(f.Use(labels), i), hlo.F32))
		if err != nil {
			f.Fail(err)
			return nil
		}
		var each []hlo.Value
		for _, n := range g.Losses {
			each = append(each, f.Reshape(values[n], 1))
		}
		loss := f.Concat(0, each...)
		finite := f.Eq(f.Sum(f.Convert(f.IsFinite(loss), hlo.F32), 0), f.Scalar(float32(T)))

		next := make([]hlo.Value, len(state))
		s := adamW{f: f, weightDecay: d.spec.WeightDecay > 0}
		s.load(f.Row(f.Use(settings), i))
		for j, p := range g.Grads {
			grad := f.Convert(values[p], hlo.F32)
			m, v := P+B+j, P+B+P+j
			next[j], next[m], next[v] = s.step(state[j], state[m], state[v], grad)
		}
		for j, b := range g.Buffers {
			stats := values[b.Stats]
			C := hlo.Last(stats)
			batch := f.Reshape(f.Slice(stats, []int{b.Row, 0}, []int{b.Row + 1, C}, nil), C)
			old := state[P+j]
			kept := f.Mul(old, f.Fill(old, 1-b.Momentum))
			next[P+j] = f.Add(kept, f.Mul(batch, f.Fill(batch, b.Momentum*b.Scale())))
		}
		for j := range next {
			next[j] = f.Select(finite, next[j], state[j])
		}
		return append([]hlo.Value{f.SetRow(losses, i, loss)}, next...)
	})
	if w.Err() == nil {
		w.Return(append(out[1:], out[0])...)
	}
	return w.finish("training step")
}

// adamW is the optimiser of one step (Loshchilov and Hutter 2019).
type adamW struct {
	f                   *hlo.Func
	weightDecay         bool
	decay, rate, unbias hlo.Value // scalars
}

func (s *adamW) load(settings hlo.Value) {
	at := func(i int) hlo.Value {
		return s.f.Reshape(s.f.Slice(settings, []int{i}, []int{i + 1}, nil))
	}
	s.decay, s.rate, s.unbias = at(decay), at(rate), at(unbias)
}

func (s *adamW) step(p, m, v, g hlo.Value) (p2, m2, v2 hlo.Value) {
	f, dims := s.f, hlo.Dims(p)
	mix := func(old, new hlo.Value, keep float64) hlo.Value {
		return f.Add(f.Mul(old, f.Fill(old, keep)), f.Mul(new, f.Fill(new, 1-keep)))
	}
	m2 = mix(m, g, engine.Beta1)
	v2 = mix(v, f.Square(g), engine.Beta2)
	root := f.Mul(f.Sqrt(v2), f.Broadcast(s.unbias, dims))
	step := f.Mul(f.Div(m2, f.Add(root, f.Fill(root, engine.Epsilon))), f.Broadcast(s.rate, dims))
	if s.weightDecay {
		step = f.Add(step, f.Mul(p, f.Broadcast(s.decay, dims)))
	}
	return f.Sub(p, step), m2, v2
}
