package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of kernel.macDims; a test of that package holds them.
const (
	macRows = 8 * iota
	macCols
	macA0
	macARow
	macACol
	macB0
	macBRow
	macBCol
	macImages
	macAImage
	macBImage
)

// mac writes the sum of products over a range of positions in several images,
// per channel, a few registers of channels at a time.
func mac(m machine) {
	m.function("mac", "func(y, init, a, b []float32, d *byte)", "y = init + the sum of a*b over images, rows and columns")
	n := Load(Param("y").Len(), GP64()).(reg.GPVirtual)
	// Registers are scarce: the pointer to d is loaded whenever it is needed.
	field := func(offset int) reg.GPVirtual {
		r := GP64()
		Load(Param("d"), r)
		MOVQ(Mem{Base: r, Disp: offset}, r)
		return r
	}
	at := GP64() // bytes of channels done
	XORQ(at, at)

	block := func(width int, t *tail) {
		var sums []reg.VecVirtual
		init := base("init")
		for v := range width {
			sums = append(sums, lane{m, Mem{Base: init, Index: at, Scale: 1, Disp: v * m.bytes()}, t}.load())
		}
		images := field(macImages)
		begin := func(name string, offset int) reg.Register {
			p, o := base(name), field(offset)
			LEAQ(Mem{Base: p, Index: o, Scale: 4}, p)
			ADDQ(at, p)
			return p
		}
		imageA, imageB := begin("a", macA0), begin("b", macB0)
		image, row, col, done := label("image"), label("row"), label("col"), label("end")
		stepA, stepB := field(macACol), field(macBCol)
		SHLQ(U8(2), stepA)
		SHLQ(U8(2), stepB)
		rowA, rowB, atA, atB := GP64(), GP64(), GP64(), GP64()
		for _, size := range []int{macImages, macRows, macCols} {
			count := field(size)
			TESTQ(count, count)
			JLE(LabelRef(done))
		}
		Label(image)
		MOVQ(imageA, rowA)
		MOVQ(imageB, rowB)
		rows := field(macRows)
		Label(row)
		MOVQ(rowA, atA)
		MOVQ(rowB, atB)
		cols := field(macCols)
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
		advance := func(p reg.Register, by int) {
			step := field(by)
			LEAQ(Mem{Base: p, Index: step, Scale: 4}, p)
		}
		advance(rowA, macARow)
		advance(rowB, macBRow)
		DECQ(rows)
		JNZ(LabelRef(row))
		advance(imageA, macAImage)
		advance(imageB, macBImage)
		DECQ(images)
		JNZ(LabelRef(image))
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
