package kernel

// ConvShape is a 2-D convolution of x [N,H,W,C] with w [KH,KW,C/Groups,O] to
// y [N,OH,OW,O]. Padding is the same on all sides.
type ConvShape struct {
	N, H, W, C  int
	O, KH, KW   int
	Stride, Pad int
	Groups      int
}

// OH is the height of the output.
func (s ConvShape) OH() int { return (s.H+2*s.Pad-s.KH)/s.Stride + 1 }

// OW is the width of the output.
func (s ConvShape) OW() int { return (s.W+2*s.Pad-s.KW)/s.Stride + 1 }

// InputLen is the length of x.
func (s ConvShape) InputLen() int { return s.N * s.H * s.W * s.C }

// OutputLen is the length of y.
func (s ConvShape) OutputLen() int { return s.N * s.OH() * s.OW() * s.O }

// WeightLen is the length of w.
func (s ConvShape) WeightLen() int { return s.KH * s.KW * s.C / s.Groups * s.O }

// depthwise reports whether every channel has a filter of its own.
func (s ConvShape) depthwise() bool { return s.Groups == s.C && s.Groups == s.O && s.Groups > 1 }

// pointwise reports whether the convolution is a product of x with w.
func (s ConvShape) pointwise() bool {
	return s.KH == 1 && s.KW == 1 && s.Stride == 1 && s.Pad == 0 && s.Groups == 1
}

// ConvForward computes y [N,OH,OW,O] from x [N,H,W,C], w [KH,KW,C/Groups,O]
// and bias [O] or nil.
func (p *Pool) ConvForward(y, x, w, bias []float32, s ConvShape) {
	switch choosePath(p.isa, s, imageMatrix{}) {
	case pathProduct:
		p.Gemm(Gemm{
			M: s.N * s.H * s.W, N: s.O, K: s.C,
			A: RowMajor(x, s.C), B: RowMajor(w, s.O), C: RowMajor(y, s.O), Bias: bias,
		})
	case pathDepthwise:
		p.depthwiseForward(y, x, w, bias, s)
	default:
		g := product{
			m: s.N * s.OH() * s.OW(), n: s.O / s.Groups, k: s.KH * s.KW * s.C / s.Groups, groups: s.Groups,
			packA: packImageA, image: forwardImage(x, s),
			packB: packTapsB, b: Matrix{Data: w, Row: s.O, Col: 1},
			c: y, ldc: s.O, groupC: s.O / s.Groups, bias: bias,
		}
		g.choose(p.isa, s)
		p.product(call{gemm: g})
	}
}

// choose makes the product read its image along the path for the shape.
func (g *product) choose(set *isa, s ConvShape) {
	g.segment = g.m
	im := g.image
	switch choosePath(set, s, im) {
	case pathStrips:
		g.strips, g.packA, g.run = true, packStripA, im.run
	case pathShort:
		g.strips, g.packA = true, packShortA
	default:
		return
	}
	g.panel, g.segment = im.panelRows(set), im.gridW
}

// ConvInputGrad computes dx [N,H,W,C] from dy [N,OH,OW,O] and w. With a stride
// above 1 each residue of the position (a phase) meets its own subset of the
// taps, so each is a convolution of its own with stride 1.
func (p *Pool) ConvInputGrad(dx, dy, w []float32, s ConvShape) {
	switch choosePath(p.isa, s, imageMatrix{}) {
	case pathProduct:
		p.Gemm(Gemm{
			M: s.N * s.H * s.W, N: s.C, K: s.O,
			A: RowMajor(dy, s.O), B: RowMajor(w, s.O).Transposed(), C: RowMajor(dx, s.C),
		})
		return
	case pathDepthwise:
		p.depthwiseInputGrad(dx, dy, w, s)
		return
	}
	for ph := range min(s.Stride, s.H) {
		for pw := range min(s.Stride, s.W) {
			im := phaseImage(dy, s, ph, pw)
			g := product{
				m: s.N * im.gridH * im.gridW, n: s.C / s.Groups, k: im.tapsH * im.tapsW * im.channels, groups: s.Groups,
				packA: packImageA, image: im,
				packB: packTapsB, b: Matrix{Data: w, Row: 1, Col: s.O},
				c: dx, ldc: s.C, groupC: s.C / s.Groups, scatter: s.Stride > 1,
			}
			g.choose(p.isa, s)
			p.product(call{gemm: g})
		}
	}
}

// ConvWeightGrad computes dw [KH,KW,C/Groups,O] from x and dy.
func (p *Pool) ConvWeightGrad(dw, x, dy []float32, s ConvShape) {
	pixels := s.N * s.OH() * s.OW()
	switch choosePath(p.isa, s, imageMatrix{}) {
	case pathProduct:
		p.Gemm(Gemm{
			M: s.C, N: s.O, K: pixels,
			A: RowMajor(x, s.C).Transposed(), B: RowMajor(dy, s.O), C: RowMajor(dw, s.O),
		})
	case pathDepthwise:
		p.depthwiseWeightGrad(dw, x, dy, s)
	default:
		im := forwardImage(x, s)
		if im.channels >= p.isa.mr {
			im.run = im.channels // a panel within one tap has no pixel half inside
		}
		p.product(call{gemm: product{
			m: s.KH * s.KW * s.C / s.Groups, n: s.O / s.Groups, k: pixels, groups: s.Groups,
			segment: im.run,
			packA:   packImageTransposedA, image: im,
			packB: packGroupB, b: RowMajor(dy, s.O),
			c: dw, ldc: s.O, groupC: s.O / s.Groups,
		}})
	}
}
