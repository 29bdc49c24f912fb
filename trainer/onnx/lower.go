package onnx

import (
	"fmt"
	"strings"

	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/op"
)

type node = gorgonia.Node

// initializer is a tensor of the model: a weight of the network, whose values
// are written in timm's order, or a constant with its values here.
type initializer struct {
	name      string
	dims      []int
	floats    []float32 // constants
	ints      []int64
	parameter bool
}

// len is the number of values.
func (i initializer) len() int {
	n := 1
	for _, d := range i.dims {
		n *= d
	}
	return n
}

// lowering turns a graph into ONNX nodes, from its outputs backwards.
type lowering struct {
	nodes        []message
	initializers []initializer
	taken        map[string]bool     // names of values
	names        map[*node]string    // of values that are there already
	weights      map[*node]string    // inputs of the graph that are weights
	dims         map[string][]int    // of weights that are there already
	constants    map[string]struct{} // that are there already
	counts       map[string]int      // nodes without a weight's name, by operation
	outputs      map[*node]string    // names that the outputs must have
	input        *node
}

func newLowering(gr *backbone.Graph, tasks []string) (*lowering, error) {
	l := &lowering{
		taken: map[string]bool{}, names: map[*node]string{}, weights: map[*node]string{}, dims: map[string][]int{},
		constants: map[string]struct{}{}, counts: map[string]int{}, outputs: map[*node]string{}, input: gr.Input,
	}
	for _, p := range gr.Params {
		l.weights[p.Node], l.taken[p.Name] = p.Name, true
	}
	for _, b := range gr.Buffers {
		l.weights[b.Node], l.taken[b.Name] = b.Name, true
	}
	for t, n := range gr.Logits {
		if l.taken[tasks[t]] {
			return nil, fmt.Errorf("onnx: a task and a tensor are both called %q: rename the task", tasks[t])
		}
		l.outputs[n], l.taken[tasks[t]] = tasks[t], true
	}
	l.names[gr.Input] = l.unique(Input)
	for _, n := range gr.Logits {
		if _, err := l.value(n); err != nil {
			return nil, fmt.Errorf("onnx: %w", err)
		}
	}
	return l, nil
}

// unique is a name that nothing has yet: the wish, or the wish with a tail.
func (l *lowering) unique(wish string) string {
	name := wish
	for i := 1; l.taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", wish, i)
	}
	l.taken[name] = true
	return name
}

// value returns the name of a node's value, after lowering what it is made of.
func (l *lowering) value(n *node) (string, error) {
	if name, ok := l.names[n]; ok {
		return name, nil
	}
	applied, ok := n.Op().(*op.Applied)
	if !ok {
		return "", fmt.Errorf("the graph has the node %v, which is no operation of ours", n)
	}
	in := op.Children(n)
	c := call{l: l, op: applied, in: in}
	for i, x := range in {
		if _, weight := l.weights[x]; weight {
			continue
		}
		name, err := l.value(x)
		if err != nil {
			return "", err
		}
		if i == 0 {
			c.x = name
		}
	}
	c.out = l.outputs[n]
	if c.out == "" {
		c.out = l.unique(c.wish())
	}
	if err := c.lower(); err != nil {
		return "", fmt.Errorf("%v: %w", applied, err)
	}
	l.names[n] = c.out
	return c.out, nil
}

// call is one operation on its way into the model.
type call struct {
	l   *lowering
	op  *op.Applied
	in  op.Nodes
	x   string // the value of in[0]
	out string // the value that is to be computed
	err error
}

// wish is the name that a node's value would best have: of the layer whose
// weights it uses, else of the operation with a number.
func (c *call) wish() string {
	for _, x := range c.in {
		if w, ok := c.l.weights[x]; ok {
			return strings.TrimSuffix(w, ".weight")
		}
	}
	kind := strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", c.op.Operation), "op."))
	c.l.counts[kind]++
	return fmt.Sprintf("%s.%d", kind, c.l.counts[kind])
}

// image reports whether the i-th input is a picture [N, H, W, C], which is
// [N, C, H, W] in the model.
func (c *call) image(i int) bool { return len(c.op.In[i]) == 4 }

// node adds an ONNX node that computes the call's value.
func (c *call) node(opType string, in []string, attributes ...attribute) {
	c.l.nodes = append(c.l.nodes, nodeMessage(opType, c.out, in, []string{c.out}, attributes))
}

// step adds an ONNX node on the way to the call's value and returns its value.
func (c *call) step(opType string, in []string, attributes ...attribute) string {
	out := c.l.unique(c.out + "/" + opType)
	c.l.nodes = append(c.l.nodes, nodeMessage(opType, out, in, []string{out}, attributes))
	return out
}

// weight returns the i-th input, which is a weight, in the shape that the
// operation wants: one with the same values in timm's order.
func (c *call) weight(i int, dims ...int) string {
	name, ok := c.l.weights[c.in[i]]
	if !ok {
		c.err = fmt.Errorf("input %d is computed, want a weight", i)
		return ""
	}
	if before, ok := c.l.dims[name]; ok {
		if fmt.Sprint(before) != fmt.Sprint(dims) {
			c.err = fmt.Errorf("%s is used as %v and as %v", name, before, dims)
		}
		return name
	}
	c.l.dims[name] = dims
	c.l.initializers = append(c.l.initializers, initializer{name: name, dims: dims, parameter: true})
	return name
}

// scalar is a constant number.
func (c *call) scalar(name string, v float32) string {
	if _, ok := c.l.constants[name]; !ok {
		c.l.constants[name] = struct{}{}
		c.l.initializers = append(c.l.initializers, initializer{name: name, floats: []float32{v}})
	}
	return name
}

// vector is a constant list of integers.
func (c *call) vector(name string, v ...int64) string {
	if _, ok := c.l.constants[name]; !ok {
		c.l.constants[name] = struct{}{}
		c.l.initializers = append(c.l.initializers, initializer{name: name, dims: []int{len(v)}, ints: v})
	}
	return name
}
