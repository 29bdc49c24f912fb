package chart

import (
	"math"
	"math/rand/v2"
	"testing"
)

// wild returns a value that is now and then no number, infinite or not positive.
func wild(r *rand.Rand) float32 {
	switch r.IntN(12) {
	case 0:
		return float32(math.NaN())
	case 1:
		return float32(math.Inf(1))
	case 2:
		return float32(math.Inf(-1))
	case 3:
		return 0
	}
	return float32(r.NormFloat64())
}

// naive sums up values one by one.
func naive(values []float32) block {
	b := emptyBlock()
	for _, v := range values {
		b.take(v)
	}
	return b
}

func TestTrackSumsUpAnyStretch(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{1, 15, 16, 17, 255, 256, 257, 4096, 5000, 70_000} {
		var tr track
		for range n {
			tr.add(wild(r))
		}
		for range 300 {
			i := r.IntN(n + 1)
			j := i + r.IntN(n+1-i)
			if got, want := tr.over(i, j), naive(tr.values[i:j]); got != want {
				t.Fatalf("%d values, over(%d, %d) = %+v, want %+v", n, i, j, got, want)
			}
		}
	}
}

func TestTrackStaysRightAfterTruncation(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	var tr track
	for range 200 {
		for range r.IntN(900) {
			tr.add(wild(r))
		}
		tr.truncate(r.IntN(len(tr.values) + 1))
		n := len(tr.values)
		i := r.IntN(n + 1)
		for _, from := range []int{0, i} {
			if got, want := tr.over(from, n), naive(tr.values[from:]); got != want {
				t.Fatalf("over(%d, %d) = %+v, want %+v", from, n, got, want)
			}
		}
	}
}

func TestCoarseStaysWithinAQuarter(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 10_000 {
		i := r.IntN(100_000)
		j := i + 1 + r.IntN(100_000)
		end := j + r.IntN(1000)
		got := coarse(i, j, end)
		if got < j || got > end || 3*(got-j) > j-i {
			t.Fatalf("coarse(%d, %d, %d) = %d", i, j, end, got)
		}
		if j-i >= 4*fan && got < end && got%fan != 0 {
			t.Fatalf("coarse(%d, %d, %d) = %d, not at a block", i, j, end, got)
		}
	}
}

func FuzzTrack(f *testing.F) {
	f.Add([]byte{1, 2, 255, 0, 7}, uint16(1), uint16(4))
	f.Fuzz(func(t *testing.T, data []byte, i, j uint16) {
		var tr track
		for k, d := range data {
			v := float32(int8(d)) / 7
			switch d {
			case 255:
				v = float32(math.NaN())
			case 254:
				v = float32(math.Inf(1 - 2*(k%2)))
			}
			tr.add(v)
		}
		n := len(data)
		from, to := min(int(i), n), min(int(j), n)
		if from > to {
			from, to = to, from
		}
		if got, want := tr.over(from, to), naive(tr.values[from:to]); got != want {
			t.Fatalf("over(%d, %d) = %+v, want %+v", from, to, got, want)
		}
	})
}
