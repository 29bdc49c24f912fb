package hlo

import (
	"slices"

	"github.com/gomlx/go-xla/stablehlo"
	"github.com/gomlx/go-xla/types"
	"github.com/gomlx/go-xla/types/shapes"
)

func (f *Func) unary(op func(Value) (Value, error), x Value) Value {
	if !f.ok(x) {
		return nil
	}
	return f.keep(op(x))
}

func (f *Func) binary(op func(x, y Value) (Value, error), x, y Value) Value {
	if !f.ok(x, y) {
		return nil
	}
	return f.keep(op(x, y))
}

// Element by element; both operands have one shape.

func (f *Func) Add(x, y Value) Value { return f.binary(stablehlo.Add, x, y) }
func (f *Func) Sub(x, y Value) Value { return f.binary(stablehlo.Subtract, x, y) }
func (f *Func) Mul(x, y Value) Value { return f.binary(stablehlo.Multiply, x, y) }
func (f *Func) Div(x, y Value) Value { return f.binary(stablehlo.Divide, x, y) }
func (f *Func) Max(x, y Value) Value { return f.binary(stablehlo.Maximum, x, y) }
func (f *Func) And(x, y Value) Value { return f.binary(stablehlo.And, x, y) }

func (f *Func) Neg(x Value) Value      { return f.unary(stablehlo.Negate, x) }
func (f *Func) Not(x Value) Value      { return f.unary(stablehlo.Not, x) }
func (f *Func) Exp(x Value) Value      { return f.unary(stablehlo.Exponential, x) }
func (f *Func) Log(x Value) Value      { return f.unary(stablehlo.Log, x) }
func (f *Func) Sqrt(x Value) Value     { return f.unary(stablehlo.Sqrt, x) }
func (f *Func) Rsqrt(x Value) Value    { return f.unary(stablehlo.Rsqrt, x) }
func (f *Func) Logistic(x Value) Value { return f.unary(stablehlo.Logistic, x) }
func (f *Func) Erf(x Value) Value      { return f.unary(stablehlo.Erf, x) }
func (f *Func) IsFinite(x Value) Value { return f.unary(stablehlo.IsFinite, x) }

// Square is x·x.
func (f *Func) Square(x Value) Value { return f.Mul(x, x) }

// Convert changes the element type.
func (f *Func) Convert(x Value, t Type) Value {
	if !f.ok(x) || x.Shape().DType == t {
		return x
	}
	return f.keep(stablehlo.Convert(x, t))
}

func (f *Func) compare(x, y Value, d types.ComparisonDirection) Value {
	if !f.ok(x, y) {
		return nil
	}
	kind := types.CompareFloat
	switch t := x.Shape().DType; {
	case t == Bool || t == U8:
		kind = types.CompareUnsigned
	case t == I32:
		kind = types.CompareSigned
	}
	return f.keep(stablehlo.Compare(x, y, d, kind))
}

// Eq, Gt and Lt compare element by element.

func (f *Func) Eq(x, y Value) Value { return f.compare(x, y, types.CompareEQ) }
func (f *Func) Gt(x, y Value) Value { return f.compare(x, y, types.CompareGT) }
func (f *Func) Lt(x, y Value) Value { return f.compare(x, y, types.CompareLT) }

// Select takes a where p is true, b elsewhere. p may be a scalar.
func (f *Func) Select(p, a, b Value) Value {
	if !f.ok(p, a, b) {
		return nil
	}
	return f.keep(stablehlo.Select(p, a, b))
}

// Scalar is a constant without axes: float32 for F32, int32 for I32, …
func (f *Func) Scalar(v any) Value {
	if !f.ok() {
		return nil
	}
	return f.keep(f.fn.ConstantFromScalar(v))
}

// Constant is a constant vector.
func (f *Func) Constant(v ...float32) Value {
	if !f.ok() {
		return nil
	}
	return f.keep(f.fn.ConstantFromFlatAndShape(v, shapes.Make(F32, len(v))))
}

// Fill is a constant with the shape of like, which is of type F32 or I32.
func (f *Func) Fill(like Value, v float64) Value {
	if !f.ok(like) {
		return nil
	}
	var c Value
	if like.Shape().DType == I32 {
		c = f.Scalar(int32(v))
	} else {
		c = f.Convert(f.Scalar(float32(v)), like.Shape().DType)
	}
	return f.Broadcast(c, Dims(like))
}

// Iota counts along an axis, in int32.
func (f *Func) Iota(axis int, dims ...int) Value {
	if !f.ok() {
		return nil
	}
	return f.keep(f.fn.Iota(shapes.Make(I32, dims...), axis))
}

// Broadcast repeats x to the shape dims; axes says for each axis of x which one
// it becomes.
func (f *Func) Broadcast(x Value, dims []int, axes ...int) Value {
	if !f.ok(x) || len(dims) == 0 {
		return x
	}
	return f.keep(stablehlo.BroadcastInDim(x, shapes.Make(x.Shape().DType, dims...), axes))
}

