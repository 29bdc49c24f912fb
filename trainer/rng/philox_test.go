package rng

import (
	"math"
	"slices"
	"testing"
)

// Known answers of the Random123 distribution (kat_vectors, philox4x32-10).
func TestBlockKnownAnswers(t *testing.T) {
	for _, c := range []struct {
		key       [2]uint32
		ctr, want [4]uint32
	}{
		{[2]uint32{0, 0}, [4]uint32{0, 0, 0, 0}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{
			[2]uint32{0xffffffff, 0xffffffff},
			[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		},
		{
			[2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		if got := Block(c.key, c.ctr); got != c.want {
			t.Errorf("Block(%x, %x) = %x, want %x", c.key, c.ctr, got, c.want)
		}
	}
}

func TestPermIsAPermutationAndRepeats(t *testing.T) {
	a := New(42, Shuffle, 3, 0).Perm(1000)
	b := New(42, Shuffle, 3, 0).Perm(1000)
	if !slices.Equal(a, b) {
		t.Fatal("the same stream gave two permutations")
	}
	if slices.Equal(a, New(42, Shuffle, 4, 0).Perm(1000)) {
		t.Fatal("two epochs gave the same permutation")
	}
	slices.Sort(a)
	for i, v := range a {
		if v != i {
			t.Fatalf("sorted permutation has %d at %d", v, i)
		}
	}
}

func TestMoments(t *testing.T) {
	const n = 200_000
	s := New(1, Weights, 0, 7)
	var sum, sq float64
	for range n {
		v := s.Normal()
		sum += v
		sq += v * v
	}
	if m, sd := sum/n, math.Sqrt(sq/n); math.Abs(m) > 0.01 || math.Abs(sd-1) > 0.01 {
		t.Errorf("normal: mean %.4f, sd %.4f", m, sd)
	}
	var counts [6]int
	for range n {
		counts[s.IntN(6)]++
	}
	for i, c := range counts {
		if math.Abs(float64(c)/n-1.0/6) > 0.005 {
			t.Errorf("IntN(6): %d came %d times of %d", i, c, n)
		}
	}
}
