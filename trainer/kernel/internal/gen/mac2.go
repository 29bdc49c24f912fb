package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of kernel.mac2Dims; a test of that package holds them.
const (
	macRows = 8 * iota
	macCols
	macA0
	macARow
	macACol
	macB0
	macBRow
	macBCol
)

// mac2 writes the sum of products over a two-dimensional range of positions,
// per channel, a few registers of channels at a time.
func mac2(m machine) {
	m.function("mac2", "func(y, init, a, b []float32, d *byte)", "y = init + the sum of a*b over rows and columns")
	n := Load(Param("y").Len(), GP64()).(reg.GPVirtual)
	d := Load(Param("d"), GP64())
	field := func(offset int) reg.GPVirtual {
		r := GP64()
		MOVQ(Mem{Base: d, Disp: offset}, r)
		return r
	}
	a, b := base("a"), base("b")
	begin := func(p reg.Register, offset int) {
		o := field(offset)
		LEAQ(Mem{Base: p, Index: o, Scale: 4}, p)
	}
	begin(a, macA0)
	begin(b, macB0)
	at := GP64() // bytes of channels done
	XORQ(at, at)

	block := func(width int, t *tail) {
		var sums []reg.VecVirtual
		init := base("init")
		for v := range width {
			sums = append(sums, lane{m, Mem{Base: init, Index: at, Scale: 1, Disp: v * m.bytes()}, t}.load())
		}
		rows := field(macRows)
		rowA, rowB := GP64(), GP64()
		LEAQ(Mem{Base: a, Index: at, Scale: 1}, rowA)
		LEAQ(Mem{Base: b, Index: at, Scale: 1}, rowB)
		row, col, done := label("row"), label("col"), label("end")
		TESTQ(rows, rows)
		JLE(LabelRef(done))
		none := field(macCols)
		TESTQ(none, none)
		JLE(LabelRef(done))
		stepA, stepB := field(macACol), field(macBCol)
		SHLQ(U8(2), stepA)
		SHLQ(U8(2), stepB)
		Label(row)
		cols := field(macCols)
		atA, atB := GP64(), GP64()
		MOVQ(rowA, atA)
		MOVQ(rowB, atB)
		Label(col)
		for v := range width {
			from := func(p reg.Register) Mem { return Mem{Base: p, Disp: v * m.bytes()} }
			x := lane{m, from(atA), t}.load()
			if t == nil {
				VFMADD231PS(from(atB), x, sums[v])
			} else {
				VFMADD231PS(lane{m, from(atB), t}.load(), x, sums[v])
			}
		}
		ADDQ(stepA, atA)
		ADDQ(stepB, atB)
		DECQ(cols)
		JNZ(LabelRef(col))
		nextA, nextB := field(macARow), field(macBRow)
		LEAQ(Mem{Base: rowA, Index: nextA, Scale: 4}, rowA)
		LEAQ(Mem{Base: rowB, Index: nextB, Scale: 4}, rowB)
		DECQ(rows)
		JNZ(LabelRef(row))
		Label(done)
		y := base("y")
		for v := range width {
			lane{m, Mem{Base: y, Index: at, Scale: 1, Disp: v * m.bytes()}, t}.store(sums[v])
		}
		ADDQ(I32(width*m.bytes()), at)
	}

	wide, single, rest, done := label("wide"), label("single"), label("rest"), label("done")
	Label(wide)
	CMPQ(n, I32(4*m.lanes))
	JLT(LabelRef(single))
	block(4, nil)
	SUBQ(I32(4*m.lanes), n)
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
