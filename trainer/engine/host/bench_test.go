package host

import (
	"fmt"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

// BenchmarkStep is a whole training step of each network with 16 images, on all
// processors.
func BenchmarkStep(b *testing.B) {
	for _, model := range backbone.Names() {
		for _, size := range []int{64, 224} {
			b.Run(fmt.Sprintf("%s/%d", model, size), func(b *testing.B) {
				spec := smallSpec()
				spec.Model, spec.ImageSize, spec.Batch = model, size, 16
				p := compile(b, spec, 0)
				start(b, p)
				batch, losses := batchOf(16, spec, 1), make([]float64, 2)
				step := func() {
					if err := p.Step(batch, 1e-4, losses); err != nil {
						b.Fatal(err)
					}
				}
				step()
				b.ReportAllocs()
				for b.Loop() {
					step()
				}
				b.ReportMetric(16*float64(b.N)/b.Elapsed().Seconds(), "images/s")
				b.ReportMetric(float64(p.Memory().Total())/(1<<20), "MiB")
			})
		}
	}
}

// BenchmarkEvaluate is the evaluation of a batch of 16 images.
func BenchmarkEvaluate(b *testing.B) {
	for _, model := range backbone.Names() {
		for _, size := range []int{64, 224} {
			b.Run(fmt.Sprintf("%s/%d", model, size), func(b *testing.B) {
				spec := smallSpec()
				spec.Model, spec.ImageSize, spec.Batch, spec.Training = model, size, 16, false
				p := compile(b, spec, 0)
				start(b, p)
				batch, logits := batchOf(16, spec, 1), [][]float32{make([]float32, 16*3), make([]float32, 16*2)}
				evaluate := func() {
					if err := p.Evaluate(batch, logits); err != nil {
						b.Fatal(err)
					}
				}
				evaluate()
				b.ReportAllocs()
				for b.Loop() {
					evaluate()
				}
				b.ReportMetric(16*float64(b.N)/b.Elapsed().Seconds(), "images/s")
			})
		}
	}
}

// BenchmarkCompile is what a new batch size costs.
func BenchmarkCompile(b *testing.B) {
	for _, model := range backbone.Names() {
		for _, size := range []int{64, 224} {
			b.Run(fmt.Sprintf("%s/%d", model, size), func(b *testing.B) {
				spec := smallSpec()
				spec.Model, spec.ImageSize, spec.Batch = model, size, 16
				p := &program{spec: spec}
				var m engine.Memory
				for b.Loop() {
					net, err := p.plan(16, true)
					if err != nil {
						b.Fatal(err)
					}
					p.describe(net.graph)
					m = p.memory(net.exec.places.size)
				}
				b.ReportMetric(float64(m.State)/(1<<20), "state-MiB")
				b.ReportMetric(float64(m.Activations)/(1<<20), "activations-MiB")
			})
		}
	}
}
