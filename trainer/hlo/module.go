package hlo

import (
	"errors"
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/go-xla/stablehlo"
	"github.com/gomlx/go-xla/types/shapes"
)

// Value is the result of an operation, or an argument; it knows its shape.
type Value = *stablehlo.Value

// Type is the type of an element.
type Type = dtypes.DType

// The types in use.
const (
	F32  = dtypes.Float32
	BF16 = dtypes.BFloat16
	I32  = dtypes.Int32
	U8   = dtypes.Uint8
	Bool = dtypes.Bool
)

// Module is a program with one function, main.
type Module struct {
	*Func
	builder *stablehlo.Builder
}

// Func is a function or the region of a loop while it is written.
type Func struct {
	fn      *stablehlo.Function
	failure *error // of the module
}

// New starts a module.
func New(name string) *Module {
	b := stablehlo.New(name)
	return &Module{&Func{fn: b.Main(), failure: new(error)}, b}
}

// Text is the finished module: Return has been called.
func (m *Module) Text() ([]byte, error) {
	if *m.failure != nil {
		return nil, *m.failure
	}
	return m.builder.Build()
}

// Err is the first error so far.
func (f *Func) Err() error { return *f.failure }

// Fail makes err the module's error unless there is one already.
func (f *Func) Fail(err error) {
	if *f.failure == nil && err != nil {
		*f.failure = err
	}
}

// keep returns v unless something has failed.
func (f *Func) keep(v Value, err error) Value {
	if f.Fail(err); *f.failure != nil {
		return nil
	}
	return v
}

// ok reports whether all values are there, which they are until the first error.
func (f *Func) ok(vs ...Value) bool {
	if *f.failure != nil {
		return false
	}
	for _, v := range vs {
		if v == nil {
			f.Fail(errors.New("hlo: an operation on no value"))
			return false
		}
	}
	return true
}

// Arg adds an argument.
func (f *Func) Arg(name string, t Type, dims ...int) Value {
	if !f.ok() {
		return nil
	}
	return f.keep(f.fn.NamedInput(name, shapes.Make(t, dims...)))
}

// Donated adds an argument whose memory becomes that of a result, which is
// numbered by output.
func (f *Func) Donated(name string, output int, t Type, dims ...int) Value {
	if !f.ok() {
		return nil
	}
	attributes := map[string]any{"tf.aliasing_output": int32(output)}
	return f.keep(f.fn.NamedInputWithAttributes(name, shapes.Make(t, dims...), attributes))
}

// Return ends the function.
func (f *Func) Return(vs ...Value) {
	if f.ok(vs...) {
		f.Fail(f.fn.Return(vs...))
	}
}

// Dims is the shape of a value; nil after an error.
func Dims(v Value) []int {
	if v == nil {
		return nil
	}
	return v.Shape().Dimensions
}

// Last is the size of the last axis of a value: its channels.
func Last(v Value) int {
	d := Dims(v)
	if len(d) == 0 {
		return 0
	}
	return d[len(d)-1]
}

// Size is the number of elements of a value.
func Size(v Value) int {
	n := 1
	for _, d := range Dims(v) {
		n *= d
	}
	return n
}

// TypeOf is the element type of a value.
func TypeOf(v Value) Type {
	if v == nil {
		return dtypes.InvalidDType
	}
	return v.Shape().DType
}

// Use makes a value from outside a loop one of its region. Outside of loops it is v.
func (f *Func) Use(v Value) Value {
	if !f.ok(v) || f.fn.Parent == nil {
		return v
	}
	return f.keep(f.fn.UseParentValue(v))
}

// While repeats body as long as cond holds. Both get the state; values from outside
// the loop they have to Use. body returns the next state.
func (f *Func) While(state []Value, cond func(f *Func, state []Value) Value, body func(f *Func, state []Value) []Value) []Value {
	if !f.ok(state...) {
		return make([]Value, len(state))
	}
	region := func(write func(f *Func, state []Value) []Value) *stablehlo.Function {
		inner := &Func{fn: f.fn.Closure(), failure: f.failure}
		in := make([]Value, len(state))
		for i, v := range state {
			in[i] = inner.keep(inner.fn.Input(v.Shape()))
		}
		if inner.ok(in...) {
			inner.Return(write(inner, in)...)
		}
		return inner.fn
	}
	test := region(func(f *Func, state []Value) []Value { return []Value{cond(f, state)} })
	step := region(body)
	if *f.failure != nil {
		return make([]Value, len(state))
	}
	out, err := stablehlo.While(test, step, state...)
	if err != nil {
		f.Fail(fmt.Errorf("loop: %w", err))
		return make([]Value, len(state))
	}
	return out
}
