// Package rng is the program's only source of chance: Philox 4x32-10, a
// counter-based generator (Salmon et al., "Parallel Random Numbers: As Easy as
// 1, 2, 3", SC11). A stream is named by (seed, purpose, epoch, item), so no
// draw depends on how many threads ran or on what was drawn before.
package rng

import (
	"math"
	"math/bits"
)

// Purpose separates the streams of one seed.
type Purpose uint32

// What randomness is used for. The numbers are part of every stream: never renumber.
const (
	Weights     Purpose = 1 // item: hash of the parameter's name
	Shuffle     Purpose = 2 // epoch
	Flip        Purpose = 3 // epoch, item: image in the cache
	FrameChoice Purpose = 4 // item: hash of the video id
	SplitOrder  Purpose = 5
	Demo        Purpose = 6
	Bootstrap   Purpose = 7
)

// Stream is a sequence of random numbers. The zero value is not useful; see New.
type Stream struct {
	key  [2]uint32
	ctr  [4]uint32 // block, purpose^epoch…, item
	buf  [4]uint32
	left int
}

// New returns the stream named by its four coordinates. The seed is the Philox
// key; purpose and epoch (24 bits) share a counter word and the item takes up
// the other two, 48 bits of it, the lowest word counts blocks.
func New(seed uint64, purpose Purpose, epoch int, item uint64) *Stream {
	return &Stream{
		key: [2]uint32{uint32(seed), uint32(seed >> 32)},
		ctr: [4]uint32{0, uint32(purpose)<<24 | uint32(epoch)&0xffffff, uint32(item), uint32(item >> 32)},
	}
}

// Uint32 returns 32 random bits.
func (s *Stream) Uint32() uint32 {
	if s.left == 0 {
		s.buf = Block(s.key, s.ctr)
		s.ctr[0]++
		s.left = 4
	}
	v := s.buf[4-s.left]
	s.left--
	return v
}

// Float64 returns a number in [0,1) with 32 random bits.
func (s *Stream) Float64() float64 { return float64(s.Uint32()) / (1 << 32) }

// IntN returns a number in [0,n) without bias. n must be in 1…2³²-1.
func (s *Stream) IntN(n int) int {
	// Lemire, "Fast Random Integer Generation in an Interval", 2019.
	m := uint64(s.Uint32()) * uint64(n)
	if low := uint32(m); low < uint32(n) {
		for t := -uint32(n) % uint32(n); low < t; {
			m = uint64(s.Uint32()) * uint64(n)
			low = uint32(m)
		}
	}
	return int(m >> 32)
}

// Normal returns a draw from the standard normal distribution (Box-Muller).
func (s *Stream) Normal() float64 {
	u := (float64(s.Uint32()) + 1) / (1 << 32) // (0,1]
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*s.Float64())
}

// Perm returns a random permutation of 0…n-1 (Fisher-Yates).
func (s *Stream) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := s.IntN(i + 1)
		p[i], p[j] = p[j], p[i]
	}
	return p
}

// Block is the Philox 4x32-10 bijection: ten rounds over one counter.
func Block(key [2]uint32, ctr [4]uint32) [4]uint32 {
	const m0, m1, w0, w1 = 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85
	k0, k1 := key[0], key[1]
	for range 10 {
		hi0, lo0 := bits.Mul32(m0, ctr[0])
		hi1, lo1 := bits.Mul32(m1, ctr[2])
		ctr = [4]uint32{hi1 ^ ctr[1] ^ k0, lo1, hi0 ^ ctr[3] ^ k1, lo0}
		k0 += w0
		k1 += w1
	}
	return ctr
}

// Hash is FNV-1a over a name, for the item of streams that belong to one.
func Hash(name string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return h
}
