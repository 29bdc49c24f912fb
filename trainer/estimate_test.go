package trainer

import (
	"os"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

// A run is refused by its estimate where the GPU is smaller: one in bf16 takes less.
func TestEstimateOfHalfPrecision(t *testing.T) {
	plugin := t.TempDir() + "/xla_cuda_plugin.so"
	if err := os.WriteFile(plugin, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	e := Engines{
		Where: xla.Surroundings{Plugin: plugin, Getenv: func(string) string { return "" }},
		Probe: func(string) (xla.Device, error) { return xla.Device{Platform: "cuda"}, nil },
	}
	spec := run.Spec{
		Engine: "xla", Model: "resnet18", Head: run.HeadMulti, BatchSize: 16, Data: run.Data{ImageSize: 64},
		Tasks: []run.Task{{Name: "a", Classes: []string{"x", "y"}}},
	}
	full, err := e.Estimate(spec)
	if !xla.Available {
		if err == nil {
			t.Error("a build without the engine has an estimate of it")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	spec.Precision = engine.BF16
	half, err := e.Estimate(spec)
	if err != nil {
		t.Fatal(err)
	}
	activations := full.Memory - full.Resume/2
	if want := full.Resume/2 + activations/2; half.Memory != want || half.Resume != full.Resume {
		t.Errorf("bf16 takes %d, want %d of %d", half.Memory, want, full.Memory)
	}
}
