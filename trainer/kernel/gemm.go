package kernel

import "math"

// Matrix is a strided view of a slice: element (i,j) is Data[i*Row+j*Col]. A
// transpose swaps the strides.
type Matrix struct {
	Data     []float32
	Row, Col int
}

// RowMajor is the view of a dense matrix with the given number of columns.
func RowMajor(data []float32, cols int) Matrix { return Matrix{Data: data, Row: cols, Col: 1} }

// Transposed is the same data with rows and columns exchanged.
func (m Matrix) Transposed() Matrix { return Matrix{Data: m.Data, Row: m.Col, Col: m.Row} }

// Gemm is a matrix product C = A·B (+ bias), with C [M,N], A [M,K], B [K,N].
// C must have Col 1. The sum over k is formed in blocks of fixed size.
type Gemm struct {
	M, N, K    int
	A, B, C    Matrix
	Bias       []float32 // [N], added to every row; nil for none
	Accumulate bool      // add the product to what C holds
}

// Gemm computes g.C. With K = 0 the product is zero.
func (p *Pool) Gemm(g Gemm) {
	p.product(call{gemm: product{
		m: g.M, n: g.N, k: g.K, groups: 1, segment: g.M,
		packA: packMatrixA, a: g.A,
		packB: packMatrixB, b: g.B,
		c: g.C.Data, ldc: g.C.Row, bias: g.Bias, accumulate: g.Accumulate,
	}})
}

// Block sizes of the product. A task computes up to tileM×tileN of C and walks
// over K in steps of blockK. A panel of mr rows of A stays in the first cache
// while the packed block of B (blockK×tileN) streams from the second.
const (
	blockK   = 256
	maxTileN = 256
	maxTileM = 448
	// taskWork is the number of multiply-adds below which splitting further
	// costs more than it brings.
	taskWork = 1 << 19
	// wantTasks is how many tasks a large product is split into at least, so
	// that a handful of workers finish together.
	wantTasks = 16
)

// product describes a matrix product C = A·B, repeated for every group. A is a
// plain matrix or an image read as one.
type product struct {
	m, n, k, groups int
	segment         int  // panels of A's rows do not cross multiples of this
	panel           int  // rows of a panel; 0 means as many as the micro-kernel takes
	run             int  // blocks of K do not cross multiples of this; 0 means any
	strips          bool // A is read from a padded copy of the tile's part of the image

	// packA makes rows m0…m0+rows and columns k0…k0+kc of A readable for the
	// micro-kernel: it sets a, ars and aks of the tile.
	packA func(c *call, s *scratch, group, m0, rows, k0, kc int)
	// packB lays the same rows of B, columns n0…n0+cols, into panels of nr
	// columns [cols/nr][kc][nr], padded with zeros.
	packB func(c *call, dst []float32, group, k0, kc, n0, cols int)

	a, b  Matrix
	image imageMatrix // A, where it is not plain

	c          []float32
	ldc        int
	groupC     int // offset in c from group to group
	bias       []float32
	accumulate bool
	scatter    bool // rows of C go where the image's phase says

	tileM, tileN, splitK int
	blockK               int // length of a block of K
	splits               int // parts of K, each summed in a copy of C of its own
	partial              []float32
	size                 int // length of such a copy
}

// product runs c.gemm: tiles in parallel and, where K was split, the sum of
// the parts in their order.
func (p *Pool) product(c call) {
	if c.gemm.m == 0 || c.gemm.n == 0 {
		return
	}
	p.callers.Lock()
	defer p.callers.Unlock()
	p.current = c
	g := &p.current.gemm
	g.plan(p.isa)
	p.current.task = productTask
	if g.splits > 1 {
		g.size = (g.m-1)*g.ldc + (g.groups-1)*g.groupC + g.n
		g.partial = p.sharedScratch(g.splits * g.size)
	}
	p.perform(g.splits * g.groups * blocks(g.m, g.tileM) * blocks(g.n, g.tileN))
	if g.splits > 1 {
		p.current.task = sumPartsTask
		p.perform(blocks(g.m*g.groups, sumPartsRows(g.n)))
	}
	p.current = call{}
}

