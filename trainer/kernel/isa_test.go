package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// TestLayoutsAssemblyReads pins the offsets that the generated code was written for.
func TestLayoutsAssemblyReads(t *testing.T) {
	var m microTile
	var d macDims
	var w macRowDims
	var c adamwConsts
	for i, c := range []struct {
		name      string
		got, want uintptr
	}{
		{"microTile.k", unsafe.Offsetof(m.k), 0},
		{"microTile.a", unsafe.Offsetof(m.a), 8},
		{"microTile.ars", unsafe.Offsetof(m.ars), 32},
		{"microTile.aks", unsafe.Offsetof(m.aks), 40},
		{"microTile.b", unsafe.Offsetof(m.b), 48},
		{"microTile.c", unsafe.Offsetof(m.c), 72},
		{"microTile.ldc", unsafe.Offsetof(m.ldc), 96},
		{"microTile.bias", unsafe.Offsetof(m.bias), 104},
		{"microTile.rows", unsafe.Offsetof(m.rows), 128},
		{"microTile.cols", unsafe.Offsetof(m.cols), 136},
		{"microTile.accumulate", unsafe.Offsetof(m.accumulate), 144},
		{"macDims.rows", unsafe.Offsetof(d.rows), 0},
		{"macDims.cols", unsafe.Offsetof(d.cols), 8},
		{"macDims.a0", unsafe.Offsetof(d.a0), 16},
		{"macDims.aRow", unsafe.Offsetof(d.aRow), 24},
		{"macDims.aCol", unsafe.Offsetof(d.aCol), 32},
		{"macDims.b0", unsafe.Offsetof(d.b0), 40},
		{"macDims.bRow", unsafe.Offsetof(d.bRow), 48},
		{"macDims.bCol", unsafe.Offsetof(d.bCol), 56},
		{"macDims.images", unsafe.Offsetof(d.images), 64},
		{"macDims.aImage", unsafe.Offsetof(d.aImage), 72},
		{"macDims.bImage", unsafe.Offsetof(d.bImage), 80},
		{"macRowDims.pixels", unsafe.Offsetof(w.pixels), 0},
		{"macRowDims.rows", unsafe.Offsetof(w.rows), 8},
		{"macRowDims.cols", unsafe.Offsetof(w.cols), 16},
		{"macRowDims.a0", unsafe.Offsetof(w.a0), 24},
		{"macRowDims.aPixel", unsafe.Offsetof(w.aPixel), 32},
		{"macRowDims.aRow", unsafe.Offsetof(w.aRow), 40},
		{"macRowDims.aCol", unsafe.Offsetof(w.aCol), 48},
		{"macRowDims.b0", unsafe.Offsetof(w.b0), 56},
		{"macRowDims.bRow", unsafe.Offsetof(w.bRow), 64},
		{"macRowDims.bCol", unsafe.Offsetof(w.bCol), 72},
		{"macRowDims.yPixel", unsafe.Offsetof(w.yPixel), 80},
		{"macRowDims.pixel", unsafe.Offsetof(w.pixel), 88},
		{"macRowDims.left", unsafe.Offsetof(w.left), 96},
		{"adamwConsts.keep", unsafe.Offsetof(c.keep), 0},
		{"adamwConsts.mix1", unsafe.Offsetof(c.mix1), 4},
		{"adamwConsts.beta2", unsafe.Offsetof(c.beta2), 8},
		{"adamwConsts.mix2", unsafe.Offsetof(c.mix2), 12},
		{"adamwConsts.step", unsafe.Offsetof(c.step), 16},
		{"adamwConsts.invRoot2", unsafe.Offsetof(c.invRoot2), 20},
		{"adamwConsts.eps", unsafe.Offsetof(c.eps), 24},
	} {
		if unsafe.Sizeof(uintptr(0)) != 8 {
			t.Skip("no assembly on a 32-bit machine")
		}
		if c.got != c.want {
			t.Errorf("%d: %s is at %d, the assembly reads %d", i, c.name, c.got, c.want)
		}
	}
}

// TestFunctionsAgainstTwins compares every inner loop of a table with that of
// the generic one: all lengths that an edge can have, fences around all operands.
func TestFunctionsAgainstTwins(t *testing.T) {
	for _, set := range available()[:len(available())-1] {
		t.Run(set.name, func(t *testing.T) {
			for n := range 131 {
				compareTwins(t, set, n)
				if t.Failed() {
					t.Fatalf("at length %d", n)
				}
			}
		})
	}
}

