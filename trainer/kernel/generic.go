package kernel

import "math"

// generic is the table in plain Go. It works on every processor and is what
// the assembly is tested against.
func generic() *isa {
	return &isa{
		name: "generic",
		mr:   4, nr: 4, micro: genericMicro,
		copyRows: genericCopyRows, copyPanels: genericCopyPanels, transpose: genericTranspose,
		add: genericAdd, relu: genericReLU, reluGrad: genericReLUGrad,
		silu: genericSiLU, siluGrad: genericSiLUGrad,
		sigmoid: genericSigmoid, sigmoidGrad: genericSigmoidGrad,
		gelu: genericGELU, geluGrad: genericGELUGrad,
		affineRows: genericAffineRows, normGradRows: genericNormGradRows,
		sumRows: genericSumRows, devRows: genericDevRows, dotDevRows: genericDotDevRows,
		affine: genericAffine(), affineAdd: genericAffineAdd(),
		affineSiLUGrad: genericAffineSiLUGrad, dotDevReLU: genericDotDevReLU, normGradReLU: genericNormGradReLU,
		scaleRows: genericScaleRows, dotRows: genericDotRows,
		layerNormRows: genericLayerNormRows, layerNormGradRows: genericLayerNormGradRows,
		layerNormParamRows: genericLayerNormParamRows,
		maximum:            genericMaximum, takeEqual: genericTakeEqual,
		mac: genericMac, macRow: map[int]macRowFunc{3: genericMacRow, 5: genericMacRow, 7: genericMacRow}, adamw: genericAdamW,
	}
}

// genericMicro multiplies a 4×k panel with a k×4 panel. The sums are separate
// variables, which the compiler keeps in registers; past the last row it
// computes that row again.
func genericMicro(t *microTile) {
	row := func(r int) []float32 { return t.a[min(r, t.rows-1)*t.ars:] }
	var c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33 float32
	if t.k > 0 {
		a0, a1, a2, a3 := row(0), row(1), row(2), row(3)
		at := 0
		for k := range t.k {
			b := (*[4]float32)(t.b[k*4:])
			b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
			x0 := a0[at]
			c00 += x0 * b0
			c01 += x0 * b1
			c02 += x0 * b2
			c03 += x0 * b3
			x1 := a1[at]
			c10 += x1 * b0
			c11 += x1 * b1
			c12 += x1 * b2
			c13 += x1 * b3
			x2 := a2[at]
			c20 += x2 * b0
			c21 += x2 * b1
			c22 += x2 * b2
			c23 += x2 * b3
			x3 := a3[at]
			c30 += x3 * b0
			c31 += x3 * b1
			c32 += x3 * b2
			c33 += x3 * b3
			at += t.aks
		}
	}
	sums := [4][4]float32{
		{c00, c01, c02, c03},
		{c10, c11, c12, c13},
		{c20, c21, c22, c23},
		{c30, c31, c32, c33},
	}
	for r := range t.rows {
		c, s := t.c[r*t.ldc:][:t.cols], &sums[r]
		if t.bias != nil {
			for j := range c {
				s[j] += t.bias[j]
			}
		}
		for j := range c {
			if t.accumulate {
				s[j] += c[j]
			}
			c[j] = s[j]
		}
	}
}

func genericCopyRows(dst, src []float32, rows, width, dstStep, srcStep int) {
	for r := range rows {
		copy(dst[r*dstStep:][:width], src[r*srcStep:][:width])
	}
}

func genericCopyPanels(dst, src []float32, rows, panels, panelStep, srcStep int) {
	for r := range rows {
		for p := range panels {
			*(*[4]float32)(dst[p*panelStep+4*r:]) = *(*[4]float32)(src[r*srcStep+4*p:])
		}
	}
}

func genericTranspose(dst, src []float32, width, depth, dstStep, srcStep int) {
	for j := range width {
		for k, v := range src[j*srcStep:][:depth] {
			dst[k*dstStep+j] = v
		}
	}
}

func genericMac(y, init, a, b []float32, d *macDims) {
	copy(y, init)
	for n := range d.images {
		for i := range d.rows {
			for j := range d.cols {
				u := a[d.a0+n*d.aImage+i*d.aRow+j*d.aCol:][:len(y)]
				v := b[d.b0+n*d.bImage+i*d.bRow+j*d.bCol:][:len(y)]
				for c := range y {
					y[c] += u[c] * v[c]
				}
			}
		}
	}
}

func genericMacRow(y, init, a, b []float32, d *macRowDims) {
	for p := range d.pixels {
		genericMac(y[p*d.yPixel:][:len(init)], init, a, b, &macDims{
			images: 1, rows: d.rows, cols: d.cols,
			a0: d.a0 + p*d.aPixel, aRow: d.aRow, aCol: d.aCol, b0: d.b0, bRow: d.bRow, bCol: d.bCol,
		})
	}
}

func genericAdamW(p, m, v, g []float32, c *adamwConsts) {
	m, v, g = m[:len(p)], v[:len(p)], g[:len(p)]
	for i, grad := range g {
		m1 := m[i] + (grad-m[i])*c.mix1
		m2 := c.beta2*v[i] + c.mix2*grad*grad
		m[i], v[i] = m1, m2
		root := float32(math.Sqrt(float64(m2)))
		p[i] = p[i]*c.keep - c.step*m1/(root*c.invRoot2+c.eps)
	}
}

func genericAdd(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = a[i] + b[i]
	}
}

func genericMaximum(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		v := a[i]
		if b[i] > v {
			v = b[i]
		}
		y[i] = v
	}
}

// genericTakeEqual moves rest to dx where x is the maximum top; what moved is
// gone from rest.
func genericTakeEqual(dx, rest, x, top []float32) {
	rest, x, top = rest[:len(dx)], x[:len(dx)], top[:len(dx)]
	for i, v := range x {
		if v == top[i] {
			dx[i] += rest[i]
			rest[i] = 0
		}
	}
}
