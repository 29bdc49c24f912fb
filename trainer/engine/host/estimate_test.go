package host

import (
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

// What is estimated is what a program then takes.
func TestEstimate(t *testing.T) {
	e := New()
	defer e.Close()
	spec := engine.Spec{
		Model: "resnet18", Head: run.HeadMulti, Tasks: []run.Task{{Name: "a", Classes: []string{"x", "y"}}},
		ImageSize: 32, Batch: 4, Training: true,
	}
	want, err := e.Estimate(spec)
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Compile(spec)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got := p.Memory(); got != want {
		t.Errorf("estimated %+v, taken %+v", want, got)
	}
}