func compareTwins(t *testing.T, set *isa, n int) {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	const rows = 5
	in := func(n int) []float32 {
		x := random(r, n)
		for i := range x {
			x[i] *= 4
		}
		return fencedCopy(t, x)
	}
	// both runs f on the two tables with equal initial outputs.
	both := func(name string, size int, f func(s *isa, out []float32)) {
		t.Helper()
		start := in(size)
		got, check := guarded(t, size)
		copy(got, start)
		want := append([]float32{}, start...)
		f(set, got)
		f(generic(), want)
		check()
		for i := range want {
			if d := math.Abs(float64(got[i] - want[i])); !(d <= 1.5e-5*max(1, math.Abs(float64(want[i])))) {
				t.Errorf("%s: element %d is %v, want %v", name, i, got[i], want[i])
				return
			}
		}
	}
	a, b, c, d, e := in(rows*n), in(rows*n), in(n), in(n), in(n)

	for name, f := range map[string]func(s *isa) func(y, x []float32){
		"relu":    func(s *isa) func(y, x []float32) { return s.relu },
		"sigmoid": func(s *isa) func(y, x []float32) { return s.sigmoid },
		"silu":    func(s *isa) func(y, x []float32) { return s.silu },
		"gelu":    func(s *isa) func(y, x []float32) { return s.gelu },
	} {
		both(name, n, func(s *isa, out []float32) { f(s)(out, c) })
	}
	for name, f := range map[string]func(s *isa) func(y, a, b []float32){
		"add":         func(s *isa) func(y, a, b []float32) { return s.add },
		"maximum":     func(s *isa) func(y, a, b []float32) { return s.maximum },
		"reluGrad":    func(s *isa) func(y, a, b []float32) { return s.reluGrad },
		"sigmoidGrad": func(s *isa) func(y, a, b []float32) { return s.sigmoidGrad },
		"siluGrad":    func(s *isa) func(y, a, b []float32) { return s.siluGrad },
		"geluGrad":    func(s *isa) func(y, a, b []float32) { return s.geluGrad },
	} {
		both(name, n, func(s *isa, out []float32) { f(s)(out, c, d) })
	}
	rest := in(n)
	both("takeEqual", 2*n, func(s *isa, out []float32) {
		top := append([]float32{}, c...)
		for i := 0; i < n; i += 3 {
			top[i]++
		}
		copy(out[n:], rest)
		s.takeEqual(out[:n], out[n:], c, top)
	})
	both("adamw", 3*n, func(s *isa, out []float32) {
		for i := range n {
			out[2*n+i] *= out[2*n+i]
		}
		s.adamw(out[:n], out[n:2*n], out[2*n:], c, &adamwConsts{.99, .1, .999, .001, .01, 2, 1e-8})
	})

	both("copyRows", rows*(n+2), func(s *isa, out []float32) {
		if n > 0 {
			s.copyRows(out, a, rows, n-n/3, n+2, n)
		}
	})
	panels := n / set.nr
	both("copyPanels", rows*panels*set.nr, func(s *isa, out []float32) {
		if s == set {
			s.copyPanels(out, a, rows, panels, rows*s.nr, n)
			return
		}
		for p := range panels {
			s.copyRows(out[p*rows*set.nr:], a[p*set.nr:], rows, set.nr, set.nr, n)
		}
	})
	block := in(32 * n)
	for _, width := range []int{1, 8, 13, 32} {
		if n >= 8 {
			both("transpose", 32*n, func(s *isa, out []float32) {
				s.transpose(out, block[:width*n], width, n, 32, n)
				for k := range n {
					clear(out[k*32+width : k*32+32])
				}
			})
		}
	}

	both("affineRows", rows*n, func(s *isa, out []float32) { s.affineRows(out, a, c, d, e, rows) })
	both("normGradRows", rows*n, func(s *isa, out []float32) { s.normGradRows(out, a, b, c, d, e, c, rows) })
	for then := range Activation(activations) {
		name := fmt.Sprint(then)
		both("affine "+name, rows*n, func(s *isa, out []float32) { s.affine[then](out, a, c, d, e, rows) })
		both("affineAdd "+name, rows*n, func(s *isa, out []float32) { s.affineAdd[then](out, a, b, c, d, e, rows) })
	}
	both("affineSiLUGrad", rows*n, func(s *isa, out []float32) { s.affineSiLUGrad(out, a, b, c, d, e, rows) })
	both("dotDevReLU", 2*n, func(s *isa, out []float32) { s.dotDevReLU(out[:n], out[n:], a, b, c, d, e, rows) })
	both("normGradReLU", rows*n, func(s *isa, out []float32) { s.normGradReLU(out, a, b, c, d, e, c, d, rows) })
	both("scaleRows", rows*n, func(s *isa, out []float32) { s.scaleRows(out, a, c, rows) })
	both("sumRows", n, func(s *isa, out []float32) { s.sumRows(out, a, rows) })
	both("devRows", 2*n, func(s *isa, out []float32) { s.devRows(out[:n], out[n:], a, c, rows) })
	both("dotDevRows", 2*n, func(s *isa, out []float32) { s.dotDevRows(out[:n], out[n:], a, b, c, rows) })
	both("dotRows", n, func(s *isa, out []float32) { s.dotRows(out, a, b, rows) })
	if n > 0 {
		both("layerNormRows", rows*n, func(s *isa, out []float32) { s.layerNormRows(out, a, c, d, 1e-2, rows) })
		both("layerNormGradRows", rows*n, func(s *isa, out []float32) { s.layerNormGradRows(out, a, b, c, 1e-2, rows) })
		both("layerNormParamRows", 2*n, func(s *isa, out []float32) { s.layerNormParamRows(out[:n], out[n:], a, b, 1e-2, rows) })
	}

	// Two images of 3×2, the second operand walked backwards; empty ranges too.
	wide := in(24 * (n + 3))
	step := n + 3
	for _, size := range [][3]int{{2, 3, 2}, {1, 1, 1}, {0, 3, 2}, {2, 0, 2}, {2, 3, 0}} {
		both(fmt.Sprint("mac ", size), n, func(s *isa, out []float32) {
			s.mac(out, c, wide, wide, &macDims{
				images: size[0], rows: size[1], cols: size[2],
				a0: 1, aImage: 12 * step, aRow: 4 * step, aCol: step,
				b0: 11 * step, bImage: 11 * step, bRow: -4 * step, bCol: -2 * step,
			})
		})
	}
}

