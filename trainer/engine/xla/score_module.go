package xla

import (
	"fmt"
	"math"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/hlo"
)

// frozen adds parameters and running statistics as arguments.
func (w *writer) frozen(g *backbone.Graph) []hlo.Value {
	var state []hlo.Value
	for _, p := range g.Params {
		state = append(state, w.Arg("param_"+p.Name, hlo.F32, p.Shape...))
	}
	for _, b := range g.Buffers {
		state = append(state, w.Arg("buffer_"+b.Name, hlo.F32, b.Shape...))
	}
	return state
}

// logitsModule writes the executable that evaluates n images: images, index [n]
// int32, flip [n] bytes, parameters, running statistics → the logits [n, classes] of each task.
func (d design) logitsModule(n int) ([]byte, error) {
	g, err := d.spec.Graph(n, false)
	if err != nil {
		return nil, err
	}
	w := d.module("logits")
	index, flip := w.Arg("index", hlo.I32, n), w.Arg("flip", hlo.U8, n)
	state := w.frozen(g)
	values, err := w.graph(w.Func, g, w.input(w.Func, w.pictures, index, flip), state, nil)
	if err != nil {
		return nil, err
	}
	var logits []hlo.Value
	for _, l := range g.Logits {
		logits = append(logits, w.Convert(values[l], hlo.F32))
	}
	w.Return(logits...)
	return w.finish("evaluation")
}

func (w *writer) finish(what string) ([]byte, error) {
	text, err := w.Text()
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", what, w.spec.Model, err)
	}
	return text, nil
}

// scoreModule writes the executable that judges up to K·n images of the data set, K = most:
//
//	images [images, S·S·3] bytes
//	blocks int32, how many of the K to do
//	index  [K, n] int32
//	flip   [K, n] bytes
//	labels [K, T, n] int32
//	parameters, running statistics
//
// → the predicted classes [K, T, n] int32 and the cross-entropies [K, T, n]. Of
// equal logits the first is predicted, and a NaN never is.
func (d design) scoreModule(n int) ([]byte, error) {
	g, err := d.spec.Graph(n, false)
	if err != nil {
		return nil, err
	}
	K, T := d.most, len(d.spec.Tasks)
	w := d.module("score")
	blocks := w.Arg("blocks", hlo.I32)
	index, flip := w.Arg("index", hlo.I32, K, n), w.Arg("flip", hlo.U8, K, n)
	labels := w.Arg("labels", hlo.I32, K, T, n)
	state := w.frozen(g)
	out := w.repeat(blocks, []hlo.Value{
		w.Broadcast(w.Scalar(int32(0)), []int{K, T, n}),
		w.Broadcast(w.Scalar(float32(0)), []int{K, T, n}),
	}, func(f *hlo.Func, i hlo.Value, v []hlo.Value) []hlo.Value {
		frozen := make([]hlo.Value, len(state))
		for j := range state {
			frozen[j] = f.Use(state[j])
		}
		x := w.input(f, f.Use(w.pictures), f.Row(f.Use(index), i), f.Row(f.Use(flip), i))
		values, err := w.graph(f, g, x, frozen, nil)
		if err != nil {
			f.Fail(err)
			return nil
		}
		var classes, losses []hlo.Value
		for t, label := range taskRows(f, f.Row(f.Use(labels), i), hlo.I32) {
			class, loss := judge(f, f.Convert(values[g.Logits[t]], hlo.F32), label)
			classes, losses = append(classes, class), append(losses, loss)
		}
		return []hlo.Value{
			f.SetRow(v[0], i, asRows(f, classes)),
			f.SetRow(v[1], i, asRows(f, losses)),
		}
	})
	if w.Err() == nil {
		w.Return(out...)
	}
	return w.finish("validation")
}

// judge returns the class of the largest of the logits [n, C] and the
// cross-entropy of the labels [n], both [n].
func judge(f *hlo.Func, logits, labels hlo.Value) (class, loss hlo.Value) {
	if f.Err() != nil {
		return nil, nil
	}
	dims := hlo.Dims(logits)
	column := f.Iota(1, dims...)
	number := f.Select(f.Eq(logits, logits), logits, f.Fill(logits, math.Inf(-1)))
	top := f.Largest(number, 1)
	class = f.Lowest(f.Select(f.Eq(number, f.Rows(top, number)), column, f.Fill(column, float64(dims[1]-1))), 1)

	shifted := f.Sub(logits, f.Rows(top, logits))
	picked := f.Select(f.Eq(column, f.Rows(labels, column)), shifted, f.Fill(shifted, 0))
	return class, f.Sub(f.Log(f.Sum(f.Exp(shifted), 1)), f.Sum(picked, 1))
}
