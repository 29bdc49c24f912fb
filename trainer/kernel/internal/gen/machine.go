package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// machine is what differs between the instruction sets.
type machine struct {
	name  string // suffix of function names
	lanes int    // float32 values in a register
	regs  []reg.VecPhysical
}

var (
	avx512 = machine{name: "AVX512", lanes: 16, regs: []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
		reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
		reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
	}}
	avx2 = machine{name: "AVX2", lanes: 8, regs: []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
	}}
)

// bytes is the size of a register.
func (m machine) bytes() int { return 4 * m.lanes }

// masked reports whether the machine has mask registers.
func (m machine) masked() bool { return m.lanes == 16 }

// tail is the mask of the first n lanes: a mask register, or a place in memory
// from which a vector mask is loaded into v when needed.
type tail struct {
	k  reg.Register
	at reg.GPVirtual
	v  reg.Register
}

// tailMask makes the mask of the first n lanes, 0 <= n <= lanes, in K1 or, after
// ready, in the vector register v. It overwrites n.
func (m machine) tailMask(n reg.GPVirtual, v reg.Register) tail {
	if m.masked() {
		ones := GP64()
		MOVQ(I32(-1), ones)
		BZHIQ(n, ones, ones)
		KMOVW(ones.As32(), reg.K1)
		return tail{k: reg.K1}
	}
	// laneTable is lanes ones, then lanes zeros: begin n before the zeros.
	table := GP64()
	LEAQ(laneTable(), table)
	NEGQ(n)
	LEAQ(Mem{Base: table, Index: n, Scale: 4, Disp: 32}, table)
	return tail{at: table, v: v}
}

// ready loads the mask into its vector register, if it has one.
func (t tail) ready() {
	if t.k == nil {
		VMOVDQU(Mem{Base: t.at}, t.v)
	}
}

var lanes *Mem

func laneTable() Mem {
	if lanes == nil {
		m := GLOBL("laneTable", 8|16) // RODATA|NOPTR
		for i := range 16 {
			v := uint32(0xffffffff)
			if i >= 8 {
				v = 0
			}
			DATA(4*i, U32(v))
		}
		lanes = &m
	}
	return *lanes
}

// load reads a register; with a tail only its lanes, the others are zero.
func (m machine) load(from Mem, to reg.Register, t *tail) {
	switch {
	case t == nil:
		VMOVUPS(from, to)
	case m.masked():
		VMOVUPS_Z(from, t.k, to)
	default:
		VMASKMOVPS(from, t.v, to)
	}
}

// store writes a register, or its tail.
func (m machine) store(from reg.Register, to Mem, t *tail) {
	switch {
	case t == nil:
		VMOVUPS(from, to)
	case m.masked():
		VMOVUPS(from, t.k, to)
	default:
		VMASKMOVPS(from, t.v, to)
	}
}

func (m machine) zero(r reg.Register) {
	if m.masked() {
		VPXORD(r, r, r)
		return
	}
	VXORPS(r, r, r)
}
