//go:build cgo && (linux || darwin)

package op_test

import (
	"math"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/engine/xla/plugintest"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// TestFusedNormsOnXLA compares values and gradients with the host's.
func TestFusedNormsOnXLA(t *testing.T) {
	e := plugintest.Open(t)
	pool := kernel.NewPool(2)
	defer pool.Close()
	for _, f := range fusions {
		t.Run(f.name, func(t *testing.T) {
			b := f.build(t, false)
			want := b.onHost(t, pool)
			got, err := e.RunGraph(false, b.outputs, b.values)
			if err != nil {
				t.Fatal(err)
			}
			for i := range want {
				for k, w := range want[i] {
					if math.Abs(float64(got[i][k]-w)) > 1e-5*(1+math.Abs(float64(w))) {
						t.Fatalf("result %d [%d] is %v, the host's %v", i, k, got[i][k], w)
					}
				}
			}
		})
	}
}
