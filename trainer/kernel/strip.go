package kernel

// A convolution reads the same pixels once for every tap. On the strip paths a task
// copies the part of the image that it needs once, with the zeros around it. Where
// rows of taps are long the micro-kernel reads panels in place: the columns of one
// row of taps are neighbours in memory, and the rows of the matrix, pixels side by
// side in one row of the grid, are a fixed step apart.

// strip says what a task's copy holds: rows of every image, below each other.
type strip struct {
	n, a int // image and grid row of its first position
	rows int // rows of the copy that belong to that image
}

// panelRows cuts a row of the grid into panels of equal height.
func (im imageMatrix) panelRows(set *isa) int { return blocks(im.gridW, blocks(im.gridW, set.mr)) }

// stripWidth is the number of pixels in a row of a strip.
func (im *imageMatrix) stripWidth() int { return (im.gridW-1)*im.step + im.tapsW }

// stripRows is the number of rows that count rows of the grid read.
func (im *imageMatrix) stripRows(count int) int { return (count-1)*im.step + im.tapsH }

// copyStrip copies what rows m0…m1 of the matrix read.
func (im *imageMatrix) copyStrip(s *scratch, m0, m1 int) {
	first, last := m0/im.gridW, (m1-1)/im.gridW
	n0, n1 := first/im.gridH, last/im.gridH
	from := func(n int) int { return max(first-n*im.gridH, 0) }
	rows := func(n int) int { return im.stripRows(min(last-n*im.gridH, im.gridH-1) - from(n) + 1) }
	s.strip = strip{n: n0, a: from(n0), rows: rows(n0)}
	size := im.stripWidth() * im.depth
	total := s.strip.rows
	for n := n0 + 1; n <= n1; n++ {
		total += rows(n)
	}
	dst := floats(&s.strips, total*size)
	for n := n0; n <= n1; n++ {
		h := from(n)*im.step + im.offH
		for r := range rows(n) {
			im.copyRow(dst[:size], n, h+r)
			dst = dst[size:]
		}
	}
}

// copyRow copies a row of image n from column offW on, with zeros outside.
func (im *imageMatrix) copyRow(dst []float32, n, h int) {
	if h < 0 || h >= im.height {
		clear(dst)
		return
	}
	C := im.depth
	lo := max(0, -im.offW)
	hi := max(lo, min(len(dst)/C, im.width-im.offW))
	clear(dst[:lo*C])
	copy(dst[lo*C:hi*C], im.data[((n*im.height+h)*im.width+im.offW+lo)*C:])
	clear(dst[hi*C:])
}

// packStripA points at a panel in the strip; columns are of one row of taps.
func packStripA(c *call, s *scratch, _, m0, _, k0, _ int) {
	im, t := &c.gemm.image, &s.tile
	t.a = s.strips[im.inStrip(s.strip, m0, k0):]
	t.ars, t.aks = im.step*im.depth, 1
}

// packShortA copies a panel from the strip, one row of taps after the other.
func packShortA(c *call, s *scratch, _, m0, rows, k0, kc int) {
	im, t := &c.gemm.image, &s.tile
	t.ars, t.aks = blockK+packPad, 1
	t.a = floats(&s.a, rows*t.ars)
	for k := k0; k < k0+kc; {
		end := min(k-k%im.run+im.run, k0+kc)
		c.isa.copyRows(t.a[k-k0:], s.strips[im.inStrip(s.strip, m0, k):], rows, end-k, t.ars, im.step*im.depth)
		k = end
	}
}

// inStrip is where element (m,k) of the matrix lies in a strip.
func (im *imageMatrix) inStrip(s strip, m, k int) int {
	row, b := m/im.gridW, m%im.gridW
	n, a := row/im.gridH, row%im.gridH
	at := (a - s.a) * im.step
	if n > s.n {
		at = s.rows + (n-s.n-1)*im.stripRows(im.gridH) + a*im.step
	}
	return ((at+k/im.run)*im.stripWidth()+b*im.step)*im.depth + k%im.run
}