// TestMacRowsAgainstTwins does so for all groups of pixels and edges of channels.
func TestMacRowsAgainstTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	for _, set := range available() {
		for group, run := range set.macRow {
			for _, n := range []int{1, 7, 8, 9, 16, 33, 50} {
				for pixels := group; pixels < 3*group; pixels++ {
					d := macRowDims{
						pixels: pixels, rows: 2, cols: 3, a0: 5, aPixel: 2 * n, aRow: 80 * n, aCol: n,
						b0: 6 * n, bRow: -3 * n, bCol: -n, yPixel: n + 1,
					}
					a, b, init := fencedCopy(t, random(r, 180*n)), fencedCopy(t, random(r, 7*n)), fencedCopy(t, random(r, n))
					got, check := guarded(t, (pixels-1)*(n+1)+n)
					want := garbage(len(got))
					genericMacRow(want, init, a, b, &d)
					run(got, init, a, b, &d)
					check()
					for p := range pixels {
						nearSum(t, fmt.Sprint(set.name, group, " pixel ", p), got[p*(n+1):][:n], want[p*(n+1):][:n], 6)
					}
				}
			}
		}
	}
}

// TestFunctionAccuracy holds the error bounds that the documentation states,
// against float64.
func TestFunctionAccuracy(t *testing.T) {
	phi := func(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
	density := func(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
	sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for _, set := range available() {
		for _, f := range []struct {
			name   string
			run    func(y, x []float32)
			exact  func(x float64) float64
			bound  float64 // of the error over max(|y|, floor)
			floor  float64
			sample float64
		}{
			{"sigmoid", set.sigmoid, sigmoid, 3e-7, 1e-30, 60},
			{"silu", set.silu, func(x float64) float64 { return x * sigmoid(x) }, 3e-7, 1e-30, 60},
			{"siluGrad", func(y, x []float32) { set.siluGrad(y, ones(len(x)), x) }, func(x float64) float64 {
				s := sigmoid(x)
				return s * (1 + x*(1-s))
			}, 4e-7, 1, 60},
			{"gelu", set.gelu, func(x float64) float64 { return x * phi(x) }, 4e-7, 0.1, 12},
			{"geluGrad", func(y, x []float32) { set.geluGrad(y, ones(len(x)), x) }, func(x float64) float64 {
				return phi(x) + x*density(x)
			}, 3e-7, 1, 12},
		} {
			const n = 40001
			x, y := make([]float32, n), make([]float32, n)
			for i := range x {
				x[i] = float32(f.sample * (2*float64(i)/(n-1) - 1))
			}
			f.run(y, x)
			worst, at := 0.0, 0
			for i, v := range x {
				want := f.exact(float64(v))
				if e := math.Abs(float64(y[i])-want) / max(math.Abs(want), f.floor); !(e <= worst) {
					worst, at = e, i
				}
			}
			t.Logf("%s %s: error %.2g at %v", set.name, f.name, worst, x[at])
			if !(worst <= f.bound) {
				t.Errorf("%s %s(%v) = %v, want %v: error %.2g, bound %.2g",
					set.name, f.name, x[at], y[at], f.exact(float64(x[at])), worst, f.bound)
			}
		}
	}
}

func ones(n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// TestNaNStays: a NaN must reach the loss, where training looks for it.
func TestNaNStays(t *testing.T) {
	nan := float32(math.NaN())
	for _, set := range available() {
		for name, f := range map[string]func(y, x []float32){
			"relu": set.relu, "sigmoid": set.sigmoid, "silu": set.silu, "gelu": set.gelu,
			"siluGrad": func(y, x []float32) { set.siluGrad(y, ones(1), x) },
			"geluGrad": func(y, x []float32) { set.geluGrad(y, ones(1), x) },
		} {
			y := []float32{1}
			if f(y, []float32{nan}); y[0] == y[0] {
				t.Errorf("%s %s(NaN) = %v", set.name, name, y[0])
			}
		}
	}
}
