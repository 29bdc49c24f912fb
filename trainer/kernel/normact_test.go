package kernel

import (
	"math/rand/v2"
	"testing"
)

// A norm with what follows it does what the steps do one after the other.
func TestBatchNormActivateIsItsSteps(t *testing.T) {
	const rows, C, eps = manyRows, someCols, 1e-3
	everyISA(t, func(t *testing.T, p *Pool) {
		r := rand.New(rand.NewPCG(21, 22))
		x, dy, shortcut := random(r, rows*C), random(r, rows*C), random(r, rows*C)
		gamma, beta, stats := random(r, C), random(r, C), garbage(2*C)
		p.BatchStats(stats, x, rows, C)
		z := garbage(rows * C)
		p.BatchNormForward(z, x, stats, gamma, beta, eps, rows, C)
		for then, steps := range map[Activation]struct {
			forward  func(y, z []float32)
			backward func(dz, dy, z []float32)
		}{
			Identity:  {func(y, z []float32) { copy(y, z) }, func(dz, dy, _ []float32) { copy(dz, dy) }},
			Rectified: {p.ReLU, p.ReLUGrad},
			Swished:   {p.SiLU, p.SiLUGrad},
		} {
			b := BatchNorm{Stats: stats, Gamma: gamma, Beta: beta, Eps: eps, Then: then, Rows: rows, Cols: C}
			got, want := garbage(rows*C), garbage(rows*C)
			p.BatchNormActivate(got, x, b)
			steps.forward(want, z)
			near(t, "y", got, want, 1e-6)

			dz := garbage(rows * C)
			steps.backward(dz, dy, z)
			switch then {
			case Rectified:
				gotSums, wantSums := garbage(2*C), garbage(2*C)
				p.BatchNormReLUReduce(gotSums, x, dy, b)
				p.BatchNormReduce(wantSums, x, dz, stats, eps, rows, C)
				near(t, "sums", gotSums, wantSums, 1e-5)
				p.BatchNormReLUInputGrad(got, dy, x, wantSums, b)
				p.BatchNormInputGrad(want, dz, x, stats, gamma, wantSums, eps, rows, C)
				near(t, "dx", got, want, 1e-6)
			case Swished:
				p.BatchNormSiLUGrad(got, dy, x, b)
				near(t, "dz", got, dz, 1e-6)
			}

			b.Shortcut = shortcut
			p.BatchNormActivate(got, x, b)
			p.Add(want, z, shortcut)
			steps.forward(want, want)
			near(t, "y with a shortcut", got, want, 1e-6)
		}
	})
}
