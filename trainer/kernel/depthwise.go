package kernel

// macDims describes a sum of products per channel over positions of several
// images,
//
//	y[c] = init[c] + Σ_n Σ_i Σ_j a[a0 + n*aImage + i*aRow + j*aCol + c] *
//	                             b[b0 + n*bImage + i*bRow + j*bCol + c]
//
// for n < images, i < rows, j < cols. With suitable strides, which may be
// negative, it is one output pixel of a depthwise convolution, one pixel of its
// input gradient or one tap of its weight gradient.
type macDims struct {
	rows, cols             int
	a0, aRow, aCol         int
	b0, bRow, bCol         int
	images, aImage, bImage int
}

// macRowDims describes such sums for pixels in a row, all over the same rows and
// columns, of which there is at least one each: a0 moves by aPixel and y by yPixel
// from pixel to pixel.
type macRowDims struct {
	pixels, rows, cols     int
	a0, aPixel, aRow, aCol int
	b0, bRow, bCol         int
	yPixel                 int

	pixel, left int // counters of the assembly
}

type macRowFunc func(y, init, a, b []float32, d *macRowDims)

// macRowFor is the function with the largest groups for so many pixels, nil for
// too few.
func (set *isa) macRowFor(pixels int) macRowFunc {
	switch {
	case pixels >= 7:
		return set.macRow[7]
	case pixels >= 5:
		return set.macRow[5]
	case pixels >= 3:
		return set.macRow[3]
	}
	return nil
}

// taps returns which of k taps meet the input for the output position q: the
// first and one past the last.
func taps(q, k, stride, pad, size int) (from, to int) {
	at := q*stride - pad
	return max(0, -at), min(k, size-at)
}

// depthwiseRows is the number of image rows of one task.
func depthwiseRows(s ConvShape, width int) int {
	return max(1, (1<<17)/(width*s.C*s.KH*s.KW))
}

func (p *Pool) depthwiseForward(y, x, w, bias []float32, s ConvShape) {
	rows := depthwiseRows(s, s.OW())
	if bias == nil {
		bias = p.zeros(s.C)
	}
	p.run(blocks(s.N*s.OH(), rows), call{task: depthwiseForwardTask, y: y, x: x, w: w, v: bias, conv: s, block: rows})
}

func depthwiseForwardTask(c *call, s *scratch, i int) {
	d, v, C := &s.mac, c.conv, c.conv.C
	OH, OW := v.OH(), v.OW()
	for r := i * c.block; r < min((i+1)*c.block, v.N*OH); r++ {
		n, oh := r/OH, r%OH
		i0, i1 := taps(oh, v.KH, v.Stride, v.Pad, v.H)
		// Output columns from…to have all taps of a row inside.
		from := min(OW, blocks(v.Pad, v.Stride))
		to := max(from, min(OW, (v.W+v.Pad-v.KW)/v.Stride+1))
		run := c.isa.macRowFor(to - from)
		if run != nil && i0 < i1 {
			s.macRow = macRowDims{
				pixels: to - from, rows: i1 - i0, cols: v.KW,
				a0:     ((n*v.H+oh*v.Stride-v.Pad+i0)*v.W + from*v.Stride - v.Pad) * C,
				aPixel: v.Stride * C, aRow: v.W * C, aCol: C,
				b0: i0 * v.KW * C, bRow: v.KW * C, bCol: C, yPixel: C,
			}
			run(c.y[(r*OW+from)*C:], c.v[:C], c.x, c.w, &s.macRow)
		} else {
			from, to = OW, OW
		}
		for ow := 0; ow < OW; ow++ {
			if ow == from {
				if ow = to; ow == OW {
					break
				}
			}
			j0, j1 := taps(ow, v.KW, v.Stride, v.Pad, v.W)
			h, w := oh*v.Stride-v.Pad+i0, ow*v.Stride-v.Pad+j0
			*d = macDims{
				images: 1, rows: max(0, i1-i0), cols: max(0, j1-j0),
				a0: ((n*v.H+h)*v.W + w) * C, aRow: v.W * C, aCol: C,
				b0: (i0*v.KW + j0) * C, bRow: v.KW * C, bCol: C,
			}
			c.isa.mac(c.y[(r*OW+ow)*C:][:C], c.v, c.x, c.w, d)
		}
	}
}

