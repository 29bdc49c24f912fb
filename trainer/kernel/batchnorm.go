package kernel

import "math"

// BatchStats computes stats [2,cols] of x [rows,cols]: row 0 the mean of every
// column, row 1 its biased variance. Means are formed block by block, and each
// block's squares around its own mean, so a large offset costs no precision.
func (p *Pool) BatchStats(stats, x []float32, rows, cols int) {
	block := reduceRows(cols)
	parts := blocks(rows, block)
	p.reduce(reduction{
		call:    call{y: stats, x: x, rows: rows, cols: cols, block: block},
		partial: parts * 3 * cols, tasks: parts, task: batchStatsTask,
		parts: parts, size: cols, finish: batchStatsFinish,
	})
}

// batchStatsTask writes three rows for its block: a mean rounded to float32,
// the mean of what it left over, and the squared deviations from the true mean.
func batchStatsTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	x := c.x[r0*C:]
	part := c.partial[i*3*C:][:3*C]
	clear(part)
	mean, rest, square := part[:C], part[C:2*C], part[2*C:]
	c.isa.sumRows(mean, x, n)
	inv := 1 / float32(n)
	for j := range mean {
		mean[j] *= inv
	}
	c.isa.devRows(rest, square, x, mean, n)
	for j, r := range rest {
		square[j] -= r * r * inv
		rest[j] = r * inv
	}
}

func batchStatsFinish(c *call, from, to int) {
	var mean, square [finishBlock]float64
	C := c.cols
	blockMean := func(p, j int) float64 { return float64(c.partial[p*3*C+j]) + float64(c.partial[p*3*C+C+j]) }
	for p := range c.parts {
		_, n := rowBlock(c, p)
		for j := from; j < to; j++ {
			mean[j-from] += float64(n) * blockMean(p, j)
		}
	}
	rows := float64(c.rows)
	for j := range to - from {
		mean[j] /= rows
	}
	for p := range c.parts {
		_, n := rowBlock(c, p)
		for j := from; j < to; j++ {
			d := blockMean(p, j) - mean[j-from]
			square[j-from] += float64(c.partial[p*3*C+2*C+j]) + float64(n)*d*d
		}
	}
	for j := from; j < to; j++ {
		c.y[j] = float32(mean[j-from])
		c.y[C+j] = float32(max(0, square[j-from]/rows))
	}
}

// BatchNormForward computes y = (x - mean)/sqrt(variance+eps)*gamma + beta for
// x and y [rows,cols], stats [2,cols] as BatchStats gives them.
func (p *Pool) BatchNormForward(y, x, stats, gamma, beta []float32, eps float32, rows, cols int) {
	p.BatchNormEval(y, x, stats[:cols], stats[cols:2*cols], gamma, beta, eps, rows, cols)
}

// BatchNormEval is BatchNormForward with mean and variance [cols] given apart,
// as running statistics are.
func (p *Pool) BatchNormEval(y, x, mean, variance, gamma, beta []float32, eps float32, rows, cols int) {
	p.affine(y, x, mean, variance, gamma, beta, eps, rows, cols)
}

// elementBlock is the number of elements that one elementwise task covers.
const elementBlock = 16384

// rowsPerTask is the same in rows.
func rowsPerTask(cols int) int { return max(1, elementBlock/max(1, cols)) }

func (p *Pool) affine(y, x, mean, variance, gamma, beta []float32, eps float32, rows, cols int) {
	block := rowsPerTask(cols)
	p.runShared(cols, blocks(rows, block), call{
		task: affineTask, y: y, x: x, u: mean, v: variance, w: gamma, z: beta,
		rows: rows, cols: cols, block: block, f: [8]float32{eps}, prepare: affinePrepare,
	})
}

// affinePrepare forms the scale of every column.
func affinePrepare(c *call) {
	for j := range c.cols {
		c.partial[j] = affineScale(c, j)
	}
}

