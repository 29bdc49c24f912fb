package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pack writes what lays out matrices for the micro-kernel.
func pack(m machine) {
	m.copyRows()
	m.copyPanels()
	if !m.masked() {
		m.transpose() // 256-bit shuffles run on two ports, so wider ones gain nothing
	}
}

// copyRows copies a block of a matrix.
func (m machine) copyRows() {
	m.function("copyRows", "func(dst, src []float32, rows, width, dstStep, srcStep int)",
		"dst[r*dstStep+j] = src[r*srcStep+j] for r < rows, j < width")
	dst, src := base("dst"), base("src")
	rows := Load(Param("rows"), GP64())
	width := Load(Param("width"), GP64()).(reg.GPVirtual)
	dstStep, srcStep := Load(Param("dstStep"), GP64()), Load(Param("srcStep"), GP64())
	whole := GP64()
	MOVQ(width, whole)
	ANDQ(I8(-m.lanes), whole)
	SUBQ(whole, width)
	rest := GP64()
	MOVQ(width, rest)
	t := m.tailMask(width, m.vec())
	t.ready()
	v := m.vec()

	row, edge, next, done := label("row"), label("edge"), label("next"), label("done")
	TESTQ(rows, rows)
	JLE(LabelRef(done))
	Label(row)
	at := GP64()
	XORQ(at, at)
	CMPQ(at, whole)
	JGE(LabelRef(edge))
	loop := label("loop")
	Label(loop)
	VMOVUPS(Mem{Base: src, Index: at, Scale: 4}, v)
	VMOVUPS(v, Mem{Base: dst, Index: at, Scale: 4})
	ADDQ(U8(m.lanes), at)
	CMPQ(at, whole)
	JLT(LabelRef(loop))
	Label(edge)
	TESTQ(rest, rest)
	JZ(LabelRef(next))
	m.load(Mem{Base: src, Index: at, Scale: 4}, v, &t)
	m.store(v, Mem{Base: dst, Index: at, Scale: 4}, &t)
	Label(next)
	LEAQ(Mem{Base: src, Index: srcStep, Scale: 4}, src)
	LEAQ(Mem{Base: dst, Index: dstStep, Scale: 4}, dst)
	DECQ(rows)
	JNZ(LabelRef(row))
	Label(done)
	finish()
}

// copyPanels cuts a block of a matrix into panels as wide as two registers. It
// walks along whole rows, for the sake of memory, and asks for those to come.
func (m machine) copyPanels() {
	m.function("copyPanels", "func(dst, src []float32, rows, panels, panelStep, srcStep int)",
		"panel p holds the columns p*nr … of every row; panels are panelStep apart")
	dst, src := base("dst"), base("src")
	rows := Load(Param("rows"), GP64())
	panels := Load(Param("panels"), GP64())
	panelStep, srcStep := Load(Param("panelStep"), GP64()), Load(Param("srcStep"), GP64())
	row, panel, done := label("row"), label("panel"), label("done")
	TESTQ(rows, rows)
	JLE(LabelRef(done))
	TESTQ(panels, panels)
	JLE(LabelRef(done))
	SHLQ(U8(2), panelStep)
	SHLQ(U8(2), srcStep)
	far := GP64()
	MOVQ(srcStep, far)
	SHLQ(U8(3), far) // 8 rows ahead
	Label(row)
	from, to, count := GP64(), GP64(), GP64()
	MOVQ(src, from)
	MOVQ(dst, to)
	MOVQ(panels, count)
	a, b := m.vec(), m.vec()
	Label(panel)
	VMOVUPS(Mem{Base: from}, a)
	VMOVUPS(Mem{Base: from, Disp: m.bytes()}, b)
	for line := 0; line < 2*m.bytes(); line += 64 {
		PREFETCHT0(Mem{Base: from, Index: far, Scale: 1, Disp: line})
	}
	VMOVUPS(a, Mem{Base: to})
	VMOVUPS(b, Mem{Base: to, Disp: m.bytes()})
	ADDQ(I32(2*m.bytes()), from)
	ADDQ(panelStep, to)
	DECQ(count)
	JNZ(LabelRef(panel))
	ADDQ(srcStep, src)
	ADDQ(I32(2*m.bytes()), dst)
	DECQ(rows)
	JNZ(LabelRef(row))
	Label(done)
	finish()
}

// transpose writes dst[k*dstStep+j] = src[j*srcStep+k] in blocks of 8×8. The
// last block of k overlaps the one before it; past the last j its row is
// repeated up to a multiple of 8.
func (m machine) transpose() {
	m.function("transpose", "func(dst, src []float32, width, depth, dstStep, srcStep int)",
		"dst[k*dstStep+j] = src[j*srcStep+k] for k < depth, j < width rounded up to 8; depth >= 8")
	done, strip, block, last := label("done"), label("strip"), label("block"), label("last")
	j := GP64()
	XORQ(j, j)
	Label(strip)
	width := Load(Param("width"), GP64())
	CMPQ(j, width)
	JGE(LabelRef(done))

	// Rows j … j+7 of src, none past the last.
	var row [8]reg.GPVirtual
	DECQ(width)
	for i := range row {
		row[i] = GP64()
		LEAQ(Mem{Base: j, Disp: i}, row[i])
		CMPQ(row[i], width)
		CMOVQGT(width, row[i])
		step := Load(Param("srcStep"), GP64())
		IMULQ(step, row[i])
		src := base("src")
		LEAQ(Mem{Base: src, Index: row[i], Scale: 4}, row[i])
	}
	k := GP64()
	XORQ(k, k)

	Label(block)
	step := Load(Param("dstStep"), GP64())
	dst := GP64()
	MOVQ(step, dst)
	IMULQ(k, dst)
	ADDQ(j, dst)
	out := base("dst")
	LEAQ(Mem{Base: out, Index: dst, Scale: 4}, dst)
	SHLQ(U8(2), step)
	for half := range 2 {
		var a [4]reg.VecVirtual
		for i := range a {
			a[i] = YMM()
			at := func(r int) Mem { return Mem{Base: row[r], Index: k, Scale: 4, Disp: 16 * half} }
			VMOVUPS(at(i), a[i].AsX())
			VINSERTF128(U8(1), at(i+4), a[i], a[i])
		}
		var t [4]reg.VecVirtual
		for i := range t {
			t[i] = YMM()
		}
		VUNPCKLPS(a[1], a[0], t[0])
		VUNPCKHPS(a[1], a[0], t[1])
		VUNPCKLPS(a[3], a[2], t[2])
		VUNPCKHPS(a[3], a[2], t[3])
		for i := range 4 {
			v := YMM()
			VSHUFPS(U8([]uint8{0x44, 0xee}[i%2]), t[2+i/2], t[i/2], v)
			VMOVUPS(v, Mem{Base: dst})
			ADDQ(step, dst)
		}
	}
	depth := Load(Param("depth"), GP64())
	ADDQ(U8(8), k)
	CMPQ(k, depth)
	JEQ(LabelRef(last))
	SUBQ(U8(8), depth)
	CMPQ(k, depth)
	CMOVQGT(depth, k)
	JMP(LabelRef(block))
	Label(last)
	ADDQ(U8(8), j)
	JMP(LabelRef(strip))
	Label(done)
	finish()
}
