package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"github.com/backbone-sweep/sweep/tui/theme"
)

// noisy returns a falling loss curve with noise of n points, smoothed when
// halfLife is positive.
func noisy(n int, seed uint64, halfLife float64) *Series {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &Series{}
	s.SetSmoothing(halfLife)
	for i := range n {
		s.Add(float64(i+1), 2*math.Exp(-5*float64(i)/float64(n)+0.3*r.NormFloat64())+0.01)
	}
	return s
}

func noisyChart(lines, points int, smooth bool) *Chart {
	th := theme.New(true, colorprofile.ANSI256)
	c := &Chart{Title: "loss", Log: true, Smooth: smooth}
	names := make([]string, lines)
	for i := range lines {
		names[i] = fmt.Sprintf("resnet%d", 18+i)
	}
	halfLife := 0.0
	if smooth {
		halfLife = 50
	}
	for i, style := range th.Runs(names) {
		c.Lines = append(c.Lines, Line{Label: names[i], Series: noisy(points, uint64(i), halfLife), Style: style})
	}
	return c
}

// BenchmarkAppend adds a batch of 100 points to a series of 100,000.
func BenchmarkAppend(b *testing.B) {
	for _, halfLife := range []float64{0, 50} {
		b.Run(fmt.Sprintf("smooth=%v", halfLife > 0), func(b *testing.B) {
			s := noisy(100_000, 1, halfLife)
			x, y := make([]float64, 100), make([]float64, 100)
			b.ReportAllocs()
			for b.Loop() {
				for i := range x {
					x[i], y[i] = float64(s.Len()+i+1), 1
				}
				s.Append(x, y)
				if s.Len() >= 200_000 {
					b.StopTimer()
					s.truncate(100_000)
					b.StartTimer()
				}
			}
		})
	}
}

// BenchmarkRender draws a frame of 200×50 from series of 100,000 points.
func BenchmarkRender(b *testing.B) {
	th := theme.New(true, colorprofile.ANSI256)
	for _, lines := range []int{4, 20} {
		for _, smooth := range []bool{false, true} {
			for _, zoom := range []float64{1, 100} {
				b.Run(fmt.Sprintf("lines=%d/smooth=%v/zoom=%g", lines, smooth, zoom), func(b *testing.B) {
					c := noisyChart(lines, 100_000, smooth)
					c.View = View{}.ZoomAt(c.Extent(), zoom, 50_000)
					b.ReportAllocs()
					size := 0
					for b.Loop() {
						size = len(c.Render(200, 50, th))
					}
					b.ReportMetric(float64(size), "bytes/frame")
				})
			}
		}
	}
}

// BenchmarkMemory reports what a point of a series takes, with what append keeps
// in reserve.
func BenchmarkMemory(b *testing.B) {
	for _, halfLife := range []float64{0, 50} {
		b.Run(fmt.Sprintf("smooth=%v", halfLife > 0), func(b *testing.B) {
			const n = 1_000_000
			for b.Loop() {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				s := noisy(n, 1, halfLife)
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "bytes/point")
				runtime.KeepAlive(s)
			}
		})
	}
}

// BenchmarkSetSmoothing recomputes the smoothed curve of 100,000 points.
func BenchmarkSetSmoothing(b *testing.B) {
	s := noisy(100_000, 1, 0)
	for i := 0; b.Loop(); i++ {
		s.SetSmoothing(float64(10 + i%2))
	}
}
