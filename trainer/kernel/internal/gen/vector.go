package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vec is a fresh vector register.
func (m machine) vec() reg.VecVirtual {
	if m.masked() {
		return ZMM()
	}
	return YMM()
}

// constant is a float32 in every lane of a place in memory.
func constant(v float64) Mem { return bitsConstant(math.Float32bits(float32(v))) }

var constants = map[uint32]Mem{}

func bitsConstant(bits uint32) Mem {
	m, ok := constants[bits]
	if !ok {
		m = GLOBL(fmt.Sprintf("const%08x", bits), 8|16) // RODATA|NOPTR
		for i := range 16 {
			DATA(4*i, U32(bits))
		}
		constants[bits] = m
	}
	return m
}

// function begins a function. Labels are numbered by it.
func (m machine) function(name, signature, doc string) {
	TEXT(name+m.name, NOSPLIT, signature)
	Comment(doc)
	used = 0
}

var used int

// label is a fresh label of the current function.
func label(name string) string {
	used++
	return fmt.Sprintf("%s%d", name, used)
}

// lane is a place in memory that the body of a loop reads or writes.
type lane struct {
	m    machine
	at   Mem
	tail *tail
}

func (l lane) load() reg.VecVirtual {
	r := l.m.vec()
	l.m.load(l.at, r, l.tail)
	return r
}

func (l lane) store(r reg.Register) { l.m.store(r, l.at, l.tail) }

// clearRest sets the lanes past the tail to zero.
func (l lane) clearRest(r reg.VecVirtual) {
	switch {
	case l.tail == nil:
	case l.m.masked():
		VMOVAPS_Z(r, l.tail.k, r)
	default:
		VANDPS(l.tail.v, r, r)
	}
}

// each runs body on n floats of every pointer: whole registers, then the rest
// under a mask. Pointers are left as they were; n is overwritten.
func (m machine) each(n reg.GPVirtual, pointers []reg.Register, body func(p []lane)) {
	loop, rest, done := label("loop"), label("rest"), label("done")
	at := GP64()
	XORQ(at, at)
	lanesAt := func(t *tail) []lane {
		out := make([]lane, len(pointers))
		for i, p := range pointers {
			out[i] = lane{m, Mem{Base: p, Index: at, Scale: 4}, t}
		}
		return out
	}
	SUBQ(U8(m.lanes), n)
	JLT(LabelRef(rest))
	Label(loop)
	body(lanesAt(nil))
	ADDQ(U8(m.lanes), at)
	SUBQ(U8(m.lanes), n)
	JGE(LabelRef(loop))
	Label(rest)
	ADDQ(U8(m.lanes), n)
	JZ(LabelRef(done))
	t := m.tailMask(n, m.vec())
	t.ready()
	body(lanesAt(&t))
	Label(done)
}

// base loads the pointer of a slice argument.
func base(name string) reg.Register { return Load(Param(name).Base(), GP64()) }

// finish ends a function.
func finish() {
	VZEROUPPER()
	RET()
}
