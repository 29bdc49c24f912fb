package op

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/trainer/hlo"
)

// Lowering writes operations into a StableHLO function. Activations and their
// gradients are float32, or bfloat16 when Half is set; parameters and their
// gradients, statistics and losses are float32 in either. Everything but the
// products is computed in float32.
type Lowering struct {
	*hlo.Func
	Half      bool          // activations and the factors of products are bfloat16
	Precision hlo.Precision // of float32 products

	// Taps forms the weight gradient of a convolution that has a filter for every
	// channel as one sum for each position in the kernel, instead of as a
	// convolution of many groups, which XLA runs slowly on processors.
	Taps bool
}

// Lower writes the operation for the values of its inputs and checks that the
// compiler's shape rule agrees with the operation's own.
func (a *Applied) Lower(l *Lowering, in []hlo.Value) (hlo.Value, error) {
	out := a.Operation.Lower(l, in)
	if err := l.Err(); err != nil {
		return nil, fmt.Errorf("lower %s: %w", a, err)
	}
	if !equal(a.Out, hlo.Dims(out)) {
		return nil, fmt.Errorf("lower %s: the result is %v, want %v", a, hlo.Dims(out), a.Out)
	}
	return out, nil
}

// LowerGraph writes all that outputs depend on. values holds the inputs of the
// graph and gets the value of every node.
func LowerGraph(l *Lowering, outputs Nodes, values map[*Node]hlo.Value) error {
	for _, n := range Reachable(outputs) {
		if values[n] != nil {
			continue
		}
		var in []hlo.Value
		for _, child := range Children(n) {
			in = append(in, values[child])
		}
		var v hlo.Value
		var err error
		switch a, ours := n.Op().(*Applied); {
		case n.Op() == nil:
			err = fmt.Errorf("graph: input %v has no value", n)
		case ours:
			v, err = a.Lower(l, in)
		case IsBuiltinAdd(n):
			v, err = Sum{}.Lower(l, in), l.Err()
		default:
			one, ok := n.Value().(*gorgonia.F32)
			if !ok || len(in) > 0 {
				return fmt.Errorf("graph: %v cannot be lowered: build the network of the operations in trainer/op", n)
			}
			v, err = l.Scalar(float32(*one)), l.Err()
		}
		if err != nil {
			return err
		}
		values[n] = v
	}
	return nil
}

// wide is x in float32.
func (l *Lowering) wide(x hlo.Value) hlo.Value { return l.Convert(x, hlo.F32) }

// narrow is x in the type of activations.
func (l *Lowering) narrow(x hlo.Value) hlo.Value { return l.Convert(x, l.activation()) }

func (l *Lowering) activation() hlo.Type {
	if l.Half {
		return hlo.BF16
	}
	return hlo.F32
}

// allBut lists all axes of x but the last.
func allBut(x hlo.Value) []int {
	axes := make([]int, max(0, len(hlo.Dims(x))-1))
	for i := range axes {
		axes[i] = i
	}
	return axes
}

// perChannel sums x over all axes but the last.
func (l *Lowering) perChannel(x hlo.Value) hlo.Value { return l.Sum(x, allBut(x)...) }

// overRow sums x over its last axis.
func (l *Lowering) overRow(x hlo.Value) hlo.Value { return l.Sum(x, len(hlo.Dims(x))-1) }

// times is x·v for a number v.
func (l *Lowering) times(x hlo.Value, v float64) hlo.Value { return l.Mul(x, l.Fill(x, v)) }

// plus is x+v for a number v.
func (l *Lowering) plus(x hlo.Value, v float64) hlo.Value { return l.Add(x, l.Fill(x, v)) }

// row is row i of a matrix.
func (l *Lowering) row(x hlo.Value, i int) hlo.Value {
	C := hlo.Last(x)
	return l.Reshape(l.Slice(x, []int{i, 0}, []int{i + 1, C}, nil), C)
}

// stack puts vectors of one size below each other.
func (l *Lowering) stack(vs ...hlo.Value) hlo.Value {
	rows := make([]hlo.Value, len(vs))
	for i, v := range vs {
		rows[i] = l.Reshape(v, 1, hlo.Last(v))
	}
	return l.Concat(0, rows...)
}

// matrix is x […, C] as [R, C].
func (l *Lowering) matrix(x hlo.Value) hlo.Value {
	C := max(1, hlo.Last(x))
	return l.Reshape(x, hlo.Size(x)/C, C)
}
