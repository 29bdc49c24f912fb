package op

import (
	"testing"

	"gorgonia.org/gorgonia"
)

// network builds a small graph with a node used twice and returns its loss and parameters.
func network(t *testing.T, g *gorgonia.ExprGraph) (loss *Node, params Nodes) {
	t.Helper()
	ok := func(n *Node, err error) *Node {
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	x, labels := input(g, "x", 2, 6, 6, 3), input(g, "labels", 2)
	w, gamma, beta := input(g, "w", 3, 3, 3, 4), input(g, "gamma", 4), input(g, "beta", 4)
	w2, head, bias := input(g, "w2", 3, 3, 4, 4), input(g, "head", 4, 5), input(g, "bias", 5)
	h := ok(Conv2D(x, w, nil, Conv{1, 1, 1}))
	h, _, err := BatchNormTrain(h, gamma, beta, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	h = ok(ReLU(h))
	h = ok(Add(ok(Conv2D(h, w2, nil, Conv{1, 1, 1})), h))
	logits := ok(Linear(ok(GlobalAvgPool(h)), head, bias))
	a := ok(CrossEntropy(ok(Columns(logits, 0, 2)), labels))
	b := ok(CrossEntropy(ok(Columns(logits, 2, 5)), labels))
	return ok(Add(a, b)), Nodes{w, gamma, beta, w2, head, bias}
}

func TestGradientOfANodeUsedTwiceIsABuiltinAdd(t *testing.T) {
	g := gorgonia.NewGraph()
	loss, params := network(t, g)
	grads, err := gorgonia.Grad(loss, params...)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range grads {
		if !equal(n.Shape(), params[i].Shape()) {
			t.Errorf("gradient of %s is %v, want %v", params[i].Name(), n.Shape(), params[i].Shape())
		}
	}
	adds := 0
	for _, n := range g.AllNodes() {
		if _, ours := n.Op().(*Applied); n.Op() == nil || ours {
			continue
		}
		switch {
		case IsBuiltinAdd(n):
			adds++
		case n.Value() != nil: // the constant 1 that the gradient starts from
		default:
			t.Errorf("%v is neither ours, nor an addition, nor a constant", n)
		}
	}
	if adds != 2 { // the residual branch, the logits of two tasks
		t.Errorf("%d builtin additions, want 2", adds)
	}
}

func TestBuiltinAddIsNoOtherOperation(t *testing.T) {
	g := gorgonia.NewGraph()
	x, y := input(g, "x", 2, 3), input(g, "y", 2, 3)
	s, b := gorgonia.NewScalar(g, gorgonia.Float32, gorgonia.WithName("s")), gorgonia.NewScalar(g, gorgonia.Float32, gorgonia.WithName("b"))
	for _, c := range []struct {
		name string
		make func() (*Node, error)
		want bool
	}{
		{"tensors", func() (*Node, error) { return gorgonia.Add(x, y) }, true},
		{"scalars", func() (*Node, error) { return gorgonia.Add(s, b) }, true},
		{"a tensor twice", func() (*Node, error) { return gorgonia.Add(x, x) }, true},
		{"tensor and scalar", func() (*Node, error) { return gorgonia.Add(x, s) }, false},
		{"difference", func() (*Node, error) { return gorgonia.Sub(x, y) }, false},
		{"product", func() (*Node, error) { return gorgonia.HadamardProd(x, y) }, false},
		{"ours", func() (*Node, error) { return Add(x, y) }, false},
		{"input", func() (*Node, error) { return x, nil }, false},
	} {
		n, err := c.make()
		if err != nil {
			t.Fatal(c.name, err)
		}
		if got := IsBuiltinAdd(n); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestEqualNodesAreMergedAndOthersAreNot(t *testing.T) {
	g := gorgonia.NewGraph()
	x, y := input(g, "x", 2, 8, 8, 4), input(g, "y", 2, 8, 8, 4)
	w := input(g, "w", 3, 3, 4, 4)
	a, err := Conv2D(x, w, nil, Conv{1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := Conv2D(x, w, nil, Conv{1, 1, 1}); err != nil || a != b {
		t.Errorf("the same convolution twice gives two nodes (%v)", err)
	}
	if b, err := Conv2D(y, w, nil, Conv{1, 1, 1}); err != nil || a == b {
		t.Errorf("convolutions of two inputs are one node (%v)", err)
	}
}

func TestInputsThatCannotBeUsed(t *testing.T) {
	g := gorgonia.NewGraph()
	x := input(g, "x", 2, 3)
	if _, err := Add(x, nil); err == nil || err.Error() != "Sum{}: input 1 is missing" {
		t.Errorf("missing input: %v", err)
	}
	d := gorgonia.NewMatrix(g, gorgonia.Float64, gorgonia.WithShape(2, 3), gorgonia.WithName("d"))
	if _, err := Add(x, d); err == nil {
		t.Error("a float64 input was accepted")
	}
	if _, err := Add(x, input(gorgonia.NewGraph(), "z", 2, 3)); err == nil {
		t.Error("an input of another graph was accepted")
	}
}
