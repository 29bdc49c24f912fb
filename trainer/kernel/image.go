package kernel

// imageMatrix reads an image [N,height,width,depth] as a matrix without
// forming it: row (n,a,b) is a position of a grid, column (i,j,c) a channel of
// the pixel under tap (i,j), which is
//
//	(a*step + offH + i, b*step + offW + j)
//
// or zero outside the image.
type imageMatrix struct {
	data                 []float32
	height, width, depth int
	gridH, gridW, step   int
	offH, offW           int
	tapsH, tapsW         int
	channels             int // channels of one group
	run                  int // neighbouring columns that are neighbours in memory

	// Where the weights of tap (i,j) begin: (tap0H+i*tapStep)*tapRow + (tap0W+j*tapStep)*tapSize.
	tap0H, tap0W, tapStep int
	tapRow, tapSize       int
	groupB                int // offset in the weights from group to group

	// Where grid position (a,b) lies in the result of an input gradient:
	// (a*outStep+outH, b*outStep+outW) of [N,fullH,fullW].
	outH, outW, outStep int
	fullH, fullW        int
}

// forwardImage reads x as the convolution does.
func forwardImage(x []float32, s ConvShape) imageMatrix {
	ch := s.C / s.Groups
	im := imageMatrix{
		data: x, height: s.H, width: s.W, depth: s.C,
		gridH: s.OH(), gridW: s.OW(), step: s.Stride,
		offH: -s.Pad, offW: -s.Pad, tapsH: s.KH, tapsW: s.KW, channels: ch, run: ch,
		tapStep: 1, tapRow: s.KW * ch * s.O, tapSize: ch * s.O, groupB: s.O / s.Groups,
	}
	if s.Groups == 1 {
		im.run = s.KW * ch
	}
	return im
}

// phaseImage reads dy as the gradient of the input positions (ph + a*stride,
// pw + b*stride) does. Output position q meets input position p under tap k
// when q*stride = p + pad - k; the taps that can are walked from the last to
// the first, so that q rises by one from tap to tap.
func phaseImage(dy []float32, s ConvShape, ph, pw int) imageMatrix {
	axis := func(phase, kernel int) (last, taps, off int) {
		rest := (phase + s.Pad) % s.Stride
		if rest >= kernel {
			return 0, 0, 0
		}
		taps = (kernel-1-rest)/s.Stride + 1
		last = rest + (taps-1)*s.Stride
		return last, taps, (phase + s.Pad - last) / s.Stride
	}
	im := imageMatrix{
		data: dy, height: s.OH(), width: s.OW(), depth: s.O,
		gridH: blocks(s.H-ph, s.Stride), gridW: blocks(s.W-pw, s.Stride), step: 1,
		channels: s.O / s.Groups, run: s.O / s.Groups,
		tapStep: -s.Stride, tapRow: s.KW * s.C / s.Groups * s.O, tapSize: s.C / s.Groups * s.O, groupB: s.O / s.Groups,
		outH: ph, outW: pw, outStep: s.Stride, fullH: s.H, fullW: s.W,
	}
	im.tap0H, im.tapsH, im.offH = axis(ph, s.KH)
	im.tap0W, im.tapsW, im.offW = axis(pw, s.KW)
	if s.Groups == 1 {
		im.run = im.tapsW * s.O
	}
	return im
}

// span gives, for the run of columns that begins at column k (a multiple of
// run), the offset in data of its first element for pixel (n,h,w), which may
// lie outside, and the part lo…hi of the run that is inside the image.
func (im *imageMatrix) span(group, k, n, h, w int) (offset, lo, hi int) {
	tap := k / im.channels
	i, j := tap/im.tapsW, tap%im.tapsW
	h, w = h+i, w+j
	if h < 0 || h >= im.height {
		return 0, 0, 0
	}
	offset = ((n*im.height+h)*im.width+w)*im.depth + group*im.channels
	lo = max(0, -w) * im.channels
	hi = min(im.run, max(0, im.width-w)*im.channels)
	if lo >= hi {
		return 0, 0, 0
	}
	return offset, lo, hi
}

// packImageA copies rows of the matrix, run by run.
func packImageA(c *call, s *scratch, group, m0, rows, k0, kc int) {
	im, t := &c.gemm.image, &s.tile
	t.ars, t.aks = blockK+packPad, 1
	t.a = floats(&s.a, rows*t.ars)
	for k := k0; k < k0+kc; {
		first := k / im.run * im.run // where this run begins
		end := min(first+im.run, k0+kc)
		im.copyPositions(c.isa, t.a[k-k0:], t.ars, group, m0, rows, first, k-first, end-k)
		k = end
	}
}

