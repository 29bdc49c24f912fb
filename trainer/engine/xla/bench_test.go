//go:build cgo && (linux || darwin)

package xla

import (
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

// BenchmarkStep is one training step of 16 images at 64 px, launch included.
func BenchmarkStep(b *testing.B) {
	for _, model := range backbone.Names() {
		b.Run(model, func(b *testing.B) {
			const N, S = 16, 64
			spec := engine.Spec{Model: model, Head: run.HeadMulti, ImageSize: S, Batch: N, Training: true}
			for _, c := range []int{13, 6, 17} {
				spec.Tasks = append(spec.Tasks, run.Task{Name: string(rune('a' + c)), Classes: make([]string, c)})
			}
			p, err := openTest(b, Options{}).Compile(spec)
			if err != nil {
				b.Fatal(err)
			}
			defer p.Close()
			if err := p.(engine.Resident).Load(N, make([]byte, N*S*S*3)); err != nil {
				b.Fatal(err)
			}
			batch := &data.Batch{Index: make([]int32, N), Flip: make([]bool, N)}
			for range spec.Tasks {
				batch.Labels = append(batch.Labels, make([]int32, N))
			}
			losses := make([]float64, len(spec.Tasks))
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Step(batch, 1e-4, losses); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(N*b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}
