package op_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/engine/host"
	"github.com/backbone-sweep/sweep/trainer/kernel"
	"github.com/backbone-sweep/sweep/trainer/op"
)

// array is a tensor of the fixtures, in PyTorch's layout.
type array struct {
	Shape []int     `json:"shape"`
	Data  []float64 `json:"data"`
}

// parityCase is one operation with golden values, computed in float64.
type parityCase struct {
	Name  string `json:"name"`
	Op    string `json:"op"`
	Attrs struct {
		Stride, Pad, Groups, Kernel int
		Eps                         float64
	} `json:"attrs"`
	Inputs      map[string]array `json:"inputs"`
	Output      array            `json:"output"`
	DY          *array           `json:"dy"`
	Grads       map[string]array `json:"grads"`
	Labels      []float64        `json:"labels"`
	RunningMean array            `json:"running_mean"`
	RunningVar  array            `json:"running_var"`
	MeanBefore  array            `json:"running_mean_before"`
	MeanAfter   array            `json:"running_mean_after"`
	VarBefore   array            `json:"running_var_before"`
	VarAfter    array            `json:"running_var_after"`
}

func parityCases(t *testing.T) []parityCase {
	t.Helper()
	text, err := os.ReadFile("../kernel/testdata/ops.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []parityCase }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != 38 {
		t.Fatalf("%d cases, want 38", len(file.Cases))
	}
	return slices.DeleteFunc(file.Cases, func(c parityCase) bool { return c.Op == "adamw" }) // no operation of a graph
}

// permuted returns the array with its axes in another order.
func (a array) permuted(axes ...int) array {
	out := array{Shape: make([]int, len(axes)), Data: make([]float64, len(a.Data))}
	stride := make([]int, len(axes)) // of the source, per axis of the result
	for i, from := range axes {
		out.Shape[i] = a.Shape[from]
		stride[i] = 1
		for _, d := range a.Shape[from+1:] {
			stride[i] *= d
		}
	}
	at := make([]int, len(axes))
	for i := range out.Data {
		from := 0
		for k, v := range at {
			from += v * stride[k]
		}
		out.Data[i] = a.Data[from]
		for k := len(at) - 1; k >= 0; k-- {
			if at[k]++; at[k] < out.Shape[k] {
				break
			}
			at[k] = 0
		}
	}
	return out
}

// graphLayout brings a tensor of the fixtures into the layout of the graph.
func (a array) graphLayout(name string) array {
	switch {
	case name == "gate":
		return array{a.Shape[:2], a.Data}
	case name == "w" && len(a.Shape) == 4:
		return a.permuted(2, 3, 1, 0)
	case name == "w":
		return a.permuted(1, 0)
	case len(a.Shape) == 4:
		return a.permuted(0, 2, 3, 1)
	}
	return a
}

func float32s(v []float64) []float32 {
	out := make([]float32, len(v))
	for i := range v {
		out[i] = float32(v[i])
	}
	return out
}

// caseGraph is a case as a graph.
type caseGraph struct {
	in     map[string]*op.Node
	out    *op.Node
	values map[*op.Node]array // of inputs
	grads  map[string]*op.Node
	stats  *op.Node
}

