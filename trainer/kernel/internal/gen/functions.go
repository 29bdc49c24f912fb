package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The constants are those of the Go twins; see there for their origin.
const (
	expLimit   = 87.0
	log2e      = 1.44269504088896341
	ln2High    = 0.693359375
	ln2Low     = -2.12194440e-4
	invSqrt2Pi = 0.39894228040143267794
	tailP      = 0.35
)

var (
	expPoly  = []float64{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}
	tailPoly = []float64{
		-0.029108993709087372, 0.14378851652145386, -0.25532785058021545, 0.15872260928153992, -0.02279113233089447,
		0.10536934435367584, 0.11986905336380005, 0.1398567110300064, 0.13962170481681824,
	}
)

// horner evaluates a polynomial at x, highest coefficient first.
func (m machine) horner(x reg.VecVirtual, coefficients []float64) reg.VecVirtual {
	p := m.vec()
	VMOVUPS(constant(coefficients[0]), p)
	for _, c := range coefficients[1:] {
		VFMADD213PS(constant(c), x, p)
	}
	return p
}

// exp is e^x with x limited to ±expLimit.
func (m machine) exp(x reg.VecVirtual) reg.VecVirtual {
	r, n := m.vec(), m.vec()
	VMOVUPS(constant(expLimit), r)
	VMOVUPS(constant(-expLimit), n)
	VMINPS(x, r, r) // a NaN in the last source stays
	VMAXPS(r, n, r)
	VMULPS(constant(log2e), r, n)
	if m.masked() {
		VRNDSCALEPS(U8(0), n, n)
	} else {
		VROUNDPS(U8(0), n, n)
	}
	VFNMADD231PS(constant(ln2High), n, r)
	VFNMADD231PS(constant(ln2Low), n, r)
	p := m.horner(r, expPoly)
	square := m.vec()
	VMULPS(r, r, square)
	VFMADD213PS(r, square, p) // p*r² + r
	VADDPS(constant(1), p, p)
	if m.masked() {
		VSCALEFPS(n, p, p)
		return p
	}
	VCVTPS2DQ(n, n)
	VPADDD(bitsConstant(127), n, n)
	VPSLLD(U8(23), n, n)
	VMULPS(n, p, p)
	return p
}

// divide is a/b. AVX-512 has an approximate reciprocal that one Newton step
// brings to float32 precision, several times as fast as a division; b must be
// a normal number whose reciprocal is one.
func (m machine) divide(a, b reg.VecVirtual) reg.VecVirtual {
	q := m.vec()
	if !m.masked() {
		VDIVPS(b, a, q)
		return q
	}
	inv, rest := m.vec(), m.vec()
	VRCP14PS(b, inv)
	VMULPS(inv, a, q)
	VMOVAPS(a, rest)
	VFNMADD231PS(q, b, rest) // a - q*b
	VFMADD231PS(rest, inv, q)
	return q
}

// sigmoid returns s = 1/(1+exp(-x)) and exp(-x).
func (m machine) sigmoid(x reg.VecVirtual) (s, e reg.VecVirtual) {
	negative := m.vec()
	m.zero(negative)
	VSUBPS(x, negative, negative)
	e = m.exp(negative)
	d, one := m.vec(), m.vec()
	VMOVUPS(constant(1), one)
	VADDPS(one, e, d)
	return m.divide(one, d), e
}

// absolute is |x|.
func (m machine) absolute(x reg.VecVirtual) reg.VecVirtual {
	a := m.vec()
	VANDPS(bitsConstant(0x7fffffff), x, a)
	return a
}

// normalTail returns q = 1 - Φ(|x|) and exp(-x²/2).
func (m machine) normalTail(x reg.VecVirtual) (q, e reg.VecVirtual) {
	t, one := m.vec(), m.vec()
	VMULPS(constant(-0.5), x, t)
	VMULPS(x, t, t)
	e = m.exp(t)
	d := m.absolute(x)
	VMOVUPS(constant(1), one)
	VFMADD132PS(constant(tailP), one, d) // d*p + 1
	t = m.divide(one, d)
	q = m.horner(t, tailPoly)
	VMULPS(t, q, q)
	VMULPS(e, q, q)
	return q, e
}

// relu is max(x, 0).
func (m machine) relu(x reg.VecVirtual) reg.VecVirtual {
	y := m.vec()
	m.zero(y)
	VMAXPS(x, y, y) // a NaN in the last source stays
	return y
}

// reluGrad is dy where x > 0.
func (m machine) reluGrad(dy, x reg.VecVirtual) reg.VecVirtual {
	zero := m.vec()
	m.zero(zero)
	return m.where(greater, x, zero, dy)
}

// silu is x*sigmoid(x).
func (m machine) silu(x reg.VecVirtual) reg.VecVirtual {
	s, _ := m.sigmoid(x)
	VMULPS(x, s, s)
	return s
}

// siluGrad is dy*s*(1+x*(1-s)), s = sigmoid(x).
func (m machine) siluGrad(dy, x reg.VecVirtual) reg.VecVirtual {
	s, e := m.sigmoid(x)
	VMULPS(s, e, e) // 1-s
	VFMADD213PS(constant(1), x, e)
	VMULPS(s, e, e)
	VMULPS(dy, e, e)
	return e
}
