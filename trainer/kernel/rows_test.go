package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Sizes of several blocks and tasks, which the golden cases are too small for.
const (
	manyRows = 1100
	someCols = 37
)

func column(x []float32, j int) []float64 {
	var out []float64
	for i := j; i < len(x); i += someCols {
		out = append(out, float64(x[i]))
	}
	return out
}

func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, variance
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func TestBatchStatsKeepPrecisionFarFromZero(t *testing.T) {
	everyISA(t, func(t *testing.T, p *Pool) {
		for _, offset := range []float32{0, 100, -3000} {
			x := random(rand.New(rand.NewPCG(1, 1)), manyRows*someCols)
			for i := range x {
				x[i] += offset
			}
			stats := garbage(2 * someCols)
			p.BatchStats(stats, x, manyRows, someCols)
			for j := range someCols {
				mean, variance := moments(column(x, j))
				if d := math.Abs(float64(stats[j]) - mean); d > 1e-7*max(1, math.Abs(mean)) {
					t.Fatalf("mean of column %d around %v: %v, want %v", j, offset, stats[j], mean)
				}
				if d := math.Abs(float64(stats[someCols+j])/variance - 1); d > 1e-5 {
					t.Fatalf("variance of column %d around %v: %v, want %v", j, offset, stats[someCols+j], variance)
				}
			}
		}
	})
}

func TestColumnSumsOfManyBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const n = manyRows * someCols
	x, dy := random(r, n), random(r, n)
	everyISA(t, func(t *testing.T, p *Pool) {
		sum, product := garbage(someCols), garbage(someCols)
		p.SumRows(sum, x, manyRows, someCols)
		p.LayerScaleGammaGrad(product, dy, x, manyRows, someCols)
		stats, reduced := garbage(2*someCols), garbage(2*someCols)
		p.BatchStats(stats, x, manyRows, someCols)
		p.BatchNormReduce(reduced, x, dy, stats, 1e-5, manyRows, someCols)
		const images = 11
		mean, gate := garbage(images*someCols), garbage(images*someCols)
		p.GlobalAvgPool(mean, x, images, manyRows/images, someCols)
		p.ChannelScaleGateGrad(gate, dy, x, images, manyRows/images, someCols)

		for j := range someCols {
			a, b := column(x, j), column(dy, j)
			m, v := moments(a)
			check := func(what string, got float32, want float64) {
				t.Helper()
				if math.Abs(float64(got)-want) > 1e-4 {
					t.Fatalf("%s of column %d is %v, want %v", what, j, got, want)
				}
			}
			check("sum", sum[j], m*manyRows)
			check("sum of products", product[j], dot(a, b))
			mb, _ := moments(b)
			check("sum of dy", reduced[j], mb*manyRows)
			check("dy by normalised x", reduced[someCols+j], (dot(a, b)-m*mb*manyRows)/math.Sqrt(v+1e-5))
			const per = manyRows / images
			for i := range images {
				m, _ := moments(a[i*per : (i+1)*per])
				check("mean of an image", mean[i*someCols+j], m)
				check("gate gradient", gate[i*someCols+j], dot(a[i*per:(i+1)*per], b[i*per:(i+1)*per]))
			}
		}
	})
}

func TestMaxPoolAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	everyISA(t, func(t *testing.T, p *Pool) {
		for range 40 {
			s := PoolShape{N: 1 + r.IntN(2), H: 3 + r.IntN(9), W: 3 + r.IntN(9), C: 1 + r.IntN(40), Kernel: 2 + r.IntN(2), Stride: 1 + r.IntN(3)}
			s.Pad = r.IntN(s.Kernel/2 + 1)
			size := s.N * s.H * s.W * s.C
			x := make([]float32, size)
			for i := range x {
				x[i] = float32(r.IntN(5)) - 7 // few levels: many ties; all below zero
			}
			dy := random(r, s.N*s.OH()*s.OW()*s.C)
			wantY, wantDx := make([]float32, len(dy)), make([]float32, size)
			for i := range dy {
				c, q := i%s.C, i/s.C
				n, oh, ow := q/s.OW()/s.OH(), q/s.OW()%s.OH(), q%s.OW()
				best := -1
				for k := range s.Kernel * s.Kernel {
					h, w := oh*s.Stride-s.Pad+k/s.Kernel, ow*s.Stride-s.Pad+k%s.Kernel
					if h < 0 || h >= s.H || w < 0 || w >= s.W {
						continue
					}
					if at := ((n*s.H+h)*s.W+w)*s.C + c; best < 0 || x[at] > x[best] {
						best = at
					}
				}
				wantY[i] = x[best]
				wantDx[best] += dy[i]
			}
			y, checkY := guarded(t, len(dy))
			dx, checkDx := guarded(t, size)
			p.MaxPool(y, x, s)
			p.MaxPoolGrad(dx, dy, y, x, s)
			checkY()
			checkDx()
			near(t, "y", y, wantY, 0)
			near(t, "dx", dx, wantDx, 1e-6)
		}
	})
}

func TestNormalise(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	const H, W = 2, 3
	a, b := make([]byte, H*W*3), make([]byte, H*W*3)
	for i := range a {
		a[i], b[i] = byte(14*i), byte(255-14*i)
	}
	mean, std := [3]float64{0.485, 0.456, 0.406}, [3]float64{0.229, 0.224, 0.225}
	for _, flip := range [][]bool{nil, {false, true}} {
		y := garbage(2 * H * W * 3)
		p.Normalise(y, [][]byte{a, b}, flip, H, W)
		for i, img := range [][]byte{a, b} {
			for h := range H {
				for w := range W {
					from := w
					if flip != nil && flip[i] {
						from = W - 1 - w
					}
					for c := range 3 {
						want := (float64(img[(h*W+from)*3+c])/255 - mean[c]) / std[c]
						if got := y[((i*H+h)*W+w)*3+c]; math.Abs(float64(got)-want) > 1e-6 {
							t.Fatalf("flip %v: image %d, pixel (%d,%d), channel %d is %v, want %v", flip, i, h, w, c, got, want)
						}
					}
				}
			}
		}
	}
}
