package kernel

import (
	"cmp"
	"os"
)

// isa is the table of inner loops for one instruction set. Each has a plain Go
// twin in generic, which defines what it computes.
type isa struct {
	name string

	mr, nr int // micro-kernel tile: rows of A, columns of B
	micro  func(t *microTile)

	// copyRows copies a block of a matrix, copyPanels cuts one into panels of nr
	// columns that are panelStep apart, transpose turns one over:
	// dst[k*dstStep+j] = src[j*srcStep+k] for k < depth, which is at least 8, and
	// j < width; what it leaves in columns up to the next multiple of 8 is unspecified.
	copyRows   func(dst, src []float32, rows, width, dstStep, srcStep int)
	copyPanels func(dst, src []float32, rows, panels, panelStep, srcStep int)
	transpose  func(dst, src []float32, width, depth, dstStep, srcStep int)

	add         func(y, a, b []float32)
	relu        func(y, x []float32)
	reluGrad    func(dx, dy, y []float32)
	silu        func(y, x []float32)
	siluGrad    func(dx, dy, x []float32)
	sigmoid     func(y, x []float32)
	sigmoidGrad func(dx, dy, y []float32)
	gelu        func(y, x []float32)
	geluGrad    func(dx, dy, x []float32)

	// Functions over rows of c = len(last per-channel slice) channels.
	affineRows   func(y, x, mean, scale, shift []float32, rows int)
	normGradRows func(dx, dy, x, mean, a, b, d []float32, rows int)
	sumRows      func(acc, x []float32, rows int)
	devRows      func(acc, acc2, x, mean []float32, rows int)
	dotDevRows   func(acc, acc2, dy, x, mean []float32, rows int)
	// The same with an activation f after the norm, z = (x-mean)*scale + shift (+ s):
	// y = f(z), dz = dy*f'(z), dx = scale*dz + (b*(x-mean) + d).
	affine         [activations]func(y, x, mean, scale, shift []float32, rows int)
	affineAdd      [activations]func(y, x, s, mean, scale, shift []float32, rows int)
	affineSiLUGrad func(dz, dy, x, mean, scale, shift []float32, rows int)
	dotDevReLU     func(acc, acc2, dy, x, mean, scale, shift []float32, rows int)
	normGradReLU   func(dx, dy, x, mean, scale, shift, b, d []float32, rows int)

	scaleRows func(y, x, scale []float32, rows int)
	dotRows   func(acc, a, b []float32, rows int)

	layerNormRows      func(y, x, gamma, beta []float32, eps float32, rows int)
	layerNormGradRows  func(dx, dy, x, gamma []float32, eps float32, rows int)
	layerNormParamRows func(dgamma, dbeta, dy, x []float32, eps float32, rows int)

	maximum   func(y, a, b []float32)
	takeEqual func(dx, rest, x, top []float32)

	mac func(y, init, a, b []float32, d *macDims)
	// macRow is mac for so many pixels at a time, and at least as many in all.
	macRow map[int]macRowFunc
	adamw  func(p, m, v, g []float32, c *adamwConsts)
}

// chooseISA picks the table that SWEEP_KERNEL names, else the best one.
func chooseISA() *isa {
	sets := available()
	want := cmp.Or(os.Getenv("SWEEP_KERNEL"), sets[0].name)
	for _, s := range sets {
		if s.name == want {
			return s
		}
	}
	return sets[0]
}
