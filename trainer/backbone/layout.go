package backbone

// Layout relates a parameter's shape in the graph to the shape timm gives it.
type Layout int

// The layouts, graph on the left, timm on the right.
const (
	Vector    Layout = iota // [C]           = [C]
	Conv                    // [KH,KW,I,O]   = [O,I,KH,KW], I being Cin/groups
	Linear                  // [I,O]         = [O,I]
	Pointwise               // [I,O]         = [O,I,1,1], a 1×1 convolution of pooled features
)

// TimmShape turns a shape of the graph into timm's.
func (l Layout) TimmShape(shape []int) []int {
	switch l {
	case Conv:
		return []int{shape[3], shape[2], shape[0], shape[1]}
	case Linear:
		return []int{shape[1], shape[0]}
	case Pointwise:
		return []int{shape[1], shape[0], 1, 1}
	}
	return []int{shape[0]}
}

// matrix sees any layout as a transposed matrix: the graph has the output
// channel last, timm has it first. In between, timm orders by (I, KH, KW) and
// the graph by (KH, KW, I).
func (l Layout) matrix(shape []int) (taps, in, out int) {
	switch l {
	case Conv:
		return shape[0] * shape[1], shape[2], shape[3]
	case Linear, Pointwise:
		return 1, shape[0], shape[1]
	}
	return 1, 1, shape[0]
}

// ToTimm copies src in the graph's order to dst in timm's. Shape is the graph's;
// both slices have its number of values.
func (l Layout) ToTimm(dst, src []float32, shape []int) {
	taps, I, O := l.matrix(shape)
	for o := range O {
		for i := range I {
			for k := range taps {
				dst[(o*I+i)*taps+k] = src[(k*I+i)*O+o]
			}
		}
	}
}

// FromTimm is the reverse of ToTimm.
func (l Layout) FromTimm(dst, src []float32, shape []int) {
	taps, I, O := l.matrix(shape)
	for k := range taps {
		for i := range I {
			for o := range O {
				dst[(k*I+i)*O+o] = src[(o*I+i)*taps+k]
			}
		}
	}
}

// TimmShape is the parameter's shape in timm and in weight files.
func (p Param) TimmShape() []int { return p.Layout.TimmShape(p.Shape) }
