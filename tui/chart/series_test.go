package chart

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
)

// evenly and unevenly spaced x, as steps, epochs as fractions and clocks are.
func spacings(n int) map[string][]float64 {
	r := rand.New(rand.NewPCG(4, 1))
	out := map[string][]float64{"steps": nil, "fractions": nil, "strides": nil, "random": nil}
	x := 0.0
	for i := range n {
		out["steps"] = append(out["steps"], float64(i+1))
		out["fractions"] = append(out["fractions"], float64(i+1)/37)
		stride := float64(1 + i/100%3)
		out["strides"] = append(out["strides"], float64(i)*1000+stride*float64(i%100))
		x += r.ExpFloat64() + 1e-3
		out["random"] = append(out["random"], x)
	}
	return out
}

func TestSeriesKeepsX(t *testing.T) {
	for name, xs := range spacings(2500) {
		var s Series
		s.Append(xs, make([]float64, len(xs)))
		for i, x := range xs {
			if got, _ := s.At(i); math.Abs(got-x) > 1e-6*max(1, x) {
				t.Fatalf("%s: x of point %d = %v, want %v", name, i, got, x)
			}
		}
		// Searching must agree with what At says, on, beside and between points.
		kept := make([]float64, len(xs))
		for i := range xs {
			kept[i], _ = s.At(i)
		}
		for i := range kept {
			for _, x := range []float64{kept[i], math.Nextafter(kept[i], 0), math.Nextafter(kept[i], 1e9), kept[i] + 0.3} {
				if got, want := s.x.search(x), sort.SearchFloat64s(kept, x); got != want {
					t.Fatalf("%s: search(%v) = %d, want %d", name, x, got, want)
				}
			}
		}
	}
}

func TestSeriesOfStepsKeepsOneStretch(t *testing.T) {
	for name, xs := range spacings(2500) {
		var s Series
		s.Append(xs, make([]float64, len(xs)))
		if (name == "steps" || name == "fractions") && len(s.x.stretches) != 1 {
			t.Errorf("%s: %d stretches, want 1", name, len(s.x.stretches))
		}
	}
}

func TestSeriesReplacesWhatARunRepeats(t *testing.T) {
	var s, want Series
	s.SetSmoothing(3)
	want.SetSmoothing(3)
	for i := range 1000 {
		s.Add(float64(i), float64(i%7))
	}
	for i := 500; i < 800; i++ {
		s.Add(float64(i), -float64(i))
	}
	for i := range 800 {
		y := float64(i % 7)
		if i >= 500 {
			y = -float64(i)
		}
		want.Add(float64(i), y)
	}
	if s.Len() != want.Len() {
		t.Fatalf("%d points, want %d", s.Len(), want.Len())
	}
	for i := range s.Len() {
		x, y := s.At(i)
		wx, wy := want.At(i)
		if x != wx || y != wy || s.Smoothed(i) != want.Smoothed(i) {
			t.Fatalf("point %d = %v %v ~%v, want %v %v ~%v", i, x, y, s.Smoothed(i), wx, wy, want.Smoothed(i))
		}
	}
	if lo, hi, ok := s.Range(Extent{0, 2000}); lo != -799 || hi != 6 || !ok {
		t.Errorf("Range = %v, %v, %v; want -799, 6, true", lo, hi, ok)
	}
}

func TestSeriesXRisesWhateverComes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for range 200 {
		var s Series
		for range 300 {
			x := float64(r.IntN(400))
			switch r.IntN(20) {
			case 0:
				x = math.NaN()
			case 1:
				x = math.Inf(1)
			case 2:
				x = 1e300
			}
			s.Add(x, r.Float64())
			if n := s.Len(); n > 1 {
				before, _ := s.At(n - 2)
				if last, _ := s.At(n - 1); !(last > before) {
					t.Fatalf("x of point %d = %v after %v", n-1, last, before)
				}
			}
		}
	}
}

func TestSmoothing(t *testing.T) {
	const halfLife = 10
	keep := math.Exp2(-1.0 / halfLife)
	r := rand.New(rand.NewPCG(6, 1))
	var s Series
	s.SetSmoothing(halfLife)
	var values []float64
	for i := range 500 {
		y := r.NormFloat64()
		if i%17 == 3 {
			y = math.NaN()
		}
		values = append(values, y)
		s.Add(float64(i), y)
	}
	for i := range values {
		// The definition: a weighted mean of all values so far, gaps left out.
		var sum, weight, w float64 = 0, 0, 1
		for j := i; j >= 0; j-- {
			if y := values[j]; !math.IsNaN(y) {
				sum += w * y
				weight += w
				w *= keep
			}
		}
		got := s.Smoothed(i)
		if math.IsNaN(values[i]) {
			if !math.IsNaN(got) {
				t.Fatalf("point %d is a gap, smoothed %v", i, got)
			}
			continue
		}
		if want := sum / weight; math.Abs(got-want) > 1e-5 {
			t.Fatalf("point %d smoothed %v, want %v", i, got, want)
		}
	}
	if _, first := s.At(0); s.Smoothed(0) != first {
		t.Errorf("the first point is %v smoothed, want %v itself", s.Smoothed(0), first)
	}

	late := Series{}
	for i, y := range values {
		late.Add(float64(i), y)
	}
	late.SetSmoothing(halfLife)
	same := func(a, b float32) bool { return a == b || a != a && b != b }
	if !slices.EqualFunc(late.smooth.track.values, s.smooth.track.values, same) {
		t.Error("smoothing switched on late differs from smoothing from the start")
	}
	late.SetSmoothing(0)
	if late.Smoothing() != 0 || late.Smoothed(5) != float64(float32(values[5])) {
		t.Error("smoothing switched off still smooths")
	}
}

func TestNearestAndLast(t *testing.T) {
	var s Series
	if i := s.Nearest(3); i != -1 {
		t.Errorf("Nearest of nothing = %d, want -1", i)
	}
	if _, _, ok := s.Last(); ok {
		t.Error("Last of nothing is something")
	}
	s.AppendSteps([]int32{10, 20, 40, 50}, []float64{1, 2, 3, math.NaN()})
	for x, want := range map[float64]int{-5: 0, 10: 0, 14: 0, 15: 0, 16: 1, 29: 1, 31: 2, 1e9: 3} {
		if got := s.Nearest(x); got != want {
			t.Errorf("Nearest(%v) = %d, want %d", x, got, want)
		}
	}
	if x, y, ok := s.Last(); x != 40 || y != 3 || !ok {
		t.Errorf("Last = %v, %v, %v; want the last number: 40, 3, true", x, y, ok)
	}
}
