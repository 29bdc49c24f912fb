package host

import (
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/trainer/kernel"
	"github.com/backbone-sweep/sweep/trainer/op"
)

func matrix(g *gorgonia.ExprGraph, name string, rows, cols int) *node {
	return gorgonia.NewMatrix(g, gorgonia.Float32, gorgonia.WithShape(rows, cols), gorgonia.WithName(name))
}

func TestExecutorRefusesOtherOperations(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	g := gorgonia.NewGraph()
	x, y := matrix(g, "x", 2, 3), matrix(g, "y", 2, 3)
	product, err := gorgonia.HadamardProd(x, y)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewExecutor(pool, product); err == nil || !strings.Contains(err.Error(), "the host cannot run") {
		t.Errorf("error %v", err)
	}
}

func TestExecutorLeavesOutWhatNobodyNeeds(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	g := gorgonia.NewGraph()
	x, unused := matrix(g, "x", 2, 3), matrix(g, "unused", 2, 3)
	y, err := op.ReLU(x)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := op.Add(y, unused); err != nil {
		t.Fatal(err)
	}
	e, err := NewExecutor(pool, y)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.steps) != 1 || e.Value(unused) != nil {
		t.Errorf("%d calls, want 1; the unused input has %v", len(e.steps), e.Value(unused))
	}
	copy(e.Value(x), []float32{-1, 2, -3, 4, -5, 6})
	e.Run()
	if got, want := e.Value(y), []float32{0, 2, 0, 4, 0, 6}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestExecutorSumsTheGradientsOfANodeUsedTwice(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	g := gorgonia.NewGraph()
	x, labels := matrix(g, "x", 1, 2), gorgonia.NewVector(g, gorgonia.Float32, gorgonia.WithShape(1), gorgonia.WithName("labels"))
	y, err := op.Add(x, x)
	if err != nil {
		t.Fatal(err)
	}
	z, err := op.Add(y, x)
	if err != nil {
		t.Fatal(err)
	}
	loss, err := op.CrossEntropy(z, labels)
	if err != nil {
		t.Fatal(err)
	}
	grads, err := gorgonia.Grad(loss, x)
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewExecutor(pool, loss, grads[0])
	if err != nil {
		t.Fatal(err)
	}
	e.Run() // equal logits: the softmax is one half
	if got, want := e.Value(grads[0]), []float32{-1.5, 1.5}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
