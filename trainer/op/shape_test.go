package op

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// input returns a named input node of the given shape.
func input(g *gorgonia.ExprGraph, name string, shape ...int) *Node {
	return gorgonia.NewTensor(g, tensor.Float32, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
}

func TestShapes(t *testing.T) {
	type in = [][]int
	for _, c := range []struct {
		name  string
		op    Operation
		in    in
		want  []int
		error string
	}{
		{"conv", Conv{2, 1, 1}, in{{2, 5, 4, 3}, {3, 3, 3, 8}}, []int{2, 3, 2, 8}, ""},
		{"conv with bias", Conv{4, 0, 1}, in{{2, 8, 8, 3}, {4, 4, 3, 8}, {8}}, []int{2, 2, 2, 8}, ""},
		{"depthwise", Conv{2, 2, 6}, in{{2, 7, 6, 6}, {5, 5, 1, 6}}, []int{2, 4, 3, 6}, ""},
		{"conv of other channels", Conv{1, 1, 1}, in{{2, 5, 4, 3}, {3, 3, 4, 8}}, nil, "x (2, 5, 4, 3) has 3 channels, w (3, 3, 4, 8) takes 4 in 1 groups"},
		{"conv with a short bias", Conv{1, 1, 1}, in{{2, 5, 4, 3}, {3, 3, 3, 8}, {7}}, nil, "b is (7), want [8]"},
		{"conv of a small image", Conv{1, 0, 1}, in{{2, 2, 2, 3}, {3, 3, 3, 8}}, nil, "smaller than the kernel"},
		{"conv without stride", Conv{0, 0, 1}, in{{2, 4, 4, 3}, {3, 3, 3, 8}}, nil, "stride ≥ 1"},
		{"conv of a matrix", Conv{1, 0, 1}, in{{2, 2}, {3, 3, 3, 8}}, nil, "x is (2, 2), want 4 dimensions"},
		{"conv of one input", Conv{1, 0, 1}, in{{2, 2}}, nil, "got 1 inputs"},
		{"conv input gradient", ConvInputGrad{Conv{2, 1, 1}, 5, 4}, in{{2, 3, 2, 8}, {3, 3, 3, 8}}, []int{2, 5, 4, 3}, ""},
		{"conv input gradient of another size", ConvInputGrad{Conv{2, 1, 1}, 7, 4}, in{{2, 3, 2, 8}, {3, 3, 3, 8}}, nil, "gives (2, 4, 2, 8)"},
		{"conv weight gradient", ConvWeightGrad{Conv{2, 2, 6}, 5, 5}, in{{2, 7, 6, 6}, {2, 4, 3, 6}}, []int{5, 5, 1, 6}, ""},
		{"linear", Dense{}, in{{2, 5, 4, 3}, {3, 7}, {7}}, []int{2, 5, 4, 7}, ""},
		{"linear of other features", Dense{}, in{{2, 5}, {3, 7}}, nil, "x (2, 5) has 5 features, w (3, 7) takes 3"},
		{"linear input gradient", DenseInputGrad{}, in{{2, 7}, {3, 7}}, []int{2, 3}, ""},
		{"linear weight gradient", DenseWeightGrad{}, in{{2, 4, 3}, {2, 4, 7}}, []int{3, 7}, ""},
		{"linear weight gradient of other rows", DenseWeightGrad{}, in{{2, 3}, {4, 7}}, nil, "same shape but for the last axis"},
		{"batch norm", BatchNorm{1e-5}, in{{2, 3, 4, 5}, {5}, {5}, {2, 5}}, []int{2, 3, 4, 5}, ""},
		{"batch norm with other statistics", BatchNorm{1e-5}, in{{2, 3, 4, 5}, {5}, {5}, {2, 4}}, nil, "stats is (2, 4), want [2, 5]"},
		{"batch norm with a short gamma", BatchNorm{1e-5}, in{{2, 3, 4, 5}, {4}, {5}, {2, 5}}, nil, "gamma is (4), want [5]"},
		{"max pool", Pool{3, 2, 1}, in{{1, 5, 6, 2}}, []int{1, 3, 3, 2}, ""},
		{"max pool padded too much", Pool{3, 2, 2}, in{{1, 5, 6, 2}}, nil, "half the kernel"},
		{"mean", SpatialMean{}, in{{2, 5, 6, 3}}, []int{2, 3}, ""},
		{"add", Sum{}, in{{2, 3}, {3, 2}}, nil, "want the same shape"},
		{"gate", Gate{}, in{{2, 5, 6, 3}, {3, 2}}, nil, "want [2, 3]"},
		{"cross-entropy", SoftmaxLoss{}, in{{4, 3}, {4}}, []int{}, ""},
		{"cross-entropy with missing labels", SoftmaxLoss{}, in{{4, 3}, {3}}, nil, "one label a row"},
		{"columns", Slice{2, 5}, in{{4, 6}}, []int{4, 3}, ""},
		{"no columns", Slice{2, 2}, in{{4, 6}}, nil, "no columns 2 to 2"},
		{"pad", Pad{2, 6}, in{{4, 3}}, []int{4, 6}, ""},
		{"pad too wide", Pad{4, 6}, in{{4, 3}}, nil, "does not fit"},
		{"row", Row{2}, in{{2, 3}}, nil, "no row 2"},
		{"stack", Stack{}, in{{3}, {3}}, []int{2, 3}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := gorgonia.NewGraph()
			var nodes Nodes
			for i, s := range c.in {
				nodes = append(nodes, input(g, string(rune('a'+i)), s...))
			}
			n, err := apply(c.op, nodes...)
			switch {
			case c.error == "" && err != nil:
				t.Fatal(err)
			case c.error != "" && (err == nil || !strings.Contains(err.Error(), c.error)):
				t.Fatalf("error %v, want %q", err, c.error)
			case c.error == "" && !equal(n.Shape(), c.want):
				t.Fatalf("shape %v, want %v", n.Shape(), c.want)
			}
		})
	}
}