// plan chooses tiles and the split of K from the shape alone: of the ways to
// make enough tasks the one that copies least.
func (g *product) plan(set *isa) {
	unitK, least := blockK, 2*blockK
	if g.run > 0 {
		unitK, least = g.run, g.run
		g.blockK = blocks(g.run, blocks(g.run, blockK))
	} else {
		g.run, g.blockK = g.k, blockK
	}
	if g.panel == 0 {
		g.panel = set.mr
	}
	panelsM, panelsN := blocks(g.m, g.panel), blocks(g.n, set.nr)
	work := g.groups * g.m * g.n * g.k
	want := min(wantTasks, max(1, work/taskWork))
	best := math.MaxInt
	for wide := min(panelsN, maxTileN/set.nr); wide >= 1; wide-- {
		tilesN := blocks(panelsN, wide)
		for parts := 1; parts <= wantTasks; parts *= 2 {
			splitK := max(1, blocks(blocks(g.k, parts), unitK)) * unitK
			splits := max(1, blocks(g.k, splitK))
			if parts > 1 && (g.scatter || splitK < least) {
				break
			}
			tilesM := max(blocks(want, g.groups*tilesN*splits), blocks(g.m, maxTileM))
			high := blocks(panelsM, min(tilesM, panelsM))
			tilesM = blocks(panelsM, high)
			// Every column of tiles reads A anew, every row of tiles B, and each
			// part of K writes C, which is read again and added up.
			cost := g.k*(g.m*tilesN+g.n*tilesM) + 3*splits*g.m*g.n
			if splits == 1 {
				cost -= 2 * g.m * g.n
			}
			if tasks := g.groups * tilesN * tilesM * splits; tasks < want { // workers idle
				cost += (g.m * g.n * g.k / 8) * want / tasks
			}
			if cost < best {
				best = cost
				g.tileM, g.tileN, g.splitK, g.splits = high*g.panel, wide*set.nr, splitK, splits
			}
		}
	}
}

func productTask(c *call, s *scratch, i int) {
	g := &c.gemm
	tilesM, tilesN := blocks(g.m, g.tileM), blocks(g.n, g.tileN)
	n0 := i % tilesN * g.tileN
	i /= tilesN
	m0 := i % tilesM * g.tileM
	i /= tilesM
	group, split := i%g.groups, i/g.groups
	m1, cols := min(m0+g.tileM, g.m), min(g.tileN, g.n-n0)
	k0, k1 := split*g.splitK, min((split+1)*g.splitK, g.k)

	nr := c.isa.nr
	packed := floats(&s.b, blockK*blocks(g.tileN, nr)*nr)
	out, ldc, accumulate := g.c, g.ldc, g.accumulate
	base := group*g.groupC + m0*ldc + n0
	switch {
	case g.splits > 1:
		out, accumulate = g.partial[split*g.size:][:g.size], false
	case g.scatter:
		ldc, accumulate, base = g.tileN, false, 0
		out = floats(&s.c, g.tileM*ldc)
	}
	t := &s.tile
	if k0 == k1 { // an empty sum is still written
		t.k, t.b = 0, packed
		runPanels(c, s, group, m0, m1, 0, 0, cols, out, base, ldc, n0, split == 0, accumulate)
	}
	if g.strips {
		g.image.copyStrip(s, m0, m1)
	}
	for k, kc := k0, 0; k < k1; k += kc {
		kc = min(g.blockK, k1-k, g.run-k%g.run)
		g.packB(c, packed, group, k, kc, n0, cols)
		runPanels(c, s, group, m0, m1, k, kc, cols, out, base, ldc, n0, split == 0 && k == k0, accumulate || k > k0)
	}
	if g.scatter {
		g.image.scatter(c, group, m0, m1, n0, cols, out, ldc)
	}
}

// runPanels multiplies rows m0…m1 of A with the packed block of B.
func runPanels(c *call, s *scratch, group, m0, m1, k0, kc, cols int, out []float32, base, ldc, n0 int, first, accumulate bool) {
	g := &c.gemm
	nr, mr := c.isa.nr, g.panel
	t := &s.tile
	t.k, t.ldc, t.accumulate = kc, ldc, accumulate
	for m := m0; m < m1; {
		t.rows = min(mr, m1-m, g.segment-m%g.segment)
		if kc > 0 {
			g.packA(c, s, group, m, t.rows, k0, kc)
		}
		row := base + (m-m0)*ldc
		for n := 0; n < cols; n += nr {
			t.cols = min(nr, cols-n)
			t.b = s.b[n*kc:]
			t.c = out[row+n:]
			t.bias = nil
			if first && g.bias != nil {
				t.bias = g.bias[group*g.n+n0+n:]
			}
			c.isa.micro(t)
		}
		m += t.rows
	}
}

// sumPartsRows is the number of rows of C that one task sums.
func sumPartsRows(n int) int { return max(1, 4096/n) }

// sumPartsTask adds the parts of a split K in order.
func sumPartsTask(c *call, _ *scratch, i int) {
	g := &c.gemm
	step := sumPartsRows(g.n)
	for r := i * step; r < min((i+1)*step, g.m*g.groups); r++ {
		from := r/g.m*g.groupC + r%g.m*g.ldc
		y := g.c[from : from+g.n]
		if !g.accumulate {
			copy(y, g.partial[from:])
		} else {
			c.isa.add(y, y, g.partial[from:from+g.n])
		}
		for p := 1; p < g.splits; p++ {
			c.isa.add(y, y, g.partial[p*g.size+from:][:g.n])
		}
	}
}
