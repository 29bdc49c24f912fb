package kernel

// LayerNormForward normalises every row of x [rows,cols] to mean 0 and variance
// 1, then scales by gamma and shifts by beta [cols].
func (p *Pool) LayerNormForward(y, x, gamma, beta []float32, eps float32, rows, cols int) {
	block := rowsPerTask(cols)
	p.run(blocks(rows, block), call{
		task: layerNormTask, y: y, x: x, u: gamma, v: beta, rows: rows, cols: cols, block: block, f: [8]float32{eps},
	})
}

func layerNormTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	c.isa.layerNormRows(c.y[r0*C:][:n*C], c.x[r0*C:], c.u[:C], c.v[:C], c.f[0], n)
}

// LayerNormInputGrad computes dx [rows,cols] from dy, x and gamma.
func (p *Pool) LayerNormInputGrad(dx, dy, x, gamma []float32, eps float32, rows, cols int) {
	block := rowsPerTask(cols)
	p.run(blocks(rows, block), call{
		task: layerNormGradTask, y: dx, w: dy, x: x, u: gamma, rows: rows, cols: cols, block: block, f: [8]float32{eps},
	})
}

func layerNormGradTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	c.isa.layerNormGradRows(c.y[r0*C:][:n*C], c.w[r0*C:], c.x[r0*C:], c.u[:C], c.f[0], n)
}

// LayerNormParamGrad computes sums [2,cols] over the rows: row 0 of dy times the
// normalised x, which is the gradient of gamma, row 1 of dy, the gradient of beta.
func (p *Pool) LayerNormParamGrad(sums, dy, x []float32, eps float32, rows, cols int) {
	block := reduceRows(cols)
	parts := blocks(rows, block)
	p.reduce(reduction{
		call:    call{y: sums, w: dy, x: x, rows: rows, cols: cols, block: block, f: [8]float32{eps}},
		partial: parts * 2 * cols, tasks: parts, task: layerNormParamTask,
		parts: parts, size: 2 * cols, finish: sumFinish,
	})
}

func layerNormParamTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	acc := c.partial[i*2*C:][:2*C]
	clear(acc)
	c.isa.layerNormParamRows(acc[:C], acc[C:], c.w[r0*C:], c.x[r0*C:], c.f[0], n)
}