// packImageTransposedA makes the transpose of the matrix readable: rows are
// taps and channels (of one run), columns are grid positions.
func packImageTransposedA(c *call, s *scratch, group, m0, rows, k0, kc int) {
	im, t := &c.gemm.image, &s.tile
	t.ars, t.aks = 1, c.isa.mr
	t.a = floats(&s.a, kc*t.aks)
	first := m0 / im.run * im.run
	im.copyPositions(c.isa, t.a, t.aks, group, k0, kc, first, m0-first, rows)
}

// copyPositions copies, for count rows of the matrix from row m on, width
// columns from column first+at on, all of the run that begins at first. Copies
// are step apart. Along a row of the grid, pixels whose taps are all inside the
// image are copied at once.
func (im *imageMatrix) copyPositions(set *isa, dst []float32, step, group, m, count, first, at, width int) {
	i, j := first/im.channels/im.tapsW, first/im.channels%im.tapsW
	j0, j1 := j+at/im.channels, j+(at+width-1)/im.channels // the taps that the columns see
	// Grid columns lo…hi have all these taps inside.
	lo := min(im.gridW, max(0, blocks(-im.offW-j0, im.step)))
	hi := max(lo, min(im.gridW, blocks(im.width-im.offW-j1, im.step)))
	b := m % im.gridW
	n, a := m/im.gridW/im.gridH, m/im.gridW%im.gridH
	for count > 0 {
		end := min(im.gridW, b+count)
		h := a*im.step + im.offH
		from, to := min(max(b, lo), end), min(max(b, hi), end)
		if h+i < 0 || h+i >= im.height {
			from, to = end, end
		}
		im.copyEdge(dst, step, group, first, at, width, n, h, b, from, j0 == j1)
		if from < to {
			offset := ((n*im.height+h+i)*im.width+im.offW+j+from*im.step)*im.depth + group*im.channels + at
			set.copyRows(dst[(from-b)*step:], im.data[offset:], to-from, width, step, im.step*im.depth)
		}
		if to < end {
			im.copyEdge(dst[(to-b)*step:], step, group, first, at, width, n, h, to, end, j0 == j1)
		}
		if count -= end - b; count > 0 {
			dst = dst[(end-b)*step:]
		}
		if a++; a == im.gridH {
			n, a = n+1, 0
		}
		b = 0
	}
}

// copyEdge does so for grid columns from…to of a row, which have taps outside: all
// of them, if the columns see one.
func (im *imageMatrix) copyEdge(dst []float32, step, group, first, at, width, n, h, from, to int, one bool) {
	for q := from; q < to; q++ {
		pixel := dst[(q-from)*step:][:width]
		if one {
			clear(pixel)
			continue
		}
		im.copyPixel(pixel, group, first, at, n, h, q*im.step+im.offW)
	}
}

// copyPixel copies len(dst) columns from the given place of a run for one pixel.
func (im *imageMatrix) copyPixel(dst []float32, group, first, at, n, h, w int) {
	offset, lo, hi := im.span(group, first, n, h, w)
	from, to := max(at, lo), min(at+len(dst), hi)
	if from >= to {
		clear(dst)
		return
	}
	clear(dst[:from-at])
	copy(dst[from-at:to-at], im.data[offset+from:])
	clear(dst[to-at:])
}

// packTapsB packs the weights of the taps that the image's columns run over.
func packTapsB(c *call, dst []float32, group, k0, kc, n0, cols int) {
	im, b, nr := &c.gemm.image, c.gemm.b, c.isa.nr
	for k := k0; k < k0+kc; {
		tap := k / im.channels
		ch := k % im.channels
		count := min(im.channels-ch, k0+kc-k)
		i, j := tap/im.tapsW, tap%im.tapsW
		from := (im.tap0H+i*im.tapStep)*im.tapRow + (im.tap0W+j*im.tapStep)*im.tapSize +
			group*im.groupB + ch*b.Row + n0*b.Col
		c.isa.packPanels(dst[(k-k0)*nr:], b.Data[from:], b.Row, b.Col, count, kc, cols)
		k += count
	}
}

// packGroupB packs the columns of one group of a plain matrix.
func packGroupB(c *call, dst []float32, group, k0, kc, n0, cols int) {
	b := c.gemm.b
	c.isa.packPanels(dst, b.Data[k0*b.Row+group*c.gemm.groupC+n0:], b.Row, 1, kc, kc, cols)
}

// scatter copies a finished tile to the positions of its phase.
func (im *imageMatrix) scatter(c *call, group, m0, m1, n0, cols int, tile []float32, ld int) {
	g := &c.gemm
	for m := m0; m < m1; m++ {
		a, b := m/im.gridW, m%im.gridW
		n, a := a/im.gridH, a%im.gridH
		pixel := (n*im.fullH+a*im.outStep+im.outH)*im.fullW + b*im.outStep + im.outW
		copy(g.c[pixel*g.ldc+group*g.groupC+n0:][:cols], tile[(m-m0)*ld:])
	}
}
