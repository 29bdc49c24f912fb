package hlo

import (
	"math"

	"github.com/gomlx/go-xla/stablehlo"
	"github.com/gomlx/go-xla/types"
)

// lowest is where a maximum starts.
var lowest = float32(math.Inf(-1))

// Precision says how exactly products of float32 values are formed on a device
// that can do it faster: TF32 rounds their factors to ten bits of mantissa.
type Precision int

// The precisions.
const (
	TF32  Precision = iota // where the device has it
	Exact                  // float32
)

func (p Precision) xla() types.DotGeneralPrecisionType {
	if p == Exact {
		return types.DotGeneralPrecisionHighest
	}
	return types.DotGeneralPrecisionDefault
}

// Dot multiplies matrices, contracting axis i of x and axis j of y; the result is
// of type t.
func (f *Func) Dot(x Value, i int, y Value, j int, p Precision, t Type) Value {
	if !f.ok(x, y) {
		return nil
	}
	return f.keep(stablehlo.DotGeneral(x, []int{i}, nil, y, []int{j}, nil).
		Precision(p.xla(), p.xla()).OutputDType(t).Done())
}

// ImageAxes says which axis of an array of images is which.
type ImageAxes struct {
	Batch, Feature int
	Spatial        [2]int
}

// KernelAxes says which axis of the weights of a convolution is which.
type KernelAxes struct {
	In, Out int
	Spatial [2]int
}

// Conv describes a convolution of x with w in XLA's terms, the same in both
// directions. Low and High are paddings and may be negative; Dilate puts zeros
// between the elements of x, KernelDilate between those of w.
type Conv struct {
	X   ImageAxes
	W   KernelAxes
	Out ImageAxes

	Stride, Dilate, KernelDilate int
	Low, High                    [2]int
	FeatureGroups, BatchGroups   int
	Precision                    Precision
}

// Convolve convolves x with w.
func (f *Func) Convolve(x, w Value, c Conv) Value {
	if !f.ok(x, w) {
		return nil
	}
	both := func(n int) []int { return []int{n, n} }
	p := c.Precision.xla()
	return f.keep(stablehlo.Convolution(x, w,
		both(c.Stride), [][2]int{{c.Low[0], c.High[0]}, {c.Low[1], c.High[1]}}, both(c.Dilate), both(c.KernelDilate),
		c.X.Batch, c.X.Feature, c.X.Spatial[:],
		c.W.In, c.W.Out, c.W.Spatial[:],
		c.Out.Batch, c.Out.Feature, c.Out.Spatial[:],
		c.FeatureGroups, c.BatchGroups, p, p))
}
