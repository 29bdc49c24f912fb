package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of kernel.macRowDims; a test of that package holds them.
const (
	macRowPixels = 8 * iota
	macRowRows
	macRowCols
	macRowA0
	macRowAPixel
	macRowARow
	macRowACol
	macRowB0
	macRowBRow
	macRowBCol
	macRowYPixel
	macRowPixel
	macRowLeft
)

// macRow writes sums of products per channel for several pixels at a time, which
// share every value of b that is loaded. Registers are scarce: counters of the
// outer loops are in memory.
func macRow(m machine) {
	for _, group := range []int{3, 5, 7} {
		m.macRow(group)
	}
}

func (m machine) macRow(group int) {
	m.function(fmt.Sprintf("macRow%d", group), "func(y, init, a, b []float32, d *byte)",
		"y = init + the sum of a*b over rows and columns, for every pixel")
	n := Load(Param("init").Len(), GP64()).(reg.GPVirtual)
	at := GP64() // bytes of channels done
	XORQ(at, at)
	dims := func() reg.GPVirtual {
		r := GP64()
		Load(Param("d"), r)
		return r
	}
	field := func(offset int) reg.GPVirtual {
		r := dims()
		MOVQ(Mem{Base: r, Disp: offset}, r)
		return r
	}

	block := func(t *tail) {
		load := func(from Mem) reg.VecVirtual { return lane{m, from, t}.load() }
		init := load(Mem{Base: base("init"), Index: at, Scale: 1})
		first := dims()
		MOVQ(U32(0), Mem{Base: first, Disp: macRowPixel})
		stepA, stepB := field(macRowACol), field(macRowBCol)
		SHLQ(U8(2), stepA)
		SHLQ(U8(2), stepB)
		step1 := field(macRowAPixel)
		SHLQ(U8(2), step1)
		step3, step5 := GP64(), GP64()
		LEAQ(Mem{Base: step1, Index: step1, Scale: 2}, step3)
		LEAQ(Mem{Base: step1, Index: step1, Scale: 4}, step5)
		pixel := func(base reg.Register, p int) Mem {
			switch p {
			case 0:
				return Mem{Base: base}
			case 1, 2, 4:
				return Mem{Base: base, Index: step1, Scale: uint8(p)}
			case 3, 6:
				return Mem{Base: base, Index: step3, Scale: uint8(p / 3)}
			}
			return Mem{Base: base, Index: step5, Scale: 1}
		}

		pixels, row, col, done := label("pixels"), label("row"), label("col"), label("end")
		Label(pixels)
		sums := make([]reg.VecVirtual, group)
		for p := range sums {
			sums[p] = m.vec()
			VMOVAPS(init, sums[p])
		}
		rowA, rowB := field(macRowAPixel), base("b")
		now := field(macRowPixel)
		IMULQ(now, rowA)
		from := field(macRowA0)
		ADDQ(from, rowA)
		a := base("a")
		LEAQ(Mem{Base: a, Index: rowA, Scale: 4}, rowA)
		ADDQ(at, rowA)
		from = field(macRowB0)
		LEAQ(Mem{Base: rowB, Index: from, Scale: 4}, rowB)
		ADDQ(at, rowB)
		left := field(macRowRows)
		counters := dims()
		MOVQ(left, Mem{Base: counters, Disp: macRowLeft})
		atA, atB := GP64(), GP64()
		Label(row)
		MOVQ(rowA, atA)
		MOVQ(rowB, atB)
		cols := field(macRowCols)
		Label(col)
		b := load(Mem{Base: atB})
		for p, sum := range sums {
			if t == nil {
				VFMADD231PS(pixel(atA, p), b, sum)
			} else {
				VFMADD231PS(load(pixel(atA, p)), b, sum)
			}
		}
		ADDQ(stepA, atA)
		ADDQ(stepB, atB)
		DECQ(cols)
		JNZ(LabelRef(col))
		step := field(macRowARow)
		LEAQ(Mem{Base: rowA, Index: step, Scale: 4}, rowA)
		step = field(macRowBRow)
		LEAQ(Mem{Base: rowB, Index: step, Scale: 4}, rowB)
		counters = dims()
		DECQ(Mem{Base: counters, Disp: macRowLeft})
		JNZ(LabelRef(row))

		to, stepY := field(macRowPixel), field(macRowYPixel)
		IMULQ(stepY, to)
		y := base("y")
		LEAQ(Mem{Base: y, Index: to, Scale: 4}, to)
		ADDQ(at, to)
		SHLQ(U8(2), stepY)
		for p, sum := range sums {
			lane{m, Mem{Base: to}, t}.store(sum)
			if p < group-1 {
				ADDQ(stepY, to)
			}
		}

		// The last group overlaps the one before it.
		next, last := field(macRowPixel), field(macRowPixels)
		ADDQ(U8(group), next)
		CMPQ(next, last)
		JGE(LabelRef(done))
		SUBQ(U8(group), last)
		CMPQ(next, last)
		CMOVQGT(last, next)
		counters = dims()
		MOVQ(next, Mem{Base: counters, Disp: macRowPixel})
		JMP(LabelRef(pixels))
		Label(done)
		ADDQ(I32(m.bytes()), at)
	}

	whole, rest, done := label("whole"), label("rest"), label("done")
	Label(whole)
	CMPQ(n, I32(m.lanes))
	JLT(LabelRef(rest))
	block(nil)
	SUBQ(I32(m.lanes), n)
	JMP(LabelRef(whole))
	Label(rest)
	TESTQ(n, n)
	JZ(LabelRef(done))
	t := m.tailMask(n, m.vec())
	t.ready()
	block(&t)
	Label(done)
	finish()
}
