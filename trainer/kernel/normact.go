package kernel

import "math"

// Activation is what follows a batch norm in the same pass.
type Activation uint8

// Activations after a norm.
const (
	Identity  Activation = iota
	Rectified            // max(z, 0)
	Swished              // z*sigmoid(z)

	activations = iota
)

// BatchNorm is a batch norm of x [rows,cols] by stats [2,cols] and what follows
// it: y = f(z), z = (x-mean)*gamma/sqrt(variance+eps) + beta (+ Shortcut).
type BatchNorm struct {
	Stats, Gamma, Beta []float32
	Shortcut           []float32 // [rows,cols] or nil
	Eps                float32
	Then               Activation
	Rows, Cols         int
}

// BatchNormActivate computes y. Memory is read and written once.
func (p *Pool) BatchNormActivate(y, x []float32, b BatchNorm) {
	c := b.call(activateTask, rowsPerTask(b.Cols))
	c.y, c.x, c.prepare = y, x, affinePrepare
	p.runShared(b.Cols, blocks(b.Rows, c.block), c)
}

// call holds what all functions here share.
func (b BatchNorm) call(task func(c *call, s *scratch, i int), block int) call {
	C := b.Cols
	return call{
		task: task, u: b.Stats[:C], v: b.Stats[C : 2*C], w: b.Gamma, z: b.Beta, y2: b.Shortcut,
		rows: b.Rows, cols: C, block: block, f: [8]float32{b.Eps}, then: b.Then,
	}
}

func activateTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	y, x := c.y[r0*C:][:n*C], c.x[r0*C:][:n*C]
	if c.y2 != nil {
		c.isa.affineAdd[c.then](y, x, c.y2[r0*C:][:n*C], c.u, c.partial, c.z, n)
		return
	}
	c.isa.affine[c.then](y, x, c.u, c.partial, c.z, n)
}

// BatchNormSiLUGrad computes dz = dy*silu'(z); there is no Shortcut.
func (p *Pool) BatchNormSiLUGrad(dz, dy, x []float32, b BatchNorm) {
	c := b.call(siluGradTask, rowsPerTask(b.Cols))
	c.y, c.x, c.x2, c.prepare = dz, x, dy, affinePrepare
	p.runShared(b.Cols, blocks(b.Rows, c.block), c)
}

func siluGradTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	c.isa.affineSiLUGrad(c.y[r0*C:][:n*C], c.x2[r0*C:][:n*C], c.x[r0*C:][:n*C], c.u, c.partial, c.z, n)
}

// BatchNormReLUReduce is BatchNormReduce of dz, which is dy where z > 0; there is no
// Shortcut.
func (p *Pool) BatchNormReLUReduce(sums, x, dy []float32, b BatchNorm) {
	block := reduceRows(b.Cols)
	parts := blocks(b.Rows, block)
	c := b.call(nil, block)
	c.y, c.x, c.x2 = sums, x, dy
	p.reduce(reduction{
		call: c, partial: parts*2*b.Cols + b.Cols, tasks: parts, task: reluReduceTask,
		prepare: func(c *call) {
			c.scale = c.partial[c.parts*c.size:]
			for j := range c.cols {
				c.scale[j] = affineScale(c, j)
			}
		},
		parts: parts, size: 2 * b.Cols, finish: reluReduceFinish,
	})
}

func reluReduceTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	acc := c.partial[i*2*C:][:2*C]
	clear(acc)
	c.isa.dotDevReLU(acc[:C], acc[C:], c.x2[r0*C:][:n*C], c.x[r0*C:][:n*C], c.u, c.scale, c.z, n)
}

func reluReduceFinish(c *call, from, to int) {
	var sums [finishBlock]float64
	addParts(&sums, c.partial[from:], c.parts, c.size, to-from)
	for j := from; j < to; j++ {
		s := sums[j-from]
		if j >= c.cols {
			s /= math.Sqrt(float64(c.v[j-c.cols]) + float64(c.f[0]))
		}
		c.y[j] = float32(s)
	}
}

// BatchNormReLUInputGrad is BatchNormInputGrad of the same dz. sums is the result of BatchNormReLUReduce.
func (p *Pool) BatchNormReLUInputGrad(dx, dy, x, sums []float32, b BatchNorm) {
	c := b.call(reluInputGradTask, rowsPerTask(b.Cols))
	c.y, c.x, c.x2, c.sums, c.prepare = dx, x, dy, sums, reluInputGradPrepare
	p.runShared(3*b.Cols, blocks(b.Rows, c.block), c)
}

// reluInputGradPrepare forms scale, b, d of dx = scale*dz + b*(x-mean) + d.
func reluInputGradPrepare(c *call) {
	C, n := c.cols, float64(c.rows)
	for j := range C {
		a := affineScale(c, j)
		rstd := 1 / math.Sqrt(float64(c.v[j])+float64(c.f[0]))
		c.partial[j] = a
		c.partial[C+j] = float32(-float64(a) * rstd * float64(c.sums[C+j]) / n)
		c.partial[2*C+j] = float32(-float64(a) * float64(c.sums[j]) / n)
	}
}

func reluInputGradTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	k := c.partial
	c.isa.normGradReLU(c.y[r0*C:][:n*C], c.x2[r0*C:][:n*C], c.x[r0*C:][:n*C], c.u, k[:C], c.z, k[C:2*C], k[2*C:3*C], n)
}
