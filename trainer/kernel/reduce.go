package kernel

// reduction is a kernel in two phases: tasks that write partial sums of fixed
// parts of the input, then a sum over the parts in their order.
type reduction struct {
	call    call
	partial int // length of the shared buffer of partial sums
	tasks   int
	task    func(c *call, s *scratch, i int)
	prepare func(c *call) // before the first task; may be nil

	parts, size int // the buffer is [parts, size]
	// finish makes results from…to of size from the partial sums.
	finish func(c *call, from, to int)
}

// finishBlock is the number of columns that one task of the second phase sums.
const finishBlock = 512

func (p *Pool) reduce(r reduction) {
	p.callers.Lock()
	defer p.callers.Unlock()
	p.current = r.call
	c := &p.current
	c.partial = p.sharedScratch(r.partial)
	c.parts, c.size, c.finish = r.parts, r.size, r.finish
	if r.prepare != nil {
		r.prepare(c)
	}
	c.task = r.task
	p.perform(r.tasks)
	c.task = finishTask
	p.perform(blocks(r.size, finishBlock))
	*c = call{}
}

func finishTask(c *call, _ *scratch, i int) {
	c.finish(c, i*finishBlock, min((i+1)*finishBlock, c.size))
}

// sumFinish writes the plain sum of the parts to y.
func sumFinish(c *call, from, to int) {
	var sums [finishBlock]float64
	addParts(&sums, c.partial[from:], c.parts, c.size, to-from)
	for j := range to - from {
		c.y[from+j] = float32(sums[j])
	}
}

// addParts sums parts rows, size apart, of n columns.
func addParts(sums *[finishBlock]float64, partial []float32, parts, size, n int) {
	for p := range parts {
		row := partial[p*size:][:n]
		for j, v := range row {
			sums[j] += float64(v)
		}
	}
}

// reduceRows is the number of matrix rows that one task sums: few enough that
// float32 sums stay exact to a few roundings, and a function of the width only.
func reduceRows(cols int) int { return min(256, max(16, 16384/cols)) }

// SumRows computes y [cols], the sums of the columns of x [rows,cols]: the
// gradient of a bias.
func (p *Pool) SumRows(y, x []float32, rows, cols int) {
	block := reduceRows(cols)
	parts := blocks(rows, block)
	p.reduce(reduction{
		call:    call{y: y, x: x, rows: rows, cols: cols, block: block},
		partial: parts * cols, tasks: parts, task: sumRowsTask,
		parts: parts, size: cols, finish: sumFinish,
	})
}

func sumRowsTask(c *call, _ *scratch, i int) {
	r0, n := rowBlock(c, i)
	acc := c.partial[i*c.cols:][:c.cols]
	clear(acc)
	c.isa.sumRows(acc, c.x[r0*c.cols:], n)
}

// rowBlock is the first row and the number of rows of task i.
func rowBlock(c *call, i int) (first, n int) {
	return i * c.block, min(c.block, c.rows-i*c.block)
}
