//go:build cgo && (linux || darwin)

package op_test

import (
	"testing"

	"github.com/backbone-sweep/sweep/trainer/engine/xla/plugintest"
	"github.com/backbone-sweep/sweep/trainer/op"
)

func TestParityOnXLA(t *testing.T) {
	e := plugintest.Open(t)
	for _, c := range parityCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			b := build(t, c)
			outputs := b.outputs()
			inputs := map[*op.Node][]float32{}
			for n, a := range b.values {
				inputs[n] = float32s(a.Data)
			}
			got, err := e.RunGraph(false, outputs, inputs)
			if err != nil {
				t.Fatal(err)
			}
			values := map[*op.Node][]float32{}
			for i, n := range outputs {
				values[n] = got[i]
			}
			b.check(t, c, func(n *op.Node) []float32 { return values[n] })
			if b.stats != nil {
				checkStatistics(t, c, values[b.stats])
			}
		})
	}
}
