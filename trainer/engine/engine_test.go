package engine

import (
	"slices"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/backbone"
)

func TestTensorsListsTheWholeState(t *testing.T) {
	params := []backbone.Param{{Name: "conv1.weight", Shape: []int{3, 3, 2, 4}}, {Name: "bn1.weight", Shape: []int{4}}}
	buffers := []backbone.Buffer{{Name: "bn1.running_mean", Shape: []int{4}}}
	want := []Tensor{
		{"conv1.weight", Param, 72},
		{"bn1.weight", Param, 4},
		{"bn1.running_mean", Buffer, 4},
		{"conv1.weight", Moment1, 72},
		{"bn1.weight", Moment1, 4},
		{"conv1.weight", Moment2, 72},
		{"bn1.weight", Moment2, 4},
		{"", Steps, 1},
	}
	if got := Tensors(params, buffers, true); !slices.Equal(got, want) {
		t.Errorf("training: %v, want %v", got, want)
	}
	if got := Tensors(params, buffers, false); !slices.Equal(got, want[:3]) {
		t.Errorf("evaluation: %v, want %v", got, want[:3])
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{
			&MemoryError{What: "convnext_base at 224 px with 512 images a batch", Need: 100 << 30, Have: 16 << 30},
			"convnext_base at 224 px with 512 images a batch needs 100.0 GiB of memory and there are 16.0 GiB: use a smaller batch_size or image_size",
		},
		{
			&UnsupportedError{Engine: "host", What: "precision bf16", Use: "use precision: fp32"},
			"engine host: no precision bf16: use precision: fp32",
		},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
