package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// report turns multiply-adds per call into GFLOP/s.
func report(b *testing.B, multiplyAdds int) {
	b.ReportMetric(2*float64(multiplyAdds)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func benchPool(b *testing.B) *Pool {
	p := NewPool(0)
	b.Cleanup(p.Close)
	b.ReportAllocs()
	return p
}

func BenchmarkGemm(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{512, 1024, 2048} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p := benchPool(b)
			x, y, z := random(r, n*n), random(r, n*n), make([]float32, n*n)
			for b.Loop() {
				p.Gemm(Gemm{M: n, N: n, K: n, A: RowMajor(x, n), B: RowMajor(y, n), C: RowMajor(z, n)})
			}
			report(b, n*n*n)
		})
	}
}

// hotConvs are the costly shapes of the four networks at 64 px, batch 16.
var hotConvs = []struct {
	name string
	ConvShape
}{
	{"resnet stem 7x7s2", ConvShape{N: 16, H: 64, W: 64, C: 3, O: 64, KH: 7, KW: 7, Stride: 2, Pad: 3, Groups: 1}},
	{"resnet 3x3 64@16", ConvShape{N: 16, H: 16, W: 16, C: 64, O: 64, KH: 3, KW: 3, Stride: 1, Pad: 1, Groups: 1}},
	{"resnet 3x3s2 128@16", ConvShape{N: 16, H: 16, W: 16, C: 64, O: 128, KH: 3, KW: 3, Stride: 2, Pad: 1, Groups: 1}},
	{"resnet 3x3 256@4", ConvShape{N: 16, H: 4, W: 4, C: 256, O: 256, KH: 3, KW: 3, Stride: 1, Pad: 1, Groups: 1}},
	{"resnet 3x3 512@2", ConvShape{N: 16, H: 2, W: 2, C: 512, O: 512, KH: 3, KW: 3, Stride: 1, Pad: 1, Groups: 1}},
	{"resnet50 1x1 64-256@16", ConvShape{N: 16, H: 16, W: 16, C: 64, O: 256, KH: 1, KW: 1, Stride: 1, Groups: 1}},
	{"resnet50 1x1 2048-512@2", ConvShape{N: 16, H: 2, W: 2, C: 2048, O: 512, KH: 1, KW: 1, Stride: 1, Groups: 1}},
	{"b4 1x1 24-144@32", ConvShape{N: 16, H: 32, W: 32, C: 24, O: 144, KH: 1, KW: 1, Stride: 1, Groups: 1}},
	{"b4 dw3x3 144@32", ConvShape{N: 16, H: 32, W: 32, C: 144, O: 144, KH: 3, KW: 3, Stride: 1, Pad: 1, Groups: 144}},
	{"b4 dw5x5 960@4", ConvShape{N: 16, H: 4, W: 4, C: 960, O: 960, KH: 5, KW: 5, Stride: 1, Pad: 2, Groups: 960}},
	{"convnext dw7x7 128@16", ConvShape{N: 16, H: 16, W: 16, C: 128, O: 128, KH: 7, KW: 7, Stride: 1, Pad: 3, Groups: 128}},
	{"convnext dw7x7 512@4", ConvShape{N: 16, H: 4, W: 4, C: 512, O: 512, KH: 7, KW: 7, Stride: 1, Pad: 3, Groups: 512}},
	{"convnext fc1 512-2048@4", ConvShape{N: 16, H: 4, W: 4, C: 512, O: 2048, KH: 1, KW: 1, Stride: 1, Groups: 1}},
	{"convnext fc2 2048-512@4", ConvShape{N: 16, H: 4, W: 4, C: 2048, O: 512, KH: 1, KW: 1, Stride: 1, Groups: 1}},
}

func BenchmarkConv(b *testing.B) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, c := range hotConvs {
		s := c.ConvShape
		x, w, dy := random(r, s.InputLen()), random(r, s.WeightLen()), random(r, s.OutputLen())
		y, dx, dw := make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(w))
		work := s.OutputLen() * s.KH * s.KW * s.C / s.Groups
		for _, pass := range []struct {
			name string
			run  func(p *Pool)
		}{
			{"forward", func(p *Pool) { p.ConvForward(y, x, w, nil, s) }},
			{"input", func(p *Pool) { p.ConvInputGrad(dx, dy, w, s) }},
			{"weight", func(p *Pool) { p.ConvWeightGrad(dw, x, dy, s) }},
		} {
			b.Run(c.name+"/"+pass.name, func(b *testing.B) {
				p := benchPool(b)
				for b.Loop() {
					pass.run(p)
				}
				report(b, work)
			})
		}
	}
}