func (p *Pool) depthwiseInputGrad(dx, dy, w []float32, s ConvShape) {
	rows := depthwiseRows(s, s.W)
	p.run(blocks(s.N*s.H, rows), call{task: depthwiseInputGradTask, y: dx, x: dy, w: w, v: p.zeros(s.C), conv: s, block: rows})
}

// gradTaps returns which taps carry the output to input position p, walked
// from the last (largest) down by the stride: its number, how many there are
// and the output position that the last one meets.
func gradTaps(p, k, stride, pad, size int) (last, count, q int) {
	// q = (p+pad-tap)/stride must be whole and within 0…size-1.
	lo := max(0, p+pad-(size-1)*stride) // the smallest tap that is not past the end
	hi := min(k-1, p+pad)
	hi -= ((hi-p-pad)%stride + stride) % stride
	if hi < lo {
		return 0, 0, 0
	}
	return hi, (hi-lo)/stride + 1, (p + pad - hi) / stride
}

func depthwiseInputGradTask(c *call, s *scratch, i int) {
	d, v, C := &s.mac, c.conv, c.conv.C
	OH, OW := v.OH(), v.OW()
	for r := i * c.block; r < min((i+1)*c.block, v.N*v.H); r++ {
		n, h := r/v.H, r%v.H
		ti, ni, oh := gradTaps(h, v.KH, v.Stride, v.Pad, OH)
		from, to := v.W, v.W
		if v.Stride == 1 && ni > 0 {
			// Input columns from…to meet all taps of a row.
			from = min(v.W, max(0, v.KW-1-v.Pad))
			to = max(from, min(v.W, OW-v.Pad))
			if run := c.isa.macRowFor(to - from); run != nil {
				s.macRow = macRowDims{
					pixels: to - from, rows: ni, cols: v.KW,
					a0:     ((n*OH+oh)*OW + from + v.Pad - (v.KW - 1)) * C,
					aPixel: C, aRow: OW * C, aCol: C,
					b0: (ti*v.KW + v.KW - 1) * C, bRow: -v.KW * C, bCol: -C, yPixel: C,
				}
				run(c.y[(r*v.W+from)*C:], c.v[:C], c.x, c.w, &s.macRow)
			} else {
				from, to = v.W, v.W
			}
		}
		for w := 0; w < v.W; w++ {
			if w == from {
				if w = to; w == v.W {
					break
				}
			}
			tj, nj, ow := gradTaps(w, v.KW, v.Stride, v.Pad, OW)
			*d = macDims{
				images: 1, rows: ni, cols: nj,
				a0: ((n*OH+oh)*OW + ow) * C, aRow: OW * C, aCol: C,
				b0: (ti*v.KW + tj) * C, bRow: -v.Stride * v.KW * C, bCol: -v.Stride * C,
			}
			c.isa.mac(c.y[(r*v.W+w)*C:][:C], c.v, c.x, c.w, d)
		}
	}
}

// A weight gradient is summed per block of channels and part of the batch, in
// chunks of images or rows, then over the parts.
const (
	depthwiseChannels = 64
	depthwiseChunk    = 256 // output pixels summed at a time, roughly
	// depthwiseTogether is the least number of columns for which all taps of a row
	// are summed at once, which leaves the edges to be summed apart.
	depthwiseTogether = 5
)

