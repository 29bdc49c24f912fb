package kernel

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

func TestRunCallsEveryTaskOnce(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 8} {
		p := NewPool(workers)
		for _, tasks := range []int{0, 1, 2, 7, 1000} {
			counts := make([]atomic.Int32, tasks)
			p.Run(tasks, func(i int) { counts[i].Add(1) })
			for i := range counts {
				if n := counts[i].Load(); n != 1 {
					t.Fatalf("%d workers, %d tasks: task %d ran %d times", workers, tasks, i, n)
				}
			}
		}
		p.Close()
	}
}

func TestPoolIsSafeForManyCallers(t *testing.T) {
	p := NewPool(3)
	defer p.Close()
	var wait sync.WaitGroup
	for c := range 4 {
		wait.Go(func() {
			y, x := make([]float32, 50000), make([]float32, 50000)
			for i := range x {
				x[i] = float32(c + i)
			}
			for range 50 {
				p.Add(y, x, x)
				if y[49999] != 2*x[49999] {
					t.Error("the calls of two goroutines mixed")
					return
				}
			}
		})
	}
	wait.Wait()
}

// passes runs every kernel once on shapes of several tasks and returns all results.
func passes(p *Pool) [][]float32 {
	r := rand.New(rand.NewPCG(5, 6))
	var out [][]float32
	result := func(n int) []float32 {
		b := make([]float32, n)
		out = append(out, b)
		return b
	}
	for _, s := range []ConvShape{
		{N: 3, H: 15, W: 14, C: 24, O: 40, KH: 3, KW: 3, Stride: 1, Pad: 1, Groups: 1},
		{N: 3, H: 15, W: 14, C: 24, O: 40, KH: 3, KW: 3, Stride: 2, Pad: 1, Groups: 2},
		{N: 8, H: 28, W: 28, C: 24, O: 16, KH: 1, KW: 1, Stride: 1, Groups: 1},
		{N: 3, H: 15, W: 14, C: 100, O: 100, KH: 5, KW: 5, Stride: 1, Pad: 2, Groups: 100},
	} {
		x, w, dy := random(r, s.InputLen()), random(r, s.WeightLen()), random(r, s.OutputLen())
		p.ConvForward(result(len(dy)), x, w, nil, s)
		p.ConvInputGrad(result(len(x)), dy, w, s)
		p.ConvWeightGrad(result(len(w)), x, dy, s)
	}
	const rows, C = 2000, 70
	x, dy, gamma, beta := random(r, rows*C), random(r, rows*C), random(r, C), random(r, C)
	stats, sums := result(2*C), result(2*C)
	p.BatchStats(stats, x, rows, C)
	p.BatchNormForward(result(rows*C), x, stats, gamma, beta, 1e-5, rows, C)
	p.BatchNormReduce(sums, x, dy, stats, 1e-5, rows, C)
	p.BatchNormInputGrad(result(rows*C), dy, x, stats, gamma, sums, 1e-5, rows, C)
	swished := BatchNorm{Stats: stats, Gamma: gamma, Beta: beta, Eps: 1e-5, Then: Swished, Rows: rows, Cols: C}
	p.BatchNormActivate(result(rows*C), x, swished)
	p.BatchNormSiLUGrad(result(rows*C), dy, x, swished)
	p.BatchNormReLUReduce(result(2*C), x, dy, swished)
	p.BatchNormReLUInputGrad(result(rows*C), dy, x, sums, swished)
	p.LayerNormForward(result(rows*C), x, gamma, beta, 1e-6, rows, C)
	p.LayerNormInputGrad(result(rows*C), dy, x, gamma, 1e-6, rows, C)
	p.LayerNormParamGrad(result(2*C), dy, x, 1e-6, rows, C)
	p.SumRows(result(C), x, rows, C)
	p.GELU(result(rows*C), x)
	p.SiLUGrad(result(rows*C), dy, x)
	p.LayerScaleGammaGrad(result(C), dy, x, rows, C)
	p.ChannelScaleGateGrad(result(20*C), dy, x, 20, rows/20, C)
	p.AdamW(result(rows*C), result(rows*C), result(rows*C), x, AdamW{LR: 1e-3, Beta1: .9, Beta2: .999, Eps: 1e-8, Step: 1})
	return out
}

func TestWorkersDoNotChangeBits(t *testing.T) {
	for _, set := range available() {
		var want [][]float32
		for _, workers := range []int{1, 2, 3, 5} {
			p := newPool(workers, set)
			got := passes(p)
			p.Close()
			if want == nil {
				want = got
			}
			for i := range want {
				if !slices.Equal(got[i], want[i]) {
					t.Errorf("%s: result %d differs between 1 and %d workers", set.name, i, workers)
				}
			}
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	s := ConvShape{N: 2, H: 9, W: 9, C: 16, O: 16, KH: 3, KW: 3, Stride: 1, Pad: 1, Groups: 1}
	x, w := make([]float32, s.InputLen()), make([]float32, s.WeightLen())
	y, dw := make([]float32, s.OutputLen()), make([]float32, s.WeightLen())
	stats := make([]float32, 2*s.C)
	rows := len(x) / s.C
	step := func() {
		p.ConvForward(y, x, w, nil, s)
		p.ConvInputGrad(x, y, w, s)
		p.ConvWeightGrad(dw, x, y, s)
		p.BatchStats(stats, x, rows, s.C)
		p.BatchNormForward(y, x, stats, stats, stats, 1e-5, rows, s.C)
		p.SiLU(y, x)
		p.AdamW(w, dw, dw, dw, AdamW{Step: 1})
	}
	for range 20 { // every worker's memory grows to what it needs
		step()
	}
	if n := testing.AllocsPerRun(50, step); n != 0 {
		t.Errorf("%v allocations a step, want none", n)
	}
}
