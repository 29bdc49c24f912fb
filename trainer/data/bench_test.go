package data

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// BenchmarkLoad decodes a frame of the real data's size and squashes it to 224.
func BenchmarkLoad(b *testing.B) {
	name := filepath.Join(b.TempDir(), "frame.jpg")
	if err := os.WriteFile(name, jpegBytes(b, 1080, 1920), 0o600); err != nil {
		b.Fatal(err)
	}
	r := NewImageReader(224)
	px := make([]byte, imageBytes(224))
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Load(px, name); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "images/s")
}

// BenchmarkPrepare decodes frames of the real data's size into a cache of 224 px,
// and then makes the set for another split, which takes them over.
func BenchmarkPrepare(b *testing.B) {
	const videos, frames = 8, 8
	f := tree{}
	for v := range videos {
		f.add(b, fmt.Sprintf("A/v%d", v), goodVideo(fmt.Sprint("v", v), numbers(frames)...))
	}
	frame := string(jpegBytes(b, 1080, 1920))
	for name := range f {
		if strings.HasSuffix(name, ".jpg") {
			f[name] = frame
		}
	}
	d := run.Data{Dir: f.write(b), ImageSize: 224, FrequentOver: videos, Val: 0.2, Test: 0.2, Group: "image"}
	prepare := func(b *testing.B) {
		p, err := Prepare(b.Context(), d, testTasks(), nil)
		if err != nil {
			b.Fatal(err)
		}
		_ = p.Close()
	}
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			d.Prepared = b.TempDir()
			prepare(b)
		}
		b.ReportMetric(float64(b.N)*videos*frames/b.Elapsed().Seconds(), "images/s")
	})
	b.Run("take over", func(b *testing.B) {
		d.Prepared = b.TempDir()
		prepare(b)
		for b.Loop() {
			d.Seed++
			prepare(b)
		}
		b.ReportMetric(float64(b.N)*videos*frames/b.Elapsed().Seconds(), "images/s")
	})
}

func numbers(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = 6 * i
	}
	return out
}

// BenchmarkLoader walks a part in batches of 16 images of 224×224.
func BenchmarkLoader(b *testing.B) {
	const n = 256
	images := make([]Image, n)
	all := make([]int32, n)
	for i := range images {
		images[i].Labels, all[i] = []int32{}, int32(i)
	}
	p, err := NewMemory(224, nil, images, make([]byte, n*imageBytes(224)), map[Part][]int32{Train: all})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		l, err := p.NewLoader(b.Context(), LoaderOptions{Part: Train, Batch: 16, Shuffle: true, HFlip: true})
		if err != nil {
			b.Fatal(err)
		}
		if err := l.Each(func(*Batch) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "images/s")
}
