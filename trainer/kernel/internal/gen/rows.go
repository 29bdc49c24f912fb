package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows writes the functions on rows of C channels: those that map every row
// with factors per channel, and those that sum rows per channel.
func rows(m machine) {
	m.mapRows("affineRows", "y, x, mean, scale, shift []float32, rows int", "y = (x-mean)*scale + shift",
		[]string{"y", "x"}, []string{"mean", "scale", "shift"},
		func(row, channel []lane) {
			x := row[1].load()
			VSUBPS(channel[0].load(), x, x)
			VFMADD213PS(channel[2].load(), channel[1].load(), x)
			row[0].store(x)
		})
	m.mapRows("normGradRows", "dx, dy, x, mean, a, b, d []float32, rows int", "dx = a*dy + (b*(x-mean) + d)",
		[]string{"dx", "dy", "x"}, []string{"mean", "a", "b", "d"},
		func(row, channel []lane) {
			x := row[2].load()
			VSUBPS(channel[0].load(), x, x)
			VFMADD213PS(channel[3].load(), channel[2].load(), x)
			VFMADD231PS(row[1].load(), channel[1].load(), x)
			row[0].store(x)
		})
	m.mapRows("scaleRows", "y, x, scale []float32, rows int", "y = x*scale",
		[]string{"y", "x"}, []string{"scale"},
		func(row, channel []lane) {
			x := row[1].load()
			VMULPS(channel[0].load(), x, x)
			row[0].store(x)
		})

	m.foldRows("sumRows", "acc, x []float32, rows int", "acc += x",
		[]string{"acc"}, []string{"x"}, nil,
		func(acc []reg.VecVirtual, row []lane, _ []reg.VecVirtual) {
			VADDPS(row[0].load(), acc[0], acc[0])
		})
	m.foldRows("devRows", "acc, acc2, x, mean []float32, rows int", "acc += x-mean, acc2 += (x-mean)²",
		[]string{"acc", "acc2"}, []string{"x"}, []string{"mean"},
		func(acc []reg.VecVirtual, row []lane, channel []reg.VecVirtual) {
			x := row[0].load()
			VSUBPS(channel[0], x, x)
			VADDPS(x, acc[0], acc[0])
			VFMADD231PS(x, x, acc[1])
		})
	m.foldRows("dotDevRows", "acc, acc2, dy, x, mean []float32, rows int", "acc += dy, acc2 += dy*(x-mean)",
		[]string{"acc", "acc2"}, []string{"dy", "x"}, []string{"mean"},
		func(acc []reg.VecVirtual, row []lane, channel []reg.VecVirtual) {
			dy, x := row[0].load(), row[1].load()
			VSUBPS(channel[0], x, x)
			VADDPS(dy, acc[0], acc[0])
			VFMADD231PS(dy, x, acc[1])
		})
	m.foldRows("dotRows", "acc, a, b []float32, rows int", "acc += a*b",
		[]string{"acc"}, []string{"a", "b"}, nil,
		func(acc []reg.VecVirtual, row []lane, _ []reg.VecVirtual) {
			VFMADD231PS(row[0].load(), row[1].load(), acc[0])
		})
}

// mapRows writes a function that runs body on every register of every row. The
// row pointers advance; those per channel begin anew with every row. The number
// of channels is the length of the last channel slice.
func (m machine) mapRows(name, params, doc string, row, channel []string, body func(row, channel []lane)) {
	m.function(name, "func("+params+")", doc)
	C := Load(Param(channel[0]).Len(), GP64())
	count := Load(Param("rows"), GP64())
	var pointers []reg.Register
	for _, p := range append(append([]string{}, row...), channel...) {
		pointers = append(pointers, base(p))
	}
	next, done := label("row"), label("end")
	TESTQ(count, count)
	JLE(LabelRef(done))
	Label(next)
	n := GP64()
	MOVQ(C, n)
	m.each(n, pointers, func(p []lane) { body(p[:len(row)], p[len(row):]) })
	for _, p := range pointers[:len(row)] {
		LEAQ(Mem{Base: p, Index: C, Scale: 4}, p)
	}
	DECQ(count)
	JNZ(LabelRef(next))
	Label(done)
	finish()
}

// foldRows writes a function that sums over the rows: for a few registers of
// channels at a time the sums stay in registers while the rows go by.
func (m machine) foldRows(name, params, doc string, acc, row, channel []string,
	body func(acc []reg.VecVirtual, row []lane, channel []reg.VecVirtual),
) {
	m.function(name, "func("+params+")", doc)
	n := Load(Param(acc[0]).Len(), GP64()).(reg.GPVirtual)
	step := GP64()
	LEAQ(Mem{Base: n, Index: n, Scale: 1}, step) // 2*C, then 4*C: bytes of a row
	ADDQ(step, step)
	load := func(names []string) (out []reg.Register) {
		for _, p := range names {
			out = append(out, base(p))
		}
		return out
	}
	accs, rowPtrs, channels := load(acc), load(row), load(channel)

	block := func(width int, t *tail) {
		at := func(p reg.Register, v int) Mem { return Mem{Base: p, Disp: v * m.bytes()} }
		get := func(pointers []reg.Register, v int) (out []reg.VecVirtual) {
			for _, p := range pointers {
				out = append(out, lane{m, at(p, v), t}.load())
			}
			return out
		}
		var sums, factors [][]reg.VecVirtual
		for v := range width {
			sums, factors = append(sums, get(accs, v)), append(factors, get(channels, v))
		}
		count := Load(Param("rows"), GP64())
		var walk []reg.Register
		for _, p := range rowPtrs {
			w := GP64()
			MOVQ(p, w)
			walk = append(walk, w)
		}
		next, done := label("row"), label("end")
		TESTQ(count, count)
		JLE(LabelRef(done))
		Label(next)
		for v := range width {
			var lanes []lane
			for _, w := range walk {
				lanes = append(lanes, lane{m, at(w, v), t})
			}
			body(sums[v], lanes, factors[v])
		}
		for _, w := range walk {
			ADDQ(step, w)
		}
		DECQ(count)
		JNZ(LabelRef(next))
		Label(done)
		for v := range width {
			for i, p := range accs {
				lane{m, at(p, v), t}.store(sums[v][i])
			}
		}
		for _, p := range append(append(append([]reg.Register{}, accs...), rowPtrs...), channels...) {
			ADDQ(I32(width*m.bytes()), p)
		}
	}

	width := 4
	switch {
	case len(channel) > 1 && !m.masked():
		width = 1
	case len(acc) > 1 && !m.masked(), len(channel) > 1:
		width = 2
	}
	wide, single, rest, done := label("wide"), label("single"), label("rest"), label("done")
	Label(wide)
	CMPQ(n, I32(width*m.lanes))
	JLT(LabelRef(single))
	block(width, nil)
	SUBQ(I32(width*m.lanes), n)
	JMP(LabelRef(wide))
	Label(single)
	CMPQ(n, I32(m.lanes))
	JLT(LabelRef(rest))
	block(1, nil)
	SUBQ(I32(m.lanes), n)
	JMP(LabelRef(single))
	Label(rest)
	TESTQ(n, n)
	JZ(LabelRef(done))
	t := m.tailMask(n, m.vec())
	t.ready()
	block(1, &t)
	Label(done)
	finish()
}
