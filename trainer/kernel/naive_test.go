package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The plain versions of product and convolution, in float64.

func naiveGemm(g Gemm) []float32 {
	out := make([]float32, g.M*g.N)
	for i := range g.M {
		for j := range g.N {
			var sum float64
			if g.Accumulate {
				sum = float64(g.C.Data[i*g.C.Row+j])
			}
			if g.Bias != nil {
				sum += float64(g.Bias[j])
			}
			for k := range g.K {
				sum += float64(g.A.Data[i*g.A.Row+k*g.A.Col]) * float64(g.B.Data[k*g.B.Row+j*g.B.Col])
			}
			out[i*g.N+j] = float32(sum)
		}
	}
	return out
}

// naiveConv visits every product of the convolution: y[yi] gathers x[xi]*w[wi].
func naiveConv(s ConvShape, visit func(yi, xi, wi int)) {
	cg, og := s.C/s.Groups, s.O/s.Groups
	for n := range s.N {
		for oh := range s.OH() {
			for ow := range s.OW() {
				for o := range s.O {
					yi := ((n*s.OH()+oh)*s.OW()+ow)*s.O + o
					for kh := range s.KH {
						for kw := range s.KW {
							h, w := oh*s.Stride-s.Pad+kh, ow*s.Stride-s.Pad+kw
							if h < 0 || h >= s.H || w < 0 || w >= s.W {
								continue
							}
							for c := range cg {
								visit(yi, ((n*s.H+h)*s.W+w)*s.C+o/og*cg+c, ((kh*s.KW+kw)*cg+c)*s.O+o)
							}
						}
					}
				}
			}
		}
	}
}

func narrow(x []float64) []float32 {
	out := make([]float32, len(x))
	for i, v := range x {
		out[i] = float32(v)
	}
	return out
}

// nearSum fails unless every value is as near as a float32 sum of that many
// products of numbers below 1 can be.
func nearSum(t *testing.T, what string, got, want []float32, terms int) {
	t.Helper()
	for i, v := range want {
		if d := math.Abs(float64(got[i]) - float64(v)); !(d <= 1e-7*float64(terms+4)) {
			t.Fatalf("%s[%d] = %v, want %v", what, i, got[i], v)
		}
	}
}

func random(r *rand.Rand, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = 2*r.Float32() - 1
	}
	return out
}

// guarded is an output of n garbage values; check fails when one before them was
// written to. Nothing can be written past them, see fenced.
func guarded(t testing.TB, n int) (out []float32, check func()) {
	t.Helper()
	const mark = 12345.5
	out, before := fenced(t, n)
	for i := range before {
		before[i] = mark
	}
	return out, func() {
		t.Helper()
		for _, v := range before {
			if v != mark {
				t.Fatal("written before the output")
			}
		}
	}
}

// fencedCopy puts an input where nothing can be read past its end; what is read
// before it shows as NaN.
func fencedCopy(t testing.TB, x []float32) []float32 {
	t.Helper()
	if x == nil {
		return nil
	}
	out, _ := fenced(t, len(x))
	copy(out, x)
	return out
}

// checkGemm compares a product of random matrices, bias and strides with the
// plain sums.
func checkGemm(t *testing.T, p *Pool, r *rand.Rand, m, n, k int) {
	t.Helper()
	g := Gemm{M: m, N: n, K: k}
	view := func(rows, cols int) Matrix {
		rowMajor := r.IntN(2) == 0
		if !rowMajor {
			rows, cols = cols, rows
		}
		step := cols + r.IntN(3)
		v := Matrix{fencedCopy(t, random(r, max(0, (rows-1)*step+cols))), step, 1}
		if !rowMajor {
			return v.Transposed()
		}
		return v
	}
	g.A, g.B = view(m, k), view(k, n)
	step := n + r.IntN(3)
	c, check := guarded(t, (m-1)*step+n)
	g.C = Matrix{c, step, 1}
	if r.IntN(2) == 0 {
		g.Bias = fencedCopy(t, random(r, n))
	}
	if r.IntN(2) == 0 {
		g.Accumulate = true
		copy(c, random(r, len(c)))
	}
	want := naiveGemm(g)
	p.Gemm(g)
	check()
	got := make([]float32, 0, len(want))
	for i := range m {
		got = append(got, c[i*step:][:n]...)
	}
	nearSum(t, "C", got, want, k)
}

func TestGemmAgainstNaive(t *testing.T) {
	everyISA(t, func(t *testing.T, p *Pool) {
		r := rand.New(rand.NewPCG(1, 2))
		size := func() int {
			return []int{1, 2, 3, 7, 13, 14, 15, 16, 17, 31, 32, 33, 47, 64, 100, 270, 600}[r.IntN(17)]
		}
		for range 120 {
			m, n, k := size(), size(), size()
			if r.IntN(20) == 0 {
				k = 0
			}
			checkGemm(t, p, r, m, n, k)
		}
	})
}

