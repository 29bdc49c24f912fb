package weights

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/rng"
)

// Standard deviations by timm's rules, worked out by hand from the shapes.
func TestInitialDistributions(t *testing.T) {
	for _, c := range []struct {
		model, tensor string
		mean, sd      float64
		largest       float64 // 0: unbounded
	}{
		{"resnet18", "conv1.weight", 0, math.Sqrt(2.0 / (64 * 49)), 0},
		{"resnet18", "layer4.1.conv2.weight", 0, math.Sqrt(2.0 / (512 * 9)), 0},
		{"resnet18", "layer2.0.downsample.0.weight", 0, math.Sqrt(2.0 / 128), 0},
		{"resnet18", "layer1.0.bn1.weight", 1, 0, 1},
		{"resnet18", "layer1.0.bn2.weight", 0, 0, 0},
		{"resnet18", "layer2.0.downsample.1.weight", 1, 0, 1},
		{"resnet18", "bn1.running_var", 1, 0, 1},
		{"resnet18", "bn1.running_mean", 0, 0, 0},
		{"resnet18", "heads.a.weight", 0, 1 / math.Sqrt(3*512), 1 / math.Sqrt(512)},
		{"resnet18", "heads.a.bias", 0, 1 / math.Sqrt(3*512), 1 / math.Sqrt(512)},
		{"resnet50", "layer3.2.bn3.weight", 0, 0, 0},
		{"resnet50", "layer3.2.bn2.weight", 1, 0, 1},
		{"efficientnet_b4", "conv_stem.weight", 0, math.Sqrt(2.0 / (9 * 48)), 0},
		{"efficientnet_b4", "blocks.5.3.conv_dw.weight", 0, math.Sqrt(2.0 / 25), 0},
		{"efficientnet_b4", "blocks.5.3.conv_pw.weight", 0, math.Sqrt(2.0 / 1632), 0},
		{"efficientnet_b4", "blocks.5.3.se.conv_reduce.weight", 0, math.Sqrt(2.0 / 68), 0},
		{"efficientnet_b4", "blocks.5.3.se.conv_expand.weight", 0, math.Sqrt(2.0 / 1632), 0},
		{"efficientnet_b4", "blocks.5.3.se.conv_expand.bias", 0, 0, 0},
		{"efficientnet_b4", "blocks.5.3.bn3.weight", 1, 0, 1},
		{"convnext_base", "stages.2.blocks.5.mlp.fc1.weight", 0, 0.02, 2},
		{"convnext_base", "stages.2.blocks.5.conv_dw.weight", 0, 0.02, 2},
		{"convnext_base", "stages.2.blocks.5.gamma", 1e-6, 0, 1e-6},
		{"convnext_base", "stages.2.blocks.5.norm.weight", 1, 0, 1},
		{"convnext_base", "head.norm.bias", 0, 0, 0},
	} {
		gr := build(t, c.model, 500)
		v := initialOf(t, gr, c.tensor, 42)
		var sum, squares, largest float64
		for _, x := range v {
			sum += float64(x)
			largest = max(largest, math.Abs(float64(x)))
		}
		mean := sum / float64(len(v))
		for _, x := range v {
			squares += (float64(x) - mean) * (float64(x) - mean)
		}
		n := float64(len(v))
		sd := math.Sqrt(squares / n)
		// Five standard errors; constants exactly, but for float32.
		if !(math.Abs(mean-c.mean) <= 5*c.sd/math.Sqrt(n)+1e-7*c.mean) || !(math.Abs(sd-c.sd) <= 5*c.sd/math.Sqrt(2*n)) {
			t.Errorf("%s %s: mean %.4g, standard deviation %.4g, want %.4g and %.4g", c.model, c.tensor, mean, sd, c.mean, c.sd)
		}
		if c.largest > 0 && largest > c.largest*(1+1e-6) {
			t.Errorf("%s %s: largest %v, want at most %v", c.model, c.tensor, largest, c.largest)
		}
	}
}

// initialOf draws one tensor alone.
func initialOf(t *testing.T, gr *backbone.Graph, name string, seed uint64) []float32 {
	t.Helper()
	params := slices.DeleteFunc(slices.Clone(gr.Params), func(p backbone.Param) bool { return p.Name != name })
	buffers := slices.DeleteFunc(slices.Clone(gr.Buffers), func(b backbone.Buffer) bool { return b.Name != name })
	v, ok := Initial(params, buffers, seed)[name]
	if !ok {
		t.Fatalf("no tensor %s", name)
	}
	return v
}

func TestInitialRepeats(t *testing.T) {
	gr := build(t, "resnet18", 4, 4)
	a := Initial(gr.Params, gr.Buffers, 42)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	b := Initial(gr.Params, gr.Buffers, 42)
	if len(a) != len(gr.Params)+len(gr.Buffers) {
		t.Errorf("%d tensors, want %d", len(a), len(gr.Params)+len(gr.Buffers))
	}
	for name, v := range a {
		if !slices.Equal(v, b[name]) {
			t.Errorf("%s differs from one thread to many", name)
		}
	}
	if slices.Equal(a["conv1.weight"], Initial(gr.Params, gr.Buffers, 43)["conv1.weight"]) {
		t.Error("two seeds gave the same weights")
	}
	if slices.Equal(a["heads.a.weight"], a["heads.b.weight"]) {
		t.Error("two heads have the same weights")
	}
	// In the order of timm's shape, whatever the graph's: the first numbers of
	// the stream are the taps of the first output and input channel.
	c, timm := a["conv1.weight"], make([]float32, 64*3*49)
	backbone.Conv.ToTimm(timm, c, []int{7, 7, 3, 64})
	p := gr.Params[0]
	first := make([]float32, 10)
	fill(first, p.Init, rng.New(42, rng.Weights, 0, rng.Hash(p.Name)))
	if !slices.Equal(timm[:10], first) {
		t.Errorf("conv1.weight begins with %v, the stream with %v", timm[:10], first)
	}
}
