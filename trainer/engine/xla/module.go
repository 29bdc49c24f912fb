package xla

import (
	"fmt"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/op"
)

// design is what a program's modules have in common.
type design struct {
	spec  engine.Spec
	exact bool // float32 products without TF32
	taps  bool // see op.Lowering

	images int  // images on the device
	most   int  // K, the most steps or batches of a launch
	float  bool // images are float32 and normalised already, not bytes
}

// pixels is the number of values of an image.
func (d design) pixels() int { return d.spec.ImageSize * d.spec.ImageSize * 3 }

// writer is a module while it is written.
type writer struct {
	design
	*hlo.Module
	pictures hlo.Value // [images, S·S·3]
}

func (d design) module(name string) *writer {
	w := &writer{design: d, Module: hlo.New(name)}
	t := hlo.U8
	if d.float {
		t = hlo.F32
	}
	w.pictures = w.Arg("images", t, d.images, d.pixels())
	return w
}

// lowering is how operations are written into f.
func (d design) lowering(f *hlo.Func) *op.Lowering {
	l := &op.Lowering{Func: f, Half: d.spec.Precision == engine.BF16}
	if d.exact {
		l.Precision = hlo.Exact
	}
	l.Taps = d.taps
	return l
}

// ImageNet's mean and standard deviation of a colour, for pixels from 0 to 1.
var (
	mean      = [3]float64{0.485, 0.456, 0.406}
	deviation = [3]float64{0.229, 0.224, 0.225}
)

// input takes those at index [n] out of images [images, S·S·3], mirrors those
// whose flip [n] is not 0, and normalises them: [n, S, S, 3].
func (w *writer) input(f *hlo.Func, images, index, flip hlo.Value) hlo.Value {
	S := w.spec.ImageSize
	x := f.Reshape(f.Gather(images, index), hlo.Size(index), S, S, 3)
	wide := f.Convert(flip, hlo.I32)
	mirrored := f.Gt(wide, f.Fill(wide, 0))
	x = f.Select(f.Broadcast(mirrored, hlo.Dims(x), 0), f.Reverse(x, 2), x)
	if w.float {
		return x
	}
	var scale, shift [3]float32
	for c := range scale {
		scale[c] = float32(1 / (255 * deviation[c]))
		shift[c] = float32(-mean[c] / deviation[c])
	}
	x = f.Convert(x, hlo.F32)
	return f.Add(f.Mul(x, f.Channels(f.Constant(scale[:]...), x)), f.Channels(f.Constant(shift[:]...), x))
}

// graph lowers a network for the images x and returns the values of its nodes.
func (w *writer) graph(f *hlo.Func, g *backbone.Graph, x hlo.Value, state []hlo.Value, labels []hlo.Value) (map[*op.Node]hlo.Value, error) {
	values := map[*op.Node]hlo.Value{g.Input: x}
	for t, n := range g.Labels {
		values[n] = labels[t]
	}
	for i, p := range g.Params {
		values[p.Node] = state[i]
	}
	for i, b := range g.Buffers {
		if b.Node != nil {
			values[b.Node] = state[len(g.Params)+i]
		}
	}
	if err := op.LowerGraph(w.lowering(f), engine.Outputs(g), values); err != nil {
		return nil, fmt.Errorf("%s: %w", w.spec.Model, err)
	}
	return values, nil
}

// taskRows are the rows of x [T, n], which become float32 where they are labels.
func taskRows(f *hlo.Func, x hlo.Value, t hlo.Type) []hlo.Value {
	d := hlo.Dims(x)
	if len(d) != 2 {
		return nil
	}
	var rows []hlo.Value
	for i := range d[0] {
		row := f.Slice(x, []int{i, 0}, []int{i + 1, d[1]}, nil)
		rows = append(rows, f.Convert(f.Reshape(row, d[1]), t))
	}
	return rows
}

// asRows puts vectors of one size below each other: [T, n].
func asRows(f *hlo.Func, vs []hlo.Value) hlo.Value {
	var rows []hlo.Value
	for _, v := range vs {
		rows = append(rows, f.Reshape(v, 1, hlo.Size(v)))
	}
	return f.Concat(0, rows...)
}

// repeat does body count times, at most K: body gets the number of the round and
// the state and returns the next state. With K = 1 there is no loop: on processors
// XLA runs what is inside of one several times slower.
func (w *writer) repeat(count hlo.Value, state []hlo.Value, body func(f *hlo.Func, i hlo.Value, state []hlo.Value) []hlo.Value) []hlo.Value {
	zero := w.Scalar(int32(0))
	if w.most == 1 {
		return body(w.Func, zero, state)
	}
	out := w.While(append([]hlo.Value{zero}, state...), func(f *hlo.Func, v []hlo.Value) hlo.Value {
		return f.Lt(v[0], f.Use(count))
	}, func(f *hlo.Func, v []hlo.Value) []hlo.Value {
		next := body(f, v[0], v[1:])
		return append([]hlo.Value{f.Add(v[0], f.Scalar(int32(1)))}, next...)
	})
	return out[1:]
}
