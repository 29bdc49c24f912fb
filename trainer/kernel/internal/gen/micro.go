package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of kernel.microTile; a test of that package holds them.
const (
	tileK          = 0
	tileA          = 8
	tileARS        = 32
	tileAKS        = 40
	tileB          = 48
	tileC          = 72
	tileLDC        = 96
	tileBias       = 104
	tileRows       = 128
	tileCols       = 136
	tileAccumulate = 144
)

// micro writes the micro-kernel: rows×k of A times k×(2 registers) of B. The
// sums live in registers: 14×2 of AVX-512's 32, 6×2 of AVX2's 16; two more hold
// a row of B and two the broadcast values of A. There is one loop for every
// number of rows and for one or two registers of columns, so a product's edge
// does no needless work.
func micro(m machine) {
	mr := 14
	if m.lanes == 8 {
		mr = 6
	}
	k := microKernel{
		machine: m, mr: mr,
		b: m.regs[2*mr : 2*mr+2], a: m.regs[2*mr+2:],
	}
	k.emit()
}

type microKernel struct {
	machine
	mr   int
	b, a []reg.VecPhysical

	aLow, aHigh         reg.GPVirtual // rows 0… and 7… of A
	step1, step3, step5 reg.GPVirtual // 1, 3 and 5 rows of A in bytes
	aks, bp, count      reg.GPVirtual
	t                   reg.Register // the microTile
	tail                tail
}

func (k *microKernel) emit() {
	TEXT("micro"+k.name, NOSPLIT, "func(t *byte)")

	k.t = Load(Param("t"), GP64())
	k.count, k.aLow, k.step1 = k.field(tileK), k.field(tileA), k.field(tileARS)
	k.aks, k.bp = k.field(tileAKS), k.field(tileB)
	SHLQ(U8(2), k.step1)
	SHLQ(U8(2), k.aks)
	k.step3, k.step5 = GP64(), GP64()
	LEAQ(Mem{Base: k.step1, Index: k.step1, Scale: 2}, k.step3)
	LEAQ(Mem{Base: k.step1, Index: k.step1, Scale: 4}, k.step5)
	if k.mr > 7 {
		k.aHigh = GP64()
		LEAQ(Mem{Base: k.aLow, Index: k.step3, Scale: 2}, k.aHigh)
		ADDQ(k.step1, k.aHigh)
	}

	cols, rows := k.field(tileCols), k.field(tileRows)
	CMPQ(cols, U8(k.lanes))
	JGT(LabelRef("wide"))
	k.choose(rows, cols, 1)
	Label("wide")
	SUBQ(U8(k.lanes), cols)
	k.choose(rows, cols, 2)
}

// field loads a field of the tile.
func (k *microKernel) field(offset int) reg.GPVirtual {
	r := GP64()
	MOVQ(Mem{Base: k.t, Disp: offset}, r)
	return r
}

// choose jumps to the loop for the number of rows.
func (k *microKernel) choose(rows, cols reg.GPVirtual, width int) {
	k.tail = k.tailMask(cols, k.a[0])
	for r := k.mr; r >= 1; r-- {
		next := fmt.Sprintf("under%dx%d", r, width)
		if r > 1 {
			CMPQ(rows, U8(r))
			JNE(LabelRef(next))
		}
		k.body(r, width)
		if r > 1 {
			Label(next)
		}
	}
}

func (k *microKernel) sum(r, v int) reg.VecPhysical { return k.regs[2*r+v] }

// row is the address of row r of A.
func (k *microKernel) row(r int) Mem {
	base := k.aLow
	if r >= 7 {
		base, r = k.aHigh, r-7
	}
	switch r {
	case 0:
		return Mem{Base: base}
	case 1, 2, 4:
		return Mem{Base: base, Index: k.step1, Scale: uint8(r)}
	case 3, 6:
		return Mem{Base: base, Index: k.step3, Scale: uint8(r / 3)}
	default:
		return Mem{Base: base, Index: k.step5, Scale: 1}
	}
}

// edge is the tail if v is the last register of a row.
func (k *microKernel) edge(v, width int) *tail {
	if v == width-1 {
		return &k.tail
	}
	return nil
}

func (k *microKernel) body(rows, width int) {
	name := func(s string) string { return fmt.Sprintf("%s%dx%d", s, rows, width) }

	// The sums begin with the bias or with zero.
	bias := k.field(tileBias)
	TESTQ(bias, bias)
	JZ(LabelRef(name("nobias")))
	k.tail.ready()
	for v := range width {
		k.load(Mem{Base: bias, Disp: v * k.bytes()}, k.sum(0, v), k.edge(v, width))
		for r := 1; r < rows; r++ {
			VMOVAPS(k.sum(0, v), k.sum(r, v))
		}
	}
	JMP(LabelRef(name("begin")))
	Label(name("nobias"))
	for v := range width {
		for r := range rows {
			k.zero(k.sum(r, v))
		}
	}

	Label(name("begin"))
	TESTQ(k.count, k.count)
	JZ(LabelRef(name("store")))
	Label(name("loop"))
	for v := range width {
		VMOVUPS(Mem{Base: k.bp, Disp: v * k.bytes()}, k.b[v])
	}
	for r := range rows {
		if width == 1 && k.masked() {
			VFMADD231PS_BCST(k.row(r), k.b[0], k.sum(r, 0))
			continue
		}
		a := k.a[r%2]
		VBROADCASTSS(k.row(r), a)
		for v := range width {
			VFMADD231PS(a, k.b[v], k.sum(r, v))
		}
	}
	ADDQ(k.aks, k.aLow)
	if rows > 7 {
		ADDQ(k.aks, k.aHigh)
	}
	ADDQ(U32(2*k.bytes()), k.bp)
	DECQ(k.count)
	JNZ(LabelRef(name("loop")))

	Label(name("store"))
	k.tail.ready() // the loop may have used its register
	c, ldc := k.field(tileC), k.field(tileLDC)
	SHLQ(U8(2), ldc)
	CMPB(Mem{Base: k.t, Disp: tileAccumulate}, U8(0))
	JEQ(LabelRef(name("write")))
	at := GP64()
	MOVQ(c, at)
	for r := range rows {
		for v := range width {
			from := Mem{Base: at, Disp: v * k.bytes()}
			switch t := k.edge(v, width); {
			case t == nil:
				VADDPS(from, k.sum(r, v), k.sum(r, v))
			case k.masked():
				VADDPS(from, k.sum(r, v), t.k, k.sum(r, v))
			default:
				VMASKMOVPS(from, t.v, k.b[0])
				VADDPS(k.b[0], k.sum(r, v), k.sum(r, v))
			}
		}
		if r < rows-1 {
			ADDQ(ldc, at)
		}
	}
	Label(name("write"))
	for r := range rows {
		for v := range width {
			k.store(k.sum(r, v), Mem{Base: c, Disp: v * k.bytes()}, k.edge(v, width))
		}
		if r < rows-1 {
			ADDQ(ldc, c)
		}
	}
	VZEROUPPER()
	RET()
}