func affineScale(c *call, j int) float32 {
	return float32(float64(c.w[j]) / math.Sqrt(float64(c.v[j])+float64(c.f[0])))
}

func affineTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	c.isa.affineRows(c.y[r0*C:][:n*C], c.x[r0*C:], c.u[:C], c.partial, c.z, n)
}

// BatchNormReduce computes sums [2,cols]: row 0 the sum of dy over the rows,
// which is the gradient of beta, row 1 the sum of dy times the normalised x,
// which is the gradient of gamma.
func (p *Pool) BatchNormReduce(sums, x, dy, stats []float32, eps float32, rows, cols int) {
	block := reduceRows(cols)
	parts := blocks(rows, block)
	p.reduce(reduction{
		call:    call{y: sums, x: x, w: dy, u: stats, rows: rows, cols: cols, block: block, f: [8]float32{eps}},
		partial: parts * 2 * cols, tasks: parts, task: batchNormReduceTask,
		parts: parts, size: 2 * cols, finish: batchNormReduceFinish,
	})
}

func batchNormReduceTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	acc := c.partial[i*2*C:][:2*C]
	clear(acc)
	c.isa.dotDevRows(acc[:C], acc[C:], c.w[r0*C:], c.x[r0*C:], c.u[:C], n)
}

func batchNormReduceFinish(c *call, from, to int) {
	var sums [finishBlock]float64
	addParts(&sums, c.partial[from:], c.parts, c.size, to-from)
	for j := from; j < to; j++ {
		v := sums[j-from]
		if j >= c.cols {
			v /= math.Sqrt(float64(c.u[j]) + float64(c.f[0]))
		}
		c.y[j] = float32(v)
	}
}

// BatchNormInputGrad computes dx [rows,cols] from dy, x, stats, gamma and sums,
// the result of BatchNormReduce. Mean and variance are functions of x here.
func (p *Pool) BatchNormInputGrad(dx, dy, x, stats, gamma, sums []float32, eps float32, rows, cols int) {
	block := rowsPerTask(cols)
	p.runShared(3*cols, blocks(rows, block), call{
		task: batchNormInputGradTask, y: dx, x: x, w: dy, u: stats, v: gamma, z: sums,
		rows: rows, cols: cols, block: block, f: [8]float32{eps}, prepare: batchNormInputGradPrepare,
	})
}

// batchNormInputGradPrepare forms a, b, d of dx = a*dy + b*(x-mean) + d.
func batchNormInputGradPrepare(c *call) {
	C, n := c.cols, float64(c.rows)
	for j := range C {
		rstd := 1 / math.Sqrt(float64(c.u[C+j])+float64(c.f[0]))
		a := float64(c.v[j]) * rstd
		c.partial[j] = float32(a)
		c.partial[C+j] = float32(-a * rstd * float64(c.z[C+j]) / n)
		c.partial[2*C+j] = float32(-a * float64(c.z[j]) / n)
	}
}

func batchNormInputGradTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	k := c.partial
	c.isa.normGradRows(c.y[r0*C:][:n*C], c.w[r0*C:], c.x[r0*C:], c.u[:C], k[:C], k[C:2*C], k[2*C:3*C], n)
}

// BatchNormEvalInputGrad computes dx = dy*gamma/sqrt(variance+eps): the gradient
// where mean and variance are constants.
func (p *Pool) BatchNormEvalInputGrad(dx, dy, variance, gamma []float32, eps float32, rows, cols int) {
	block := rowsPerTask(cols)
	p.runShared(cols, blocks(rows, block), call{
		task: scalePreparedTask, y: dx, x: dy, v: variance, w: gamma,
		rows: rows, cols: cols, block: block, f: [8]float32{eps}, prepare: affinePrepare,
	})
}

func scalePreparedTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	c.isa.scaleRows(c.y[r0*C:][:n*C], c.x[r0*C:], c.partial, n)
}
