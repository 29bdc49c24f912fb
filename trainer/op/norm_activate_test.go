package op_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/engine/host"
	"github.com/backbone-sweep/sweep/trainer/kernel"
	"github.com/backbone-sweep/sweep/trainer/op"
)

// fusion is a graph written twice: with operations that see the batch norm before
// them, and with a product by one in between that hides it.
type fusion struct {
	name string
	fuse string // what the first has
	then func(norm, x *op.Node) (*op.Node, error)
}

var fusions = []fusion{
	{"relu", "NormActivate{Eps:1e-05, Then:0x1}", func(norm, _ *op.Node) (*op.Node, error) { return op.ReLU(norm) }},
	{"silu", "NormActivate{Eps:1e-05, Then:0x2}", func(norm, _ *op.Node) (*op.Node, error) { return op.SiLU(norm) }},
	{"add", "NormActivate{Eps:1e-05, Then:0x0}", op.Add},
	{"add and relu", "NormActivate{Eps:1e-05, Then:0x1}", func(norm, x *op.Node) (*op.Node, error) {
		sum, err := op.Add(norm, x)
		if err != nil {
			return nil, err
		}
		return op.ReLU(sum)
	}},
}

// TestFusedNormsAreTheirParts compares values and all gradients.
func TestFusedNormsAreTheirParts(t *testing.T) {
	pool := kernel.NewPool(2)
	defer pool.Close()
	for _, f := range fusions {
		t.Run(f.name, func(t *testing.T) {
			want := f.build(t, true).onHost(t, pool)
			for i, v := range f.build(t, false).onHost(t, pool) {
				for k, got := range v {
					if w := want[i][k]; math.Abs(float64(got-w)) > 1e-5*(1+math.Abs(float64(w))) {
						t.Fatalf("result %d [%d] is %v, want %v", i, k, got, w)
					}
				}
			}
		})
	}
}

// fused is a graph with the values of its inputs. The outputs are the result and the
// gradients of x, gamma, beta and the shortcut.
type fused struct {
	outputs op.Nodes
	values  map[*op.Node][]float32
}

func (f fusion) build(t *testing.T, hide bool) fused {
	t.Helper()
	g, r := gorgonia.NewGraph(), rand.New(rand.NewPCG(3, 3))
	values := map[*op.Node][]float32{}
	input := func(name string, shape ...int) *op.Node {
		n := gorgonia.NewTensor(g, tensor.Float32, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
		v := make([]float32, tensor.Shape(shape).TotalSize())
		for i := range v {
			v[i] = float32(r.NormFloat64())
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
	x, gamma, beta := input("x", 3, 5, 4, 7), input("gamma", 7), input("beta", 7)
	shortcut, dy, one := input("shortcut", 3, 5, 4, 7), input("dy", 3, 5, 4, 7), input("one", 7)
	for i := range values[one] {
		values[one][i] = 1
	}
	norm, _, err := op.BatchNormTrain(x, gamma, beta, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	if hide {
		norm = ok(op.LayerScale(norm, one))
	}
	y := ok(f.then(norm, shortcut))
	if got := y.Op().String(); (got == f.fuse) == hide {
		t.Errorf("the output is %s", got)
	}
	wrt := op.Nodes{x, gamma, beta}
	if f.name != "relu" && f.name != "silu" {
		wrt = append(wrt, shortcut)
	}
	grads, err := gorgonia.Backpropagate(op.Nodes{y}, op.Nodes{dy}, wrt)
	if err != nil {
		t.Fatal(err)
	}
	return fused{append(op.Nodes{y}, grads...), values}
}

func (b fused) onHost(t *testing.T, pool *kernel.Pool) (results [][]float32) {
	t.Helper()
	e, err := host.NewExecutor(pool, b.outputs...)
	if err != nil {
		t.Fatal(err)
	}
	for n, v := range b.values {
		copy(e.Value(n), v) // nothing where the graph does not need n
	}
	e.Run()
	for _, n := range b.outputs {
		results = append(results, e.Value(n))
	}
	return results
}

// TestFoldedBatchNorm compares one convolution with the convolution and the norm.
func TestFoldedBatchNorm(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	g, r := gorgonia.NewGraph(), rand.New(rand.NewPCG(4, 4))
	var inputs op.Nodes
	input := func(name string, shape ...int) *op.Node {
		n := gorgonia.NewTensor(g, tensor.Float32, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
		inputs = append(inputs, n)
		return n
	}
	for name, groups := range map[string]int{"dense": 1, "grouped": 2, "depthwise": 6} {
		t.Run(name, func(t *testing.T) {
			inputs = nil
			x, w := input("x"+name, 2, 5, 5, 6), input("w"+name, 3, 3, 6/groups, 6)
			gamma, beta, mean, variance := input("g"+name, 6), input("b"+name, 6), input("m"+name, 6), input("v"+name, 6)
			conv, err := op.Conv2D(x, w, nil, op.Conv{Stride: 2, Pad: 1, Groups: groups})
			if err != nil {
				t.Fatal(err)
			}
			want, err := op.BatchNormEval(conv, gamma, beta, mean, variance, 1e-5)
			if err != nil {
				t.Fatal(err)
			}
			got, err := op.FoldBatchNorm(conv, gamma, beta, mean, variance, 1e-5)
			if err != nil || got == nil {
				t.Fatal(got, err)
			}
			e, err := host.NewExecutor(pool, got, want)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range inputs {
				for i := range e.Value(n) {
					e.Value(n)[i] = 0.5 + r.Float32()
				}
			}
			e.Run()
			for i, v := range e.Value(got) {
				if w := e.Value(want)[i]; math.Abs(float64(v-w)) > 1e-5*(1+math.Abs(float64(w))) {
					t.Fatalf("value %d is %v, want %v", i, v, w)
				}
			}
			if n, err := op.FoldBatchNorm(want, gamma, beta, mean, variance, 1e-5); n != nil || err != nil {
				t.Errorf("folding a norm into a norm: %v, %v", n, err)
			}
		})
	}
}
