package backbone

import (
	"slices"
	"testing"
)

func TestLayout(t *testing.T) {
	for _, c := range []struct {
		name        string
		layout      Layout
		shape, timm []int
	}{
		{"vector", Vector, []int{3}, []int{3}},
		{"linear", Linear, []int{2, 3}, []int{3, 2}},
		{"pointwise", Pointwise, []int{2, 3}, []int{3, 2, 1, 1}},
		{"conv", Conv, []int{2, 3, 4, 5}, []int{5, 4, 2, 3}},
		{"depthwise", Conv, []int{3, 3, 1, 4}, []int{4, 1, 3, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.layout.TimmShape(c.shape); !slices.Equal(got, c.timm) {
				t.Fatalf("shape %v, want %v", got, c.timm)
			}
			n := volume(c.shape)
			graph := make([]float32, n)
			for i := range graph {
				graph[i] = float32(i)
			}
			timm, back := make([]float32, n), make([]float32, n)
			c.layout.ToTimm(timm, graph, c.shape)
			c.layout.FromTimm(back, timm, c.shape)
			if !slices.Equal(back, graph) {
				t.Errorf("there and back: %v", back)
			}
			// By definition, position by position.
			for i := range n {
				at := position(i, c.shape)
				var want []int
				switch c.layout {
				case Conv:
					want = []int{at[3], at[2], at[0], at[1]}
				case Linear:
					want = []int{at[1], at[0]}
				case Pointwise:
					want = []int{at[1], at[0], 0, 0}
				default:
					want = at
				}
				if got := timm[offset(want, c.timm)]; got != graph[i] {
					t.Fatalf("value at %v went elsewhere: %v is at its place %v", at, got, want)
				}
			}
		})
	}
}

func position(i int, shape []int) []int {
	at := make([]int, len(shape))
	for d := len(shape) - 1; d >= 0; d-- {
		at[d] = i % shape[d]
		i /= shape[d]
	}
	return at
}

func offset(at, shape []int) int {
	o := 0
	for d, s := range shape {
		o = o*s + at[d]
	}
	return o
}
