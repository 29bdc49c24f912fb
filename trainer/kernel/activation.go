package kernel

// ReLU computes y = max(x, 0).
func (p *Pool) ReLU(y, x []float32) { p.unary(p.isa.relu, y, x) }

// ReLUGrad computes dx = dy where y > 0, else 0. y is the output of ReLU, or its
// input, which has the same sign.
func (p *Pool) ReLUGrad(dx, dy, y []float32) { p.binary(p.isa.reluGrad, dx, dy, y) }

// Sigmoid computes y = 1/(1+exp(-x)) to a relative error of 3e-7, for x from
// -87 on, below which y stays at about 1e-38.
func (p *Pool) Sigmoid(y, x []float32) { p.unary(p.isa.sigmoid, y, x) }

// SigmoidGrad computes dx = dy*y*(1-y) from the output y of Sigmoid.
func (p *Pool) SigmoidGrad(dx, dy, y []float32) { p.binary(p.isa.sigmoidGrad, dx, dy, y) }

// SiLU computes y = x*sigmoid(x) (Elfwing et al., arXiv:1702.03118) to the same
// relative error.
func (p *Pool) SiLU(y, x []float32) { p.unary(p.isa.silu, y, x) }

// SiLUGrad computes dx = dy*s*(1+x*(1-s)), s = sigmoid(x), from the input x of
// SiLU. The error of the factor is below 4e-7.
func (p *Pool) SiLUGrad(dx, dy, x []float32) { p.binary(p.isa.siluGrad, dx, dy, x) }

// GELU computes y = x*Φ(x) with the normal distribution's Φ from erf, not from
// tanh (Hendrycks and Gimpel, arXiv:1606.08415). The error is below 4e-7 of y, or
// of 0.1 where |y| is smaller.
func (p *Pool) GELU(y, x []float32) { p.unary(p.isa.gelu, y, x) }

// GELUGrad computes dx = dy*(Φ(x) + x*φ(x)) from the input x of GELU. The error
// of the factor is below 3e-7.
func (p *Pool) GELUGrad(dx, dy, x []float32) { p.binary(p.isa.geluGrad, dx, dy, x) }

// Add computes y = a + b.
func (p *Pool) Add(y, a, b []float32) { p.binary(p.isa.add, y, a, b) }

// AddInto computes y += x.
func (p *Pool) AddInto(y, x []float32) { p.binary(p.isa.add, y, y, x) }

func (p *Pool) unary(f func(y, x []float32), y, x []float32) {
	p.run(blocks(len(y), elementBlock), call{task: unaryTask, unary: f, y: y, x: x})
}

func unaryTask(c *call, _ *scratch, i int) {
	from, to := i*elementBlock, min((i+1)*elementBlock, len(c.y))
	c.unary(c.y[from:to], c.x[from:to])
}

func (p *Pool) binary(f func(y, a, b []float32), y, a, b []float32) {
	p.run(blocks(len(y), elementBlock), call{task: binaryTask, binary: f, y: y, x: a, w: b})
}

func binaryTask(c *call, _ *scratch, i int) {
	from, to := i*elementBlock, min((i+1)*elementBlock, len(c.y))
	c.binary(c.y[from:to], c.x[from:to], c.w[from:to])
}