func (p *Pool) depthwiseWeightGrad(dw, x, dy []float32, s ConvShape) {
	images := max(1, depthwiseChunk/(s.OH()*s.OW()))
	parts := blocks(s.N, images)
	p.reduce(reduction{
		call:    call{y: dw, x: x, w: dy, v: p.zeros(s.C), conv: s, block: images},
		partial: parts * s.WeightLen(),
		tasks:   parts * blocks(s.C, depthwiseChannels), task: depthwiseWeightGradTask,
		parts: parts, size: s.WeightLen(), finish: sumFinish,
	})
}

func depthwiseWeightGradTask(c *call, s *scratch, i int) {
	d, v, C := &s.mac, c.conv, c.conv.C
	OH, OW := v.OH(), v.OW()
	per := blocks(C, depthwiseChannels)
	part, ch := i/per, i%per*depthwiseChannels
	n := part * c.block
	count := min(depthwiseChannels, C-ch)
	out := c.partial[part*v.WeightLen():][:v.WeightLen()]
	for tap := range v.KH * v.KW {
		clear(out[tap*C+ch:][:count])
	}
	sums := floats(&s.c, v.KW*depthwiseChannels)
	step := max(1, depthwiseChunk/OW)
	images := min(c.block, v.N-n)
	// Output columns from…to meet all taps of a row inside the image.
	from := min(OW, blocks(v.Pad, v.Stride))
	to := max(from, min(OW, (v.W+v.Pad-v.KW)/v.Stride+1))
	run := c.isa.macRow[v.KW]
	if run == nil || to-from < depthwiseTogether {
		to = from
	}
	for o0 := 0; o0 < OH; o0 += step {
		for kh := range v.KH {
			// Output rows whose input under this tap is inside.
			h0, h1 := inside(kh, v.Stride, v.Pad, v.H, OH)
			h0, h1 = max(h0, o0), min(h1, o0+step)
			if h0 >= h1 {
				continue
			}
			at := func(n, w, kw int) (a0, b0 int) {
				return ((n*v.H+h0*v.Stride+kh-v.Pad)*v.W+w*v.Stride+kw-v.Pad)*C + ch, ((n*OH+h0)*OW+w)*C + ch
			}
			for i := 0; i < images && from < to; i++ {
				a0, b0 := at(n+i, from, 0)
				s.macRow = macRowDims{
					pixels: v.KW, rows: h1 - h0, cols: to - from,
					a0: a0, aPixel: C, aRow: v.Stride * v.W * C, aCol: v.Stride * C,
					b0: b0, bRow: OW * C, bCol: C, yPixel: count,
				}
				run(sums, c.v[:count], c.x, c.w, &s.macRow)
				for kw := range v.KW {
					dst := out[(kh*v.KW+kw)*C+ch:][:count]
					c.isa.add(dst, dst, sums[kw*count:][:count])
				}
			}
			for kw := range v.KW {
				w0, w1 := inside(kw, v.Stride, v.Pad, v.W, OW)
				sum, init := sums[:count], c.v
				for _, cols := range [2][2]int{{w0, min(from, w1)}, {max(to, w0), w1}} {
					if cols[0] >= cols[1] {
						continue
					}
					a0, b0 := at(n, cols[0], kw)
					*d = macDims{
						images: images, rows: h1 - h0, cols: cols[1] - cols[0],
						a0: a0, aImage: v.H * v.W * C, aRow: v.Stride * v.W * C, aCol: v.Stride * C,
						b0: b0, bImage: OH * OW * C, bRow: OW * C, bCol: C,
					}
					c.isa.mac(sum, init, c.x, c.w, d)
					init = sum
				}
				if &init[0] == &sum[0] {
					dst := out[(kh*v.KW+kw)*C+ch:][:count]
					c.isa.add(dst, dst, sum)
				}
			}
		}
	}
}

// inside returns the output positions from…to whose input under the tap is
// within the image.
func inside(tap, stride, pad, size, out int) (from, to int) {
	if tap < pad {
		from = (pad - tap + stride - 1) / stride
	}
	if last := size - 1 + pad - tap; last >= 0 {
		to = min(out, last/stride+1)
	}
	return from, to
}