// Channels repeats v [C] to the shape of like […, C].
func (f *Func) Channels(v, like Value) Value { return f.Broadcast(v, Dims(like), len(Dims(like))-1) }

// Rows repeats v […] to the shape of like […, C].
func (f *Func) Rows(v, like Value) Value {
	axes := make([]int, max(0, len(Dims(like))-1))
	for i := range axes {
		axes[i] = i
	}
	return f.Broadcast(v, Dims(like), axes...)
}

// Reshape gives x other axes over the same row-major elements.
func (f *Func) Reshape(x Value, dims ...int) Value {
	if !f.ok(x) || slices.Equal(Dims(x), dims) {
		return x
	}
	return f.keep(stablehlo.Reshape(x, shapes.Make(x.Shape().DType, dims...)))
}

// Transpose puts the axes of x into another order.
func (f *Func) Transpose(x Value, axes ...int) Value {
	if !f.ok(x) {
		return nil
	}
	return f.keep(stablehlo.Transpose(x, axes...))
}

// Reverse turns the order of the elements around along axes.
func (f *Func) Reverse(x Value, axes ...int) Value {
	if !f.ok(x) {
		return nil
	}
	return f.keep(stablehlo.Reverse(x, axes...))
}

// Slice takes from ≤ index < to along every axis, one of step elements each.
func (f *Func) Slice(x Value, from, to, step []int) Value {
	if !f.ok(x) {
		return nil
	}
	return f.keep(stablehlo.Slice(x, from, to, step))
}

// Pad puts low and high elements around x and inner ones between its elements,
// all of the value fill.
func (f *Func) Pad(x Value, fill float64, low, high, inner []int) Value {
	if !f.ok(x) {
		return nil
	}
	c := f.Convert(f.Scalar(float32(fill)), x.Shape().DType)
	if !f.ok(c) {
		return nil
	}
	return f.keep(stablehlo.Pad(x, c, low, high, inner))
}

// Concat puts values of one shape behind each other along an axis.
func (f *Func) Concat(axis int, vs ...Value) Value {
	if !f.ok(vs...) {
		return nil
	}
	return f.keep(stablehlo.Concatenate(axis, vs...))
}

// Sum adds up over axes.
func (f *Func) Sum(x Value, axes ...int) Value {
	return f.reduce(x, float32(0), stablehlo.Add, axes)
}

// Largest is the maximum over axes of float32 values.
func (f *Func) Largest(x Value, axes ...int) Value {
	return f.reduce(x, lowest, stablehlo.Maximum, axes)
}

// Lowest is the minimum over axes of int32 values.
func (f *Func) Lowest(x Value, axes ...int) Value {
	return f.reduce(x, int32(1<<31-1), stablehlo.Minimum, axes)
}

func (f *Func) reduce(x Value, start any, op func(a, b Value) (Value, error), axes []int) Value {
	if !f.ok(x) {
		return nil
	}
	first := f.Scalar(start)
	if !f.ok(first) {
		return nil
	}
	inner := &Func{fn: f.fn.Closure(), failure: f.failure}
	a, b := inner.keep(inner.fn.Input(first.Shape())), inner.keep(inner.fn.Input(first.Shape()))
	inner.Return(inner.binary(op, a, b))
	if *f.failure != nil {
		return nil
	}
	return f.keep(stablehlo.Reduce(x, first, inner.fn, axes...))
}

// Row is row i of x [R, …], without the first axis.
func (f *Func) Row(x, i Value) Value {
	if !f.ok(x, i) {
		return nil
	}
	at, size := f.firstAxis(i, Dims(x)), slices.Clone(Dims(x))
	if !f.ok(at...) {
		return nil
	}
	size[0] = 1
	row := f.keep(stablehlo.DynamicSlice(x, at, size))
	return f.Reshape(row, size[1:]...)
}

// SetRow is x [R, …] with row i replaced by row.
func (f *Func) SetRow(x, i, row Value) Value {
	if !f.ok(x, i, row) {
		return nil
	}
	at := f.firstAxis(i, Dims(x))
	update := f.Reshape(row, append([]int{1}, Dims(row)...)...)
	if !f.ok(at...) || !f.ok(update) {
		return nil
	}
	return f.keep(stablehlo.DynamicUpdateSlice(x, update, at))
}

// firstAxis is the position of index i of the first axis.
func (f *Func) firstAxis(i Value, dims []int) []Value {
	at := []Value{i}
	for range dims[1:] {
		at = append(at, f.Scalar(int32(0)))
	}
	return at
}

// Gather takes rows of x [R, D]: index [N] → [N, D].
func (f *Func) Gather(x, index Value) Value {
	if !f.ok(x, index) {
		return nil
	}
	column := f.Reshape(index, Size(index), 1)
	if !f.ok(column) {
		return nil
	}
	return f.keep(stablehlo.Gather(x, column, 1, []int{1}, []int{0}, nil, nil, []int{0}, []int{1, Last(x)}, false))
}
