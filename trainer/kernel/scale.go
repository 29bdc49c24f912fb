package kernel

// LayerScale computes y = x*gamma for x [rows,cols] and gamma [cols]. It is its
// own gradient: dx = LayerScale(dy).
func (p *Pool) LayerScale(y, x, gamma []float32, rows, cols int) {
	block := rowsPerTask(cols)
	p.run(blocks(rows, block), call{task: layerScaleTask, y: y, x: x, w: gamma, rows: rows, cols: cols, block: block})
}

func layerScaleTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	c.isa.scaleRows(c.y[r0*C:][:n*C], c.x[r0*C:], c.w[:C], n)
}

// LayerScaleGammaGrad computes dgamma [cols], the sum over the rows of dy*x.
func (p *Pool) LayerScaleGammaGrad(dgamma, dy, x []float32, rows, cols int) {
	block := reduceRows(cols)
	parts := blocks(rows, block)
	p.reduce(reduction{
		call:    call{y: dgamma, w: dy, x: x, rows: rows, cols: cols, block: block},
		partial: parts * cols, tasks: parts, task: layerScaleGammaTask,
		parts: parts, size: cols, finish: sumFinish,
	})
}

func layerScaleGammaTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	C := c.cols
	acc := c.partial[i*C:][:C]
	clear(acc)
	c.isa.dotRows(acc, c.w[r0*C:], c.x[r0*C:], n)
}

// ChannelScale computes y = x*gate for x [images,pixels,channels] and gate
// [images,channels], the excitation of squeeze-and-excite. It is its own
// gradient for x: dx = ChannelScale(dy).
func (p *Pool) ChannelScale(y, x, gate []float32, images, pixels, channels int) {
	block := rowsPerTask(channels)
	p.run(images*blocks(pixels, block), call{
		task: channelScaleTask, y: y, x: x, w: gate, rows: pixels, cols: channels, block: block,
	})
}

func channelScaleTask(c *call, _ *scratch, i int) {
	per, C := blocks(c.rows, c.block), c.cols
	image := i / per
	r0, n := rowBlock(c, i%per)
	from := (image*c.rows + r0) * C
	c.isa.scaleRows(c.y[from:][:n*C], c.x[from:], c.w[image*C:][:C], n)
}

// ChannelScaleGateGrad computes dgate [images,channels], the sum over an
// image's pixels of dy*x.
func (p *Pool) ChannelScaleGateGrad(dgate, dy, x []float32, images, pixels, channels int) {
	p.run(images, call{task: gateGradTask, y: dgate, w: dy, x: x, rows: pixels, cols: channels})
}

func gateGradTask(c *call, s *scratch, i int) {
	C := c.cols
	out := c.y[i*C:][:C]
	clear(out)
	block := reduceRows(C)
	sum := floats(&s.c, C)[:C]
	for r := 0; r < c.rows; r += block {
		from := (i*c.rows + r) * C
		clear(sum)
		c.isa.dotRows(sum, c.w[from:], c.x[from:], min(block, c.rows-r))
		c.isa.add(out, out, sum)
	}
}

// GlobalAvgPool computes y [images,channels], the mean over the pixels of x
// [images,pixels,channels].
func (p *Pool) GlobalAvgPool(y, x []float32, images, pixels, channels int) {
	p.run(images, call{task: globalAvgPoolTask, y: y, x: x, rows: pixels, cols: channels})
}

func globalAvgPoolTask(c *call, s *scratch, i int) {
	C := c.cols
	out := c.y[i*C:][:C]
	clear(out)
	block := reduceRows(C)
	sum := floats(&s.c, C)[:C]
	for r := 0; r < c.rows; r += block {
		clear(sum)
		c.isa.sumRows(sum, c.x[(i*c.rows+r)*C:], min(block, c.rows-r))
		c.isa.add(out, out, sum)
	}
	inv := 1 / float32(c.rows)
	for j := range out {
		out[j] *= inv
	}
}

// GlobalAvgPoolGrad computes dx [images,pixels,channels] from dy [images,channels].
func (p *Pool) GlobalAvgPoolGrad(dx, dy []float32, images, pixels, channels int) {
	p.run(images, call{task: globalAvgPoolGradTask, y: dx, x: dy, rows: pixels, cols: channels})
}

func globalAvgPoolGradTask(c *call, _ *scratch, i int) {
	C := c.cols
	first := c.y[i*c.rows*C:][:C]
	inv := 1 / float32(c.rows)
	for j, v := range c.x[i*C:][:C] {
		first[j] = v * inv
	}
	for r := 1; r < c.rows; r++ {
		copy(c.y[(i*c.rows+r)*C:], first)
	}
}