func FuzzGemm(f *testing.F) {
	f.Add(uint64(1), uint8(1), uint8(1), uint16(1))
	f.Add(uint64(2), uint8(15), uint8(33), uint16(300))
	f.Add(uint64(3), uint8(200), uint8(7), uint16(0))
	f.Fuzz(func(t *testing.T, seed uint64, m, n uint8, k uint16) {
		if m == 0 || n == 0 || k > 1500 {
			t.Skip("an empty product, or a large one")
		}
		for _, set := range available() {
			checkGemm(t, newPool(1, set), rand.New(rand.NewPCG(seed, 0)), int(m), int(n), int(k))
		}
	})
}

// checkConv compares the three directions of a convolution with the plain sums.
func checkConv(t *testing.T, p *Pool, r *rand.Rand, s ConvShape) {
	t.Helper()
	x, w, dy := fencedCopy(t, random(r, s.InputLen())), fencedCopy(t, random(r, s.WeightLen())), fencedCopy(t, random(r, s.OutputLen()))
	var bias []float32
	y64, dx64, dw64 := make([]float64, len(dy)), make([]float64, len(x)), make([]float64, len(w))
	if r.IntN(2) == 0 {
		bias = fencedCopy(t, random(r, s.O))
		for i := range y64 {
			y64[i] = float64(bias[i%s.O])
		}
	}
	naiveConv(s, func(yi, xi, wi int) {
		y64[yi] += float64(x[xi]) * float64(w[wi])
		dx64[xi] += float64(dy[yi]) * float64(w[wi])
		dw64[wi] += float64(dy[yi]) * float64(x[xi])
	})
	y, checkY := guarded(t, len(dy))
	dx, checkDx := guarded(t, len(x))
	dw, checkDw := guarded(t, len(w))
	p.ConvForward(y, x, w, bias, s)
	p.ConvInputGrad(dx, dy, w, s)
	p.ConvWeightGrad(dw, x, dy, s)
	checkY()
	checkDx()
	checkDw()
	taps := s.KH * s.KW
	nearSum(t, "y", y, narrow(y64), taps*s.C/s.Groups)
	nearSum(t, "dx", dx, narrow(dx64), taps*s.O/s.Groups)
	nearSum(t, "dw", dw, narrow(dw64), s.N*s.OH()*s.OW())
}

// valid reports whether a shape is one, and small enough for the plain sums.
func (s ConvShape) valid() bool {
	return s.N > 0 && s.H > 0 && s.W > 0 && s.C > 0 && s.O > 0 && s.KH > 0 && s.KW > 0 && s.Stride > 0 && s.Pad >= 0 &&
		s.Groups > 0 && s.C%s.Groups == 0 && s.O%s.Groups == 0 &&
		s.H+2*s.Pad >= s.KH && s.W+2*s.Pad >= s.KW &&
		s.OutputLen()*s.KH*s.KW*s.C/s.Groups < 1<<21
}

func TestConvAgainstNaive(t *testing.T) {
	everyISA(t, func(t *testing.T, p *Pool) {
		r := rand.New(rand.NewPCG(3, 4))
		for tried := 0; tried < 150; {
			groups := []int{1, 1, 1, 2, 3, 5}[r.IntN(6)]
			s := ConvShape{
				N: 1 + r.IntN(3), H: 1 + r.IntN(12), W: 1 + r.IntN(12),
				C: groups * (1 + r.IntN(20)), O: groups * (1 + r.IntN(40)),
				KH: 1 + r.IntN(7), KW: 1 + r.IntN(7), Stride: 1 + r.IntN(4), Pad: r.IntN(4), Groups: groups,
			}
			if r.IntN(3) == 0 { // depthwise
				s.C = 1 + r.IntN(70)
				s.O, s.Groups = s.C, s.C
			}
			if !s.valid() {
				continue
			}
			tried++
			checkConv(t, p, r, s)
			if t.Failed() {
				t.Fatalf("shape %+v", s)
			}
		}
	})
}

func FuzzConv(f *testing.F) {
	f.Add(uint64(1), uint8(1), uint8(4), uint8(3), uint8(2), uint8(3), uint8(3), uint8(3), uint8(1), uint8(1), uint8(1))
	f.Add(uint64(2), uint8(1), uint8(5), uint8(3), uint8(2), uint8(2), uint8(2), uint8(2), uint8(2), uint8(0), uint8(1))
	f.Add(uint64(3), uint8(2), uint8(1), uint8(1), uint8(20), uint8(20), uint8(5), uint8(5), uint8(2), uint8(2), uint8(20))
	f.Fuzz(func(t *testing.T, seed uint64, n, h, w, c, o, kh, kw, stride, pad, groups uint8) {
		s := ConvShape{
			N: int(n), H: int(h), W: int(w), C: int(c), O: int(o), KH: int(kh), KW: int(kw),
			Stride: int(stride), Pad: int(pad), Groups: int(groups),
		}
		if !s.valid() || s.InputLen() > 1<<18 || s.WeightLen() > 1<<18 {
			t.Skip("no convolution, or a large one")
		}
		for _, set := range available() {
			p := newPool(1, set)
			checkConv(t, p, rand.New(rand.NewPCG(seed, 0)), s)
		}
	})
}
