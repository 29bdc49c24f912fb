package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// elementwise writes functions of one and two operands. The arithmetic is that
// of the Go twin, with fused multiply-adds and, on AVX-512, reciprocals instead
// of divisions.
func elementwise(m machine) {
	m.unary("relu", "y = max(x, 0)", m.relu)
	m.unary("sigmoid", "y = 1/(1+exp(-x))", func(x reg.VecVirtual) reg.VecVirtual {
		s, _ := m.sigmoid(x)
		return s
	})
	m.unary("silu", "y = x*sigmoid(x)", m.silu)
	m.unary("gelu", "y = x*Φ(x)", func(x reg.VecVirtual) reg.VecVirtual {
		q, _ := m.normalTail(x)
		y := m.vec()
		m.zero(y)
		VMAXPS(x, y, y)
		VFNMADD231PS(m.absolute(x), q, y)
		return y
	})

	m.binary("add", "y, a, b", "y = a + b", func(a, b reg.VecVirtual) reg.VecVirtual {
		VADDPS(b, a, a)
		return a
	})
	m.binary("maximum", "y, a, b", "y = b where b > a, else a", func(a, b reg.VecVirtual) reg.VecVirtual {
		VMAXPS(a, b, a)
		return a
	})
	m.binary("reluGrad", "dx, dy, y", "dx = dy where y > 0", func(dy, y reg.VecVirtual) reg.VecVirtual {
		return m.reluGrad(dy, y)
	})
	m.binary("sigmoidGrad", "dx, dy, y", "dx = dy*y*(1-y)", func(dy, y reg.VecVirtual) reg.VecVirtual {
		VMULPS(y, dy, dy)
		VFNMADD231PS(y, dy, dy) // dy*y - y*(dy*y)
		return dy
	})
	m.binary("siluGrad", "dx, dy, x", "dx = dy*s*(1+x*(1-s)), s = sigmoid(x)", func(dy, x reg.VecVirtual) reg.VecVirtual {
		return m.siluGrad(dy, x)
	})
	m.binary("geluGrad", "dx, dy, x", "dx = dy*(Φ(x) + x*φ(x))", func(dy, x reg.VecVirtual) reg.VecVirtual {
		q, e := m.normalTail(x)
		VMULPS(constant(invSqrt2Pi), e, e)
		VFMADD213PS(q, x, e) // x*φ + q
		zero, upper := m.vec(), m.vec()
		m.zero(zero)
		VMOVUPS(constant(1), upper)
		VFNMADD231PS(constant(2), q, upper) // Φ is q, and 1-2q more where x > 0
		VADDPS(m.where(greater, x, zero, upper), e, e)
		VMULPS(dy, e, e)
		return e
	})
	m.takeEqual()
	m.adamw()
}

func (m machine) unary(name, doc string, body func(x reg.VecVirtual) reg.VecVirtual) {
	m.function(name, "func(y, x []float32)", doc)
	n := Load(Param("y").Len(), GP64()).(reg.GPVirtual)
	m.each(n, []reg.Register{base("y"), base("x")}, func(p []lane) {
		p[0].store(body(p[1].load()))
	})
	finish()
}

func (m machine) binary(name, params, doc string, body func(a, b reg.VecVirtual) reg.VecVirtual) {
	m.function(name, "func("+params+" []float32)", doc)
	n := Load(ParamIndex(0).Len(), GP64()).(reg.GPVirtual)
	pointer := func(i int) reg.Register { return Load(ParamIndex(i).Base(), GP64()) }
	m.each(n, []reg.Register{pointer(0), pointer(1), pointer(2)}, func(p []lane) {
		p[0].store(body(p[1].load(), p[2].load()))
	})
	finish()
}

// Predicates of VCMPPS, false for NaN.
const (
	equal   = 0x00
	greater = 0x1e
)

// where is v in the lanes in which "a predicate b" holds, else 0.
func (m machine) where(predicate uint8, a, b, v reg.VecVirtual) reg.VecVirtual {
	out := m.vec()
	if m.masked() {
		VCMPPS(U8(predicate), b, a, reg.K2)
		VMOVAPS_Z(v, reg.K2, out)
		return out
	}
	VCMPPS(U8(predicate), b, a, out)
	VANDPS(v, out, out)
	return out
}

// takeEqual moves rest to dx where x equals top.
func (m machine) takeEqual() {
	m.function("takeEqual", "func(dx, rest, x, top []float32)", "dx += rest, rest = 0 where x = top")
	n := Load(Param("dx").Len(), GP64()).(reg.GPVirtual)
	m.each(n, []reg.Register{base("dx"), base("rest"), base("x"), base("top")}, func(p []lane) {
		dx, rest := p[0].load(), p[1].load()
		moved := m.where(equal, p[2].load(), p[3].load(), rest)
		VADDPS(moved, dx, dx)
		VSUBPS(moved, rest, rest)
		p[0].store(dx)
		p[1].store(rest)
	})
	finish()
}

// adamw is the fused update; constants are fields of kernel.adamwConsts.
func (m machine) adamw() {
	m.function("adamw", "func(p, m, v, g []float32, c *byte)", "one AdamW update")
	n := Load(Param("p").Len(), GP64()).(reg.GPVirtual)
	c := Load(Param("c"), GP64())
	var k [7]reg.VecVirtual // keep, mix1, beta2, mix2, step, invRoot2, eps
	for i := range k {
		k[i] = m.vec()
		VBROADCASTSS(Mem{Base: c, Disp: 4 * i}, k[i])
	}
	m.each(n, []reg.Register{base("p"), base("m"), base("v"), base("g")}, func(p []lane) {
		w, m1, m2, g := p[0].load(), p[1].load(), p[2].load(), p[3].load()
		t := m.vec()
		VSUBPS(m1, g, t)
		VFMADD231PS(k[1], t, m1)
		p[1].store(m1)
		VMULPS(g, g, g)
		VMULPS(k[3], g, g)
		VFMADD231PS(k[2], m2, g)
		p[2].store(g)
		VSQRTPS(g, g)
		VFMADD213PS(k[6], k[5], g) // g*invRoot2 + eps
		VMULPS(k[4], m1, m1)
		q := m.divide(m1, g)
		VMULPS(k[0], w, w)
		VSUBPS(q, w, w)
		p[0].store(w)
	})
	finish()
}
