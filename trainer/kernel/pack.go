package kernel

// microTile is the work of one micro-kernel call: the product of a panel of A
// (rows×k) and a packed panel of B (k×nr), of which the first cols columns go
// to C. It is passed by pointer so that assembly reads its fields.
type microTile struct {
	k          int
	a          []float32 // element (r,k) is a[r*ars+k*aks]
	ars, aks   int
	b          []float32 // [k][nr]
	c          []float32 // element (r,n) is c[r*ldc+n]
	ldc        int
	bias       []float32 // [cols] or nil
	rows, cols int
	accumulate bool
}

// aliasing reports whether rows this far apart fall on the same few lines of a
// first-level cache.
func aliasing(stride int) bool { return stride%1024 == 0 }

// packPad is added to the row length of a packed panel of A so that its rows
// fall on different cache sets.
const packPad = 16

// packMatrixA reads A in place where its rows are contiguous, and copies
// otherwise.
func packMatrixA(c *call, s *scratch, _, m0, rows, k0, kc int) {
	a, t := c.gemm.a, &s.tile
	src := a.Data[m0*a.Row+k0*a.Col:]
	switch {
	case a.Col == 1 && !aliasing(a.Row):
		t.a, t.ars, t.aks = src, a.Row, 1
	case a.Col == 1:
		t.ars, t.aks = blockK+packPad, 1
		t.a = floats(&s.a, rows*t.ars)
		c.isa.copyRows(t.a, src, rows, kc, t.ars, a.Row)
	case a.Row == 1:
		t.ars, t.aks = 1, c.isa.mr
		t.a = floats(&s.a, kc*t.aks)
		c.isa.copyRows(t.a, src, kc, rows, t.aks, a.Col)
	default:
		t.ars, t.aks = 1, c.isa.mr
		t.a = floats(&s.a, kc*t.aks)
		for k := range kc {
			for r := range rows {
				t.a[k*t.aks+r] = src[r*a.Row+k*a.Col]
			}
		}
	}
}

// packMatrixB packs a plain matrix.
func packMatrixB(c *call, dst []float32, _, k0, kc, n0, cols int) {
	b := c.gemm.b
	c.isa.packPanels(dst, b.Data[k0*b.Row+n0*b.Col:], b.Row, b.Col, kc, kc, cols)
}

// packPanels lays kc×cols of a strided matrix into panels [kc][nr]; panels are
// height rows apart, so that a block may be filled in pieces. Columns past the
// last hold whatever is finite: their products are not stored.
func (set *isa) packPanels(dst, src []float32, row, col, kc, height, cols int) {
	nr := set.nr
	whole := 0
	if col == 1 {
		whole = cols / nr
		set.copyPanels(dst, src, kc, whole, nr*height, row)
	}
	for n := whole * nr; n < cols; n += nr {
		width := min(nr, cols-n)
		panel := dst[n*height:]
		if width < nr {
			clear(panel[:kc*nr])
		}
		from := src[n*col:]
		switch {
		case col == 1:
			set.copyRows(panel, from, kc, width, nr, row)
		case row == 1 && kc >= 8:
			set.transpose(panel, from, width, kc, nr, col)
		default:
			for j := range width {
				for k := range kc {
					panel[k*nr+j] = from[j*col+k*row]
				}
			}
		}
	}
}
