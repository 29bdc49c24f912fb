package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// layerNorm writes the functions that normalise each row by its own moments. A
// row is read several times, but stays in the first cache.
func layerNorm(m machine) {
	m.normRows("layerNormRows", "y, x, gamma, beta []float32, eps float32, rows int",
		"y = (x-mean)*rstd*gamma + beta", []string{"y", "x"}, []string{"gamma", "beta"},
		func(r normRow) {
			r.each([]int{0, 1}, []int{0, 1}, func(p []lane) {
				n := r.normalised(p[1])
				VFMADD132PS(p[2].load(), p[3].load(), n)
				p[0].store(n)
			})
		})

	m.normRows("layerNormGradRows", "dx, dy, x, gamma []float32, eps float32, rows int",
		"dx = rstd*(g - mean(g) - n*mean(g*n)), g = dy*gamma", []string{"dx", "x", "dy"}, []string{"gamma"},
		func(r normRow) {
			sum, dot := m.vec(), m.vec()
			m.zero(sum)
			m.zero(dot)
			r.each([]int{1, 2}, []int{0}, func(p []lane) {
				g := p[1].load()
				VMULPS(p[2].load(), g, g)
				VADDPS(g, sum, sum)
				VFMADD231PS(r.normalised(p[0]), g, dot) // g is zero past the row
			})
			s, d := r.mean(sum), r.mean(dot)
			r.each([]int{0, 1, 2}, []int{0}, func(p []lane) {
				g := p[2].load()
				VMULPS(p[3].load(), g, g)
				VSUBPS(s, g, g)
				VFNMADD231PS(r.normalised(p[1]), d, g)
				VMULPS(r.rstd, g, g)
				p[0].store(g)
			})
		})

	m.normRows("layerNormParamRows", "dgamma, dbeta, dy, x []float32, eps float32, rows int",
		"dgamma += dy*n, dbeta += dy", []string{"dy", "x"}, []string{"dgamma", "dbeta"},
		func(r normRow) {
			r.each([]int{0, 1}, []int{0, 1}, func(p []lane) {
				dy, gamma, beta := p[0].load(), p[2].load(), p[3].load()
				VFMADD231PS(r.normalised(p[1]), dy, gamma)
				VADDPS(dy, beta, beta)
				p[2].store(gamma)
				p[3].store(beta)
			})
		})
}

// normRow is what the body of a row function sees.
type normRow struct {
	m             machine
	C             reg.Register
	row, channel  []reg.Register
	centre, rstd  reg.VecVirtual // mean and 1/sqrt(variance+eps) in every lane
	oneOverLength reg.VecVirtual
}

// each walks over the pointers named by their index: of rows, then per channel.
func (r normRow) each(row, channel []int, body func(p []lane)) {
	var pointers []reg.Register
	for _, i := range row {
		pointers = append(pointers, r.row[i])
	}
	for _, i := range channel {
		pointers = append(pointers, r.channel[i])
	}
	n := GP64()
	MOVQ(r.C, n)
	r.m.each(n, pointers, body)
}

// normalised is (x-mean)*rstd.
func (r normRow) normalised(x lane) reg.VecVirtual {
	n := x.load()
	VSUBPS(r.centre, n, n)
	VMULPS(r.rstd, n, n)
	return n
}

// mean is the sum of all lanes over the length of a row, in every lane.
func (r normRow) mean(sum reg.VecVirtual) reg.VecVirtual {
	half := r.m.vec()
	if r.m.masked() {
		VEXTRACTF64X4(U8(1), sum, half.AsY())
		VADDPS(half.AsY(), sum.AsY(), sum.AsY())
	}
	VEXTRACTF128(U8(1), sum.AsY(), half.AsX())
	VADDPS(half.AsX(), sum.AsX(), sum.AsX())
	VMOVHLPS(sum.AsX(), sum.AsX(), half.AsX())
	VADDPS(half.AsX(), sum.AsX(), sum.AsX())
	VMOVSHDUP(sum.AsX(), half.AsX())
	VADDSS(half.AsX(), sum.AsX(), sum.AsX())
	out := r.m.vec()
	VBROADCASTSS(sum.AsX(), out)
	VMULPS(r.oneOverLength, out, out)
	return out
}

// normRows writes a function that finds the moments of every row of x, which is
// row[1], and then runs body on the row.
func (m machine) normRows(name, params, doc string, row, channel []string, body func(r normRow)) {
	m.function(name, "func("+params+")", doc)
	r := normRow{m: m, C: Load(Param(channel[0]).Len(), GP64())}
	for _, p := range row {
		r.row = append(r.row, base(p))
	}
	for _, p := range channel {
		r.channel = append(r.channel, base(p))
	}
	length := m.vec()
	m.zero(length)
	VCVTSI2SSQ(r.C, length.AsX(), length.AsX())
	VBROADCASTSS(length.AsX(), length)
	r.oneOverLength = m.vec()
	VMOVUPS(constant(1), r.oneOverLength)
	VDIVPS(length, r.oneOverLength, r.oneOverLength)
	count := Load(Param("rows"), GP64())
	next, done := label("row"), label("end")
	TESTQ(count, count)
	JLE(LabelRef(done))
	Label(next)

	sum := m.vec()
	m.zero(sum)
	r.each([]int{1}, nil, func(p []lane) {
		VADDPS(p[0].load(), sum, sum)
	})
	r.centre = r.mean(sum)
	square := m.vec()
	m.zero(square)
	r.each([]int{1}, nil, func(p []lane) {
		d := p[0].load()
		VSUBPS(r.centre, d, d)
		p[0].clearRest(d)
		VFMADD231PS(d, d, square)
	})
	variance := r.mean(square)
	eps, err := Param("eps").Resolve()
	if err != nil {
		panic(err)
	}
	VADDSS(eps.Addr, variance.AsX(), variance.AsX())
	VSQRTSS(variance.AsX(), variance.AsX(), variance.AsX())
	one := m.vec()
	VMOVSS(constant(1), one.AsX())
	VDIVSS(variance.AsX(), one.AsX(), one.AsX())
	r.rstd = m.vec()
	VBROADCASTSS(one.AsX(), r.rstd)
	body(r)

	for _, p := range r.row {
		LEAQ(Mem{Base: p, Index: r.C, Scale: 4}, p)
	}
	DECQ(count)
	JNZ(LabelRef(next))
	Label(done)
	finish()
}
