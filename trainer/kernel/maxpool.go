package kernel

// PoolShape is a max-pooling of x [N,H,W,C] with a square window to
// [N,OH,OW,C].
type PoolShape struct {
	N, H, W, C          int
	Kernel, Stride, Pad int
}

// OH is the height of the output.
func (s PoolShape) OH() int { return (s.H+2*s.Pad-s.Kernel)/s.Stride + 1 }

// OW is the width of the output.
func (s PoolShape) OW() int { return (s.W+2*s.Pad-s.Kernel)/s.Stride + 1 }

// MaxPool computes y [N,OH,OW,C], the largest value under each window. Padding
// never wins.
func (p *Pool) MaxPool(y, x []float32, s PoolShape) {
	p.run(s.N*s.OH(), call{task: maxPoolTask, y: y, x: x, window: s})
}

// maxPoolTask makes one row of the output: the maximum over the rows of the window,
// for whole rows of the image, then that over its columns.
func maxPoolTask(c *call, s *scratch, i int) {
	v, C := c.window, c.window.C
	OH, OW := v.OH(), v.OW()
	n, oh := i/OH, i%OH
	i0, i1 := taps(oh, v.Kernel, v.Stride, v.Pad, v.H)
	width := v.W * C
	row := func(a int) []float32 { return c.x[(n*v.H+oh*v.Stride-v.Pad+a)*width:][:width] }
	high := row(i0)
	if i0+1 < i1 {
		high = floats(&s.c, width)
		c.isa.maximum(high, row(i0), row(i0+1))
		for a := i0 + 2; a < i1; a++ {
			c.isa.maximum(high, high, row(a))
		}
	}
	for ow := range OW {
		j0, j1 := taps(ow, v.Kernel, v.Stride, v.Pad, v.W)
		out := c.y[(i*OW+ow)*C:][:C]
		in := high[(ow*v.Stride-v.Pad+j0)*C:]
		if j0+1 == j1 {
			copy(out, in[:C])
			continue
		}
		c.isa.maximum(out, in[:C], in[C:2*C])
		for b := 2; b < j1-j0; b++ {
			c.isa.maximum(out, out, in[b*C:][:C])
		}
	}
}

// MaxPoolGrad computes dx [N,H,W,C] from dy and y [N,OH,OW,C] and x. Of equal
// values under a window the first in row-major order takes the gradient.
func (p *Pool) MaxPoolGrad(dx, dy, y, x []float32, s PoolShape) {
	p.run(s.N, call{task: maxPoolGradTask, y: dx, w: dy, v: y, x: x, window: s})
}

// maxPoolGradTask makes one image. For every window it walks the taps in
// order; the first that equals the maximum takes dy and no later one does.
func maxPoolGradTask(c *call, s *scratch, n int) {
	v, C := c.window, c.window.C
	OH, OW := v.OH(), v.OW()
	clear(c.y[n*v.H*v.W*C:][:v.H*v.W*C])
	rest := floats(&s.c, C)[:C]
	for q := range OH * OW {
		oh, ow := q/OW, q%OW
		i0, i1 := taps(oh, v.Kernel, v.Stride, v.Pad, v.H)
		j0, j1 := taps(ow, v.Kernel, v.Stride, v.Pad, v.W)
		at := (n*OH*OW + q) * C
		top := c.v[at:][:C]
		copy(rest, c.w[at:][:C])
		for a := i0; a < i1; a++ {
			row := (n*v.H + oh*v.Stride - v.Pad + a) * v.W
			for b := j0; b < j1; b++ {
				from := (row + ow*v.Stride - v.Pad + b) * C
				c.isa.takeEqual(c.y[from:][:C], rest, c.x[from:][:C], top)
			}
		}
	}
}
