package data

import (
	"os"
	"path/filepath"
	"testing"
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
