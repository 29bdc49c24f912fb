package kernel

import "math"

// generic is the table in plain Go. It works on every processor and is what
// the assembly is tested against.
var generic = isa{
	name: "generic",
	mr:   4, nr: 8, micro: genericMicro,
	copyRows: genericCopyRows, transpose: genericTranspose,
	add: genericAdd, relu: genericReLU, reluGrad: genericReLUGrad,
	silu: genericSiLU, siluGrad: genericSiLUGrad,
	sigmoid: genericSigmoid, sigmoidGrad: genericSigmoidGrad,
	gelu: genericGELU, geluGrad: genericGELUGrad,
	affineRows: genericAffineRows, normGradRows: genericNormGradRows,
	sumRows: genericSumRows, devRows: genericDevRows, dotDevRows: genericDotDevRows,
	scaleRows: genericScaleRows, dotRows: genericDotRows,
	layerNormRows: genericLayerNormRows, layerNormGradRows: genericLayerNormGradRows,
	layerNormParamRows: genericLayerNormParamRows,
	maximum:            genericMaximum, takeEqual: genericTakeEqual,
	mac: genericMac, adamw: genericAdamW,
}

// genericMicro multiplies a 4×k panel with a k×8 panel.
func genericMicro(t *microTile) {
	var acc [4][8]float32
	if t.bias != nil {
		for r := range t.rows {
			copy(acc[r][:t.cols], t.bias)
		}
	}
	for r := range t.rows {
		s := &acc[r]
		at := r * t.ars
		for k := range t.k {
			a := t.a[at]
			b := (*[8]float32)(t.b[k*8:])
			s[0] += a * b[0]
			s[1] += a * b[1]
			s[2] += a * b[2]
			s[3] += a * b[3]
			s[4] += a * b[4]
			s[5] += a * b[5]
			s[6] += a * b[6]
			s[7] += a * b[7]
			at += t.aks
		}
	}
	for r := range t.rows {
		c := t.c[r*t.ldc:][:t.cols]
		if !t.accumulate {
			copy(c, acc[r][:])
			continue
		}
		for j := range c {
			c[j] += acc[r][j]
		}
	}
}

func genericCopyRows(dst, src []float32, rows, width, dstStep, srcStep int) {
	for r := range rows {
		copy(dst[r*dstStep:][:width], src[r*srcStep:][:width])
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