// BenchmarkElements measures the kernels whose time is memory or arithmetic per
// element, on one activation of the first stage: 4096 rows of 256 channels.
func BenchmarkElements(b *testing.B) {
	const rows, C = 4096, 256
	r := rand.New(rand.NewPCG(11, 12))
	x, dy, y := random(r, rows*C), random(r, rows*C), make([]float32, rows*C)
	m, v := make([]float32, rows*C), make([]float32, rows*C)
	gamma, beta, stats, sums := random(r, C), random(r, C), make([]float32, 2*C), make([]float32, 2*C)
	for _, k := range []struct {
		name string
		run  func(p *Pool)
	}{
		{"Add", func(p *Pool) { p.Add(y, x, dy) }},
		{"ReLU", func(p *Pool) { p.ReLU(y, x) }},
		{"ReLUGrad", func(p *Pool) { p.ReLUGrad(y, dy, x) }},
		{"SiLU", func(p *Pool) { p.SiLU(y, x) }},
		{"SiLUGrad", func(p *Pool) { p.SiLUGrad(y, dy, x) }},
		{"GELU", func(p *Pool) { p.GELU(y, x) }},
		{"GELUGrad", func(p *Pool) { p.GELUGrad(y, dy, x) }},
		{"BatchStats", func(p *Pool) { p.BatchStats(stats, x, rows, C) }},
		{"BatchNormForward", func(p *Pool) { p.BatchNormForward(y, x, stats, gamma, beta, 1e-5, rows, C) }},
		{"BatchNormReduce", func(p *Pool) { p.BatchNormReduce(sums, x, dy, stats, 1e-5, rows, C) }},
		{"BatchNormInputGrad", func(p *Pool) { p.BatchNormInputGrad(y, dy, x, stats, gamma, sums, 1e-5, rows, C) }},
		{"LayerNormForward", func(p *Pool) { p.LayerNormForward(y, x, gamma, beta, 1e-6, rows, C) }},
		{"LayerNormInputGrad", func(p *Pool) { p.LayerNormInputGrad(y, dy, x, gamma, 1e-6, rows, C) }},
		{"LayerNormParamGrad", func(p *Pool) { p.LayerNormParamGrad(sums, dy, x, 1e-6, rows, C) }},
		{"SumRows", func(p *Pool) { p.SumRows(sums, x, rows, C) }},
		{"LayerScale", func(p *Pool) { p.LayerScale(y, x, gamma, rows, C) }},
		{"LayerScaleGammaGrad", func(p *Pool) { p.LayerScaleGammaGrad(sums, dy, x, rows, C) }},
		{"ChannelScaleGateGrad", func(p *Pool) { p.ChannelScaleGateGrad(y, dy, x, 16, rows/16, C) }},
		{"GlobalAvgPool", func(p *Pool) { p.GlobalAvgPool(y, x, 16, rows/16, C) }},
		{"MaxPool", func(p *Pool) { p.MaxPool(y, x, PoolShape{N: 16, H: 16, W: 16, C: C, Kernel: 3, Stride: 2, Pad: 1}) }},
		{"MaxPoolGrad", func(p *Pool) {
			p.MaxPoolGrad(y, dy, m, x, PoolShape{N: 16, H: 16, W: 16, C: C, Kernel: 3, Stride: 2, Pad: 1})
		}},
		{"AdamW", func(p *Pool) { p.AdamW(y, m, v, dy, AdamW{LR: 1e-4, Beta1: .9, Beta2: .999, Eps: 1e-8, Step: 5}) }},
	} {
		b.Run(k.name, func(b *testing.B) {
			p := benchPool(b)
			for b.Loop() {
				k.run(p)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(rows*C), "ns/element")
		})
	}
}
