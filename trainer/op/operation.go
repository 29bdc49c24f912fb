package op

import (
	"fmt"
	"hash"
	"hash/fnv"
	"strings"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
)

// Node and Nodes are Gorgonia's, under short names.
type (
	Node  = gorgonia.Node
	Nodes = gorgonia.Nodes
)

// Operation is what one kind of operation knows. The implementing struct holds
// the attributes and nothing else; it is comparable and never changes.
type Operation interface {
	// Shape returns the shape of the output for inputs of these shapes.
	Shape(in []tensor.Shape) (tensor.Shape, error)

	// Host makes the operation ready to run on the host for these shapes.
	Host(in []tensor.Shape, out tensor.Shape) Call

	// Lower writes the operation in StableHLO. After an error in an earlier one
	// its inputs may be nil, and so is its result.
	Lower(l *Lowering, in []hlo.Value) hlo.Value
}

// Differentiable is an operation that has a gradient. Those that only appear in
// gradients have none: second derivatives are not needed.
type Differentiable interface {
	Operation

	// Gradient returns the gradient with respect to each input, given the
	// gradient of the output; nil for an input that WithRespectTo excludes.
	Gradient(in Nodes, out, grad *Node) (Nodes, error)

	// WithRespectTo says for n inputs which of them have a gradient.
	WithRespectTo(n int) []bool
}

// Applied is an operation on inputs of known shapes: the op of a graph node. It
// implements gorgonia.Op and gorgonia.SDOp.
type Applied struct {
	Operation
	In  []tensor.Shape
	Out tensor.Shape

	salt int // tells apart what the graph's 32-bit hash could not
}

var (
	_ gorgonia.Op   = (*Applied)(nil)
	_ gorgonia.SDOp = (*Applied)(nil)
)

// apply puts the operation into the graph of its inputs.
func apply(o Operation, in ...*Node) (*Node, error) {
	shapes := make([]tensor.Shape, len(in))
	for i, n := range in {
		if n == nil {
			return nil, fmt.Errorf("%s: input %d is missing", describe(o), i)
		}
		if n.Dtype() != gorgonia.Float32 {
			return nil, fmt.Errorf("%s: input %d (%s) is %v: only float32 is supported", describe(o), i, n.Name(), n.Dtype())
		}
		shapes[i] = n.Shape()
	}
	out, err := o.Shape(shapes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", describe(o), err)
	}
	// Gorgonia merges nodes whose 32-bit hashes and ops agree without looking at
	// their inputs. A node that came back with other inputs is somebody else's.
	for salt := range 16 {
		n, err := gorgonia.ApplyOp(&Applied{Operation: o, In: shapes, Out: out, salt: salt}, in...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", describe(o), err)
		}
		if a, ok := n.Op().(*Applied); ok && a.Operation == o && sameNodes(Children(n), in) {
			return n, nil
		}
	}
	return nil, fmt.Errorf("%s: the graph merges it with a different node: name the inputs differently", describe(o))
}

// Children lists the inputs of a node in their order.
func Children(n *Node) Nodes {
	it := n.Graph().From(n.ID())
	if it == nil {
		return nil
	}
	var out Nodes
	for it.Next() {
		out = append(out, it.Node().(*Node))
	}
	return out
}

func sameNodes(a, b Nodes) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// describe returns the operation's name and attributes: Conv{Stride:2, Pad:1, Groups:1}.
func describe(o Operation) string {
	return strings.ReplaceAll(fmt.Sprintf("%#v", o), "op.", "")
}

// typeOf returns Gorgonia's type of a float32 tensor of this shape.
func typeOf(s tensor.Shape) hm.Type {
	if s.IsScalar() {
		return gorgonia.Float32
	}
	return gorgonia.TensorType{Dims: s.Dims(), Of: gorgonia.Float32}
}

// Arity returns the number of inputs.
func (a *Applied) Arity() int { return len(a.In) }

// Type returns the function type over tensors of the fixed dimensions.
func (a *Applied) Type() hm.Type {
	ts := make([]hm.Type, 0, len(a.In)+1)
	for _, s := range a.In {
		ts = append(ts, typeOf(s))
	}
	return hm.NewFnType(append(ts, typeOf(a.Out))...)
}

// InferShape returns the shape of the output.
func (a *Applied) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	shapes, err := gorgonia.DimSizersToShapes(in)
	if err != nil {
		return nil, err
	}
	return a.Shape(shapes)
}

// DiffWRT says which inputs have a gradient.
func (a *Applied) DiffWRT(inputs int) []bool {
	if d, ok := a.Operation.(Differentiable); ok {
		return d.WithRespectTo(inputs)
	}
	return make([]bool, inputs)
}

// SymDiff returns the gradient of each input as nodes of the same graph.
func (a *Applied) SymDiff(in Nodes, out, grad *Node) (Nodes, error) {
	d, ok := a.Operation.(Differentiable)
	if !ok {
		return nil, fmt.Errorf("gradient of %s: second derivatives are not supported", a)
	}
	gs, err := d.Gradient(in, out, grad)
	if err != nil {
		return nil, fmt.Errorf("gradient of %s: %w", a, err)
	}
	return gs, nil
}

// ReturnsPtr is false: the output never shares memory with an input.
func (a *Applied) ReturnsPtr() bool { return false }

// CallsExtern is false: nothing outside Go is called.
func (a *Applied) CallsExtern() bool { return false }

// OverwritesInput is -1: only an engine that knows lifetimes may overwrite.
func (a *Applied) OverwritesInput() int { return -1 }

// WriteHash writes kind, attributes and shapes.
func (a *Applied) WriteHash(h hash.Hash) {
	fmt.Fprintf(h, "%#v%v%d", a.Operation, a.In, a.salt)
}

// Hashcode returns the 32-bit FNV-1a hash of what WriteHash writes.
func (a *Applied) Hashcode() uint32 {
	h := fnv.New32a()
	a.WriteHash(h)
	return h.Sum32()
}

// String returns the operation's name and attributes.
func (a *Applied) String() string { return describe(a.Operation) }

// all is the answer of WithRespectTo where every input has a gradient.
func all(n int) []bool { return first(n, n) }

// first is the answer of WithRespectTo where the first k of n inputs have one.
func first(k, n int) []bool {
	b := make([]bool, n)
	for i := range b {
		b[i] = i < k
	}
	return b
}