func build(t *testing.T, c parityCase) caseGraph {
	t.Helper()
	g := gorgonia.NewGraph()
	b := caseGraph{in: map[string]*op.Node{}, values: map[*op.Node]array{}, grads: map[string]*op.Node{}}
	input := func(name string, a array) *op.Node {
		n := gorgonia.NewTensor(g, tensor.Float32, len(a.Shape), gorgonia.WithShape(a.Shape...), gorgonia.WithName(name))
		b.in[name], b.values[n] = n, a
		return n
	}
	for _, name := range []string{"x", "w", "b", "gamma", "beta", "gate"} {
		if a, ok := c.Inputs[name]; ok {
			input(name, a.graphLayout(name))
		}
	}
	x, w, bias, gamma, beta := b.in["x"], b.in["w"], b.in["b"], b.in["gamma"], b.in["beta"]
	eps := float32(c.Attrs.Eps)
	var err error
	switch c.Op {
	case "conv2d":
		b.out, err = op.Conv2D(x, w, bias, op.Conv{Stride: c.Attrs.Stride, Pad: c.Attrs.Pad, Groups: c.Attrs.Groups})
	case "linear":
		b.out, err = op.Linear(x, w, bias)
	case "batchnorm_train":
		b.out, b.stats, err = op.BatchNormTrain(x, gamma, beta, eps)
	case "batchnorm_eval":
		b.out, err = op.BatchNormEval(x, gamma, beta, input("mean", c.RunningMean), input("var", c.RunningVar), eps)
	case "layernorm":
		b.out, err = op.LayerNorm(x, gamma, beta, eps)
	case "maxpool2d":
		b.out, err = op.MaxPool(x, op.Pool{Kernel: c.Attrs.Kernel, Stride: c.Attrs.Stride, Pad: c.Attrs.Pad})
	case "global_avg_pool":
		b.out, err = op.GlobalAvgPool(x)
	case "mul":
		b.out, err = op.ChannelScale(x, b.in["gate"])
	case "layer_scale":
		b.out, err = op.LayerScale(x, gamma)
	case "gelu_erf":
		b.out, err = op.GELU(x)
	case "silu":
		b.out, err = op.SiLU(x)
	case "sigmoid":
		b.out, err = op.Sigmoid(x)
	case "relu":
		b.out, err = op.ReLU(x)
	case "cross_entropy_mean":
		b.out, err = op.CrossEntropy(x, input("labels", array{[]int{len(c.Labels)}, c.Labels}))
	default:
		t.Fatalf("unknown operation %q", c.Op)
	}
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	var wrt, grads op.Nodes
	for name := range c.Grads {
		names = append(names, name)
		wrt = append(wrt, b.in[name])
	}
	if c.DY == nil {
		grads, err = gorgonia.Grad(b.out, wrt...)
	} else {
		dy := input("dy", c.DY.graphLayout("dy"))
		grads, err = gorgonia.Backpropagate(op.Nodes{b.out}, op.Nodes{dy}, wrt)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range grads {
		b.grads[names[i]] = n
	}
	return b
}

// compare checks got against want: the tolerance is relative to the largest value.
func compare(t *testing.T, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	largest, worst, at := 0.0, -1.0, 0
	for i, w := range want {
		largest = max(largest, math.Abs(w))
		d := math.Abs(float64(got[i]) - w)
		if math.IsNaN(d) || d > worst {
			worst, at = d, i
		}
		if math.IsNaN(d) {
			break
		}
	}
	if !(worst <= tolerance*largest) {
		t.Errorf("%s[%d] = %g, want %g: off by %g of the largest value, allowed %g", what, at, got[at], want[at], worst/largest, tolerance)
	}
}

func (c parityCase) tolerance() float64 {
	if c.Name == "batchnorm_train_offset" {
		return 2e-4
	}
	return 1e-5
}

// outputs are the nodes that have golden values.
func (b caseGraph) outputs() op.Nodes {
	outputs := op.Nodes{b.out}
	for _, n := range b.grads {
		outputs = append(outputs, n)
	}
	if b.stats != nil {
		outputs = append(outputs, b.stats)
	}
	return outputs
}

// check compares output and gradients, which value returns.
func (b caseGraph) check(t *testing.T, c parityCase, value func(*op.Node) []float32) {
	t.Helper()
	compare(t, "output", value(b.out), c.Output.graphLayout("y").Data, c.tolerance())
	for name, want := range c.Grads {
		compare(t, "gradient of "+name, value(b.grads[name]), want.graphLayout(name).Data, c.tolerance())
	}
}

func TestParityOnTheHost(t *testing.T) {
	pool := kernel.NewPool(2)
	defer pool.Close()
	for _, c := range parityCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			b := build(t, c)
			outputs := b.outputs()
			e, err := host.NewExecutor(pool, outputs...)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second run finds the memory of the first
				for n, a := range b.values {
					copy(e.Value(n), float32s(a.Data))
				}
				e.Run()
			}
			b.check(t, c, e.Value)
			for n, a := range b.values {
				if v := e.Value(n); v != nil && !slices.Equal(v, float32s(a.Data)) {
					t.Errorf("input %v was written to", n)
				}
			}
			if b.stats != nil {
				checkStatistics(t, c, e.Value(b.stats))
			}
		})
	}
}

// checkStatistics checks the batch's mean and variance by what running
// statistics become with them, at momentum 0.1 and the unbiased variance.
func checkStatistics(t *testing.T, c parityCase, stats []float32) {
	t.Helper()
	C := len(c.MeanAfter.Data)
	n := float64(len(c.Output.Data) / C)
	mean, variance := make([]float64, C), make([]float64, C)
	for i := range C {
		mean[i] = (c.MeanAfter.Data[i] - 0.9*c.MeanBefore.Data[i]) / 0.1
		variance[i] = (c.VarAfter.Data[i] - 0.9*c.VarBefore.Data[i]) / 0.1 * (n - 1) / n
	}
	compare(t, "mean", stats[:C], mean, 1e-6)
	compare(t, "variance", stats[C:], variance, 1e-5)
}

// TestParityOnGorgoniasMachine runs the same graphs on the machine that
// Gorgonia brings, which knows nothing of our engine.
func TestParityOnGorgoniasMachine(t *testing.T) {
	for _, c := range parityCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			b := build(t, c)
			for n, a := range b.values {
				v := tensor.New(tensor.WithShape(a.Shape...), tensor.WithBacking(float32s(a.Data)))
				if err := gorgonia.Let(n, v); err != nil {
					t.Fatal(err)
				}
			}
			m := gorgonia.NewTapeMachine(b.out.Graph())
			defer m.Close()
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			b.check(t, c, func(n *op.Node) []float32 { return machineValue(t, n) })
		})
	}
}
