package chart

import (
	"math"
	"slices"
	"testing"
)

func TestLinearTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		count  int
		least  float64
		want   []float64
	}{
		{0, 1, 5, 0, []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		{0, 1, 10, 0, []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}},
		{1, 30, 5, 1, []float64{10, 20, 30}},
		{1, 3, 5, 1, []float64{1, 2, 3}},
		{-1, 1, 4, 0, []float64{-1, -0.5, 0, 0.5, 1}},
		{3, 3, 4, 0, nil},
		{0, math.Inf(1), 4, 0, nil},
		{0, 1, 0, 0, nil},
	} {
		got, _ := linearTicks(c.lo, c.hi, c.count, c.least)
		same := slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })
		if !same {
			t.Errorf("linearTicks(%v, %v, %d, %v) = %v, want %v", c.lo, c.hi, c.count, c.least, got, c.want)
		}
	}
}

func TestLogTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		count  int
		want   []float64
	}{
		{-2, 1, 4, []float64{0.01, 0.1, 1, 10}},
		{-2, 0, 7, []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1}},
		{-12, 0, 5, []float64{1e-12, 1e-9, 1e-6, 1e-3, 1}},
		{-0.8, 0.1, 4, []float64{0.2, 0.5, 1}},
		{0, 0.1, 3, []float64{1, 1.1, 1.2}},
	} {
		got := logTicks(c.lo, c.hi, c.count)
		same := slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a/b-1) < 1e-12 })
		if !same {
			t.Errorf("logTicks(%v, %v, %d) = %v, want %v", c.lo, c.hi, c.count, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{FormatValue(0.93124), "0.9312"},
		{FormatValue(12.3456), "12.35"},
		{FormatValue(0), "0"},
		{FormatValue(54321), "54321"},
		{FormatValue(1.5e-5), "1.5e-5"},
		{FormatValue(-2e12), "-2e12"},
		{FormatValue(math.NaN()), "NaN"},
		{FormatValue(math.Inf(-1)), "-Inf"},
		{tickLabel(0.2, 0.2, 7), "0.2"},
		{tickLabel(1, 0.5, 7), "1.0"},
		{tickLabel(0.0001, 0, 7), "1e-4"},
		{tickLabel(2.5e-17, 1e-3, 7), "0"},
		{tickLabel(100, 0, 7), "100"},
		{tickLabel(-1.25e7, 0, 7), "-1.25e7"},
		{tickLabel(-1.2345e-12, 1e-16, 7), "-1e-12"},
		{tickLabel(0.005080321, 0, 7), "0.00508"},
		{xLabel(500, 100, 900), "500"},
		{xLabel(2000, 2000, 8000), "2k"},
		{xLabel(1500, 500, 2000), "1,500"},
		{xLabel(12000, 2000, 20000), "12k"},
		{xLabel(12500, 500, 20000), "12.5k"},
		{xLabel(0, 5000, 20000), "0"},
		{xLabel(12345, 5, 12360), "12,345"},
		{xLabel(3e6, 1e6, 4e6), "3M"},
		{xLabel(30e6, 1e7, 4e7), "30M"},
		{xLabel(2.5, 0.5, 3), "2.5"},
		{exactX(1234567, 1), "1,234,567"},
		{exactX(-1234.5, 0.1), "-1,234.5"},
		{exactX(-0.01, 1), "0"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func FuzzTicks(f *testing.F) {
	f.Add(0.0, 1.0, 5, false)
	f.Add(-5.0, 3.0, 4, true)
	f.Add(1e15, 1e15+1, 9, false)
	f.Add(-1e308, 1e308, 3, false)
	f.Add(1e-45, 2e-45, 3, false)
	f.Fuzz(func(t *testing.T, lo, hi float64, count int, log bool) {
		count %= 64
		var ticks []float64
		step := 0.0
		bottom, top := lo, hi
		if log {
			// The exponents of float32 and what is left beside them.
			lo, hi = math.Mod(lo, 50), math.Mod(hi, 50)
			ticks = logTicks(lo, hi, count)
			bottom, top = math.Pow(10, lo), math.Pow(10, hi)
		} else {
			ticks, step = linearTicks(lo, hi, count, 0)
		}
		if limit := 2*max(count, 0) + 3; len(ticks) > limit {
			t.Errorf("%d ticks in %v…%v, asked for %d", len(ticks), lo, hi, count)
		}
		slack := (top-bottom)*1e-6 + math.Abs(top)*1e-8
		for i, v := range ticks {
			if !(v >= bottom-slack && v <= top+slack) {
				t.Errorf("tick %v outside %v…%v", v, bottom, top)
			}
			if i > 0 && !(v > ticks[i-1]) {
				t.Errorf("tick %v after %v", v, ticks[i-1])
			}
			if s := tickLabel(v, step, labelWidth); len(s) > labelWidth {
				t.Errorf("label %q of %v is wider than %d", s, v, labelWidth)
			}
		}
	})
}
