package op_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/engine/host"
	"github.com/backbone-sweep/sweep/trainer/kernel"
	"github.com/backbone-sweep/sweep/trainer/op"
)

// TestNetworkAgreesWithGorgoniasMachine runs a network that has a bit of
// everything, gradients of nodes used twice among it, on both executors. They
// call the same kernels in an order of their own, so every bit must agree.
func TestNetworkAgreesWithGorgoniasMachine(t *testing.T) {
	g := gorgonia.NewGraph()
	r := rand.New(rand.NewPCG(1, 1))
	values := map[*op.Node][]float32{}
	input := func(name string, shape ...int) *op.Node {
		n := gorgonia.NewTensor(g, tensor.Float32, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
		v := make([]float32, tensor.Shape(shape).TotalSize())
		for i := range v {
			v[i] = float32(r.NormFloat64()) / 2
		}
		values[n] = v
		return n
	}
	ok := func(n *op.Node, err error) *op.Node {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var params op.Nodes
	param := func(name string, shape ...int) *op.Node {
		n := input(name, shape...)
		params = append(params, n)
		return n
	}

	x := input("x", 2, 9, 9, 3)
	h := ok(op.Conv2D(x, param("stem", 3, 3, 3, 4), nil, op.Conv{Stride: 2, Pad: 1, Groups: 1}))
	h, stats, err := op.BatchNormTrain(h, param("gamma", 4), param("beta", 4), 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	h = ok(op.MaxPool(ok(op.ReLU(h)), op.Pool{Kernel: 3, Stride: 2, Pad: 1}))
	skip := h
	h = ok(op.Conv2D(h, param("depthwise", 5, 5, 1, 4), param("depthwise bias", 4), op.Conv{Stride: 1, Pad: 2, Groups: 4}))
	h = ok(op.LayerNorm(h, param("ln gamma", 4), param("ln beta", 4), 1e-6))
	h = ok(op.GELU(ok(op.Linear(h, param("up", 4, 8), param("up bias", 8)))))
	h = ok(op.LayerScale(ok(op.Linear(h, param("down", 8, 4), nil)), param("scale", 4)))
	h = ok(op.Add(h, skip))
	gate := ok(op.SiLU(ok(op.Linear(ok(op.GlobalAvgPool(h)), param("squeeze", 4, 2), param("squeeze bias", 2)))))
	gate = ok(op.Sigmoid(ok(op.Linear(gate, param("excite", 2, 4), param("excite bias", 4)))))
	h = ok(op.GlobalAvgPool(ok(op.ChannelScale(h, gate))))
	logits := ok(op.Linear(h, param("head", 4, 7), param("head bias", 7)))
	a, b := input("labels a", 2), input("labels b", 2)
	values[a], values[b] = []float32{0, 2}, []float32{3, 1}
	lossA := ok(op.CrossEntropy(ok(op.Columns(logits, 0, 3)), a))
	lossB := ok(op.CrossEntropy(ok(op.Columns(logits, 3, 7)), b))
	total := ok(op.Add(lossA, lossB))
	grads, err := gorgonia.Grad(total, params...)
	if err != nil {
		t.Fatal(err)
	}

	outputs := append(op.Nodes{total, stats, logits}, grads...)
	pool := kernel.NewPool(1)
	defer pool.Close()
	e, err := host.NewExecutor(pool, outputs...)
	if err != nil {
		t.Fatal(err)
	}
	for n, v := range values {
		copy(e.Value(n), v)
		if err := gorgonia.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(slices.Clone(v)))); err != nil {
			t.Fatal(err)
		}
	}
	e.Run()
	m := gorgonia.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	for i, n := range outputs {
		want := machineValue(t, n)
		if got := e.Value(n); !slices.Equal(got, want) {
			t.Errorf("output %d, %v: %v, want %v", i, n, got, want)
		}
	}
	for i, n := range grads {
		if !slices.ContainsFunc(e.Value(n), func(v float32) bool { return v != 0 }) {
			t.Errorf("the gradient of %s is zero", params[i].Name())
		}
	}
	checkSlope(t, e, total, values, params, grads)
}

// checkSlope compares the gradient with the slope of the loss along a random
// direction through all parameters.
func checkSlope(t *testing.T, e *host.Executor, loss *op.Node, values map[*op.Node][]float32, params, grads op.Nodes) {
	t.Helper()
	const step = 1e-3
	r := rand.New(rand.NewPCG(2, 2))
	var want float64
	direction := make([][]float64, len(params))
	for i, g := range grads {
		for _, v := range e.Value(g) {
			d := r.NormFloat64()
			direction[i] = append(direction[i], d)
			want += d * float64(v)
		}
	}
	at := func(distance float64) float64 {
		for i, p := range params {
			for k, d := range direction[i] {
				e.Value(p)[k] = values[p][k] + float32(distance*d)
			}
		}
		e.Run()
		return float64(e.Value(loss)[0])
	}
	got := (at(step) - at(-step)) / (2 * step)
	if d := got - want; d*d > 1e-4*want*want {
		t.Errorf("the loss rises by %g, the gradient says %g", got, want)
	}
}

func machineValue(t *testing.T, n *op.Node) []float32 {
	t.Helper()
	switch v := n.Value().(type) {
	case *tensor.Dense:
		return v.Data().([]float32)
	case *gorgonia.F32:
		return []float32{float32(*v)}
	}
	t.Fatalf("%v has the value %v", n, n.Value())
	return nil
}
