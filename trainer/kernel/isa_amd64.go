package kernel

import "golang.org/x/sys/cpu"

//go:generate go run ./internal/gen -family micro -out micro_amd64.s

// The micro-kernels compute t: 14×32 and 6×16 tiles.

//go:noescape
func microAVX512(t *microTile)

//go:noescape
func microAVX2(t *microTile)

// available lists the tables that this processor can run, the best first.
func available() []*isa {
	var sets []*isa
	x := &cpu.X86
	if x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL && x.HasBMI2 {
		set := generic
		set.name, set.mr, set.nr, set.micro = "avx512", 14, 32, microAVX512
		sets = append(sets, &set)
	}
	if x.HasAVX2 && x.HasFMA && x.HasBMI2 {
		set := generic
		set.name, set.mr, set.nr, set.micro = "avx2", 6, 16, microAVX2
		sets = append(sets, &set)
	}
	return append(sets, &generic)
}
