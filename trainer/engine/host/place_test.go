package host

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// chain returns a schedule of n calls with random inputs among earlier values.
func chain(r *rand.Rand, n int) *schedule {
	s := &schedule{values: []value{{size: 100, input: true}, {size: 1, fixed: true}}}
	for range n {
		c := call{out: len(s.values)}
		for range 1 + r.IntN(3) {
			c.in = append(c.in, r.IntN(len(s.values)))
		}
		for k := range c.in {
			if r.IntN(2) == 0 {
				c.Overwrites = append(c.Overwrites, k)
			}
		}
		size := 1 + r.IntN(200)
		if r.IntN(2) == 0 {
			size = s.values[c.in[0]].size
		}
		s.values = append(s.values, value{size: size, output: r.IntN(10) == 0})
		s.calls = append(s.calls, c)
	}
	return s
}

// TestPlacesHoldWhatTheyShould replays random schedules on a slab whose cells
// remember which value was last written to them.
func TestPlacesHoldWhatTheyShould(t *testing.T) {
	shared := false
	for seed := range uint64(200) {
		s := chain(rand.New(rand.NewPCG(seed, 1)), 60)
		p := place(s)
		slab := make([]int, p.size)
		holds := func(v int) bool {
			if at := p.offset[v]; at >= 0 {
				for _, cell := range slab[at : at+s.values[v].size] {
					if cell != v {
						return false
					}
				}
			}
			return true
		}
		total := 0
		for i, c := range s.calls {
			for _, v := range c.in {
				if !holds(v) {
					t.Fatalf("seed %d: call %d reads value %d, which was overwritten", seed, i, v)
				}
			}
			for _, v := range c.in {
				if s.overlap(p, v, c.out) && !mayOverwrite(c, v) {
					t.Fatalf("seed %d: call %d writes over its input %d, which it must not", seed, i, v)
				}
			}
			at, size := p.offset[c.out], s.values[c.out].size
			if at < 0 || at%align != 0 {
				t.Fatalf("seed %d: value %d lies at %d", seed, c.out, at)
			}
			for j := at; j < at+size; j++ {
				slab[j] = c.out
			}
			total += size
		}
		for v := range s.values {
			if s.values[v].output && !holds(v) {
				t.Fatalf("seed %d: output %d was overwritten", seed, v)
			}
		}
		shared = shared || p.size < total
	}
	if !shared {
		t.Error("no memory was shared")
	}
}

// overlap reports whether two values share memory.
func (s *schedule) overlap(p placement, v, w int) bool {
	a, b := p.offset[v], p.offset[w]
	return a >= 0 && b >= 0 && a < b+s.values[w].size && b < a+s.values[v].size
}

// mayOverwrite reports whether v is an input that c may overwrite.
func mayOverwrite(c call, v int) bool {
	return slices.ContainsFunc(c.Overwrites, func(k int) bool { return c.in[k] == v })
}
