package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// memorySet has n images of 2×2 whose first byte is their number; every fourth
// is in val, the others in train.
func memorySet(t testing.TB, n int) *Prepared {
	t.Helper()
	px := make([]byte, n*12)
	images := make([]Image, n)
	parts := map[Part][]int32{Test: {}}
	for i := range n {
		px[i*12] = byte(i)
		images[i].Labels = []int32{int32(i % 3), int32(i % 5)}
		part := Train
		if i%4 == 3 {
			part = Val
		}
		parts[part] = append(parts[part], int32(i))
	}
	tasks := []run.Task{{Name: "a", Classes: []string{"x", "y", "z"}}, {Name: "b", Classes: []string{"1", "2", "3", "4", "5"}}}
	p, err := NewMemory(2, tasks, images, px, parts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// trace writes the batches of a pass down, and checks what always holds.
func trace(t *testing.T, p *Prepared, o LoaderOptions) []string {
	t.Helper()
	l, err := p.NewLoader(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	err = l.Each(func(b *Batch) error {
		var s strings.Builder
		for k, i := range b.Index {
			if b.Pixels[k][0] != byte(i) || b.Labels[0][k] != i%3 || b.Labels[1][k] != i%5 {
				t.Errorf("image %d came with pixels of %d and labels %d, %d", i, b.Pixels[k][0], b.Labels[0][k], b.Labels[1][k])
			}
			fmt.Fprintf(&s, "%d", i)
			if b.Flip[k] {
				s.WriteByte('f')
			}
			s.WriteByte(' ')
		}
		out = append(out, s.String())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestLoaderInOrder(t *testing.T) {
	p := memorySet(t, 20)
	got := trace(t, p, LoaderOptions{Part: Val, Batch: 2})
	if want := []string{"3 7 ", "11 15 ", "19 "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := trace(t, p, LoaderOptions{Part: Test, Batch: 2}); len(got) != 0 {
		t.Errorf("an empty part gave %q", got)
	}
}

func TestLoaderShuffles(t *testing.T) {
	p := memorySet(t, 100)
	o := LoaderOptions{Part: Train, Batch: 16, Seed: 42, Epoch: 3, Shuffle: true, HFlip: true}
	a := trace(t, p, o)
	if len(a) != 5 { // 75 images
		t.Errorf("%d batches, want 5", len(a))
	}
	slow := o
	slow.Ahead = 1
	if !slices.Equal(a, trace(t, p, slow)) {
		t.Error("the order depends on how far ahead is loaded")
	}
	seen := map[string]bool{}
	flips := 0
	for _, s := range a {
		for _, f := range strings.Fields(s) {
			seen[strings.TrimSuffix(f, "f")] = true
			flips += strings.Count(f, "f")
		}
	}
	if len(seen) != 75 {
		t.Errorf("%d different images in an epoch, want 75", len(seen))
	}
	if flips < 20 || flips > 55 {
		t.Errorf("%d of 75 images were mirrored", flips)
	}
	for name, change := range map[string]func(*LoaderOptions){
		"epoch": func(o *LoaderOptions) { o.Epoch = 4 },
		"seed":  func(o *LoaderOptions) { o.Seed = 43 },
	} {
		other := o
		change(&other)
		if slices.Equal(a, trace(t, p, other)) {
			t.Errorf("another %s gave the same batches", name)
		}
	}
	o.HFlip = false
	if s := strings.Join(trace(t, p, o), ""); strings.Contains(s, "f") {
		t.Error("images were mirrored without HFlip")
	} else if s != strings.ReplaceAll(strings.Join(a, ""), "f", "") {
		t.Error("flips change the order")
	}
}

func TestLoaderGoesOnInTheMiddle(t *testing.T) {
	p := memorySet(t, 100)
	o := LoaderOptions{Part: Train, Batch: 16, Seed: 42, Epoch: 3, Shuffle: true, HFlip: true}
	all := trace(t, p, o)
	for start := range 7 {
		o.Start = start
		if got := trace(t, p, o); !slices.Equal(got, all[min(start, len(all)):]) {
			t.Errorf("from batch %d: got %q, want %q", start, got, all[min(start, len(all)):])
		}
	}
}

// In a synctest bubble a goroutine that is left behind fails the test.
func TestLoaderEndsItsGoroutine(t *testing.T) {
	drain := func(l *Loader) (err error) {
		for range 10 { // what was ready may still come, then the end
			if _, err = l.Next(); err != nil {
				break
			}
		}
		return err
	}
	p := memorySet(t, 400)
	synctest.Test(t, func(t *testing.T) {
		l, err := p.NewLoader(t.Context(), LoaderOptions{Part: Train, Batch: 2})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Next(); err != nil {
			t.Fatal(err)
		}
		l.Close()
		l.Close()
		if err := drain(l); !errors.Is(err, context.Canceled) {
			t.Errorf("after Close: %v, want %v", err, context.Canceled)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		l, err := p.NewLoader(ctx, LoaderOptions{Part: Train, Batch: 2})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := drain(l); !errors.Is(err, context.Canceled) {
			t.Errorf("after the context's end: %v, want %v", err, context.Canceled)
		}
	})
}

func TestLoaderReportsChangedPixels(t *testing.T) {
	p := memorySet(t, 40)
	p.pixels[20*12+3] ^= 1 // image 20 is in train
	l, err := p.NewLoader(t.Context(), LoaderOptions{Part: Train, Batch: 5})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = l.Each(func(*Batch) error { n++; return nil })
	if e := (*CorruptError)(nil); !errors.As(err, &e) || n != 3 {
		t.Errorf("after %d batches: %v, want a *CorruptError after 3", n, err)
	}
}

func TestLoaderAllocatesNothingPerBatch(t *testing.T) {
	l, err := memorySet(t, 40_000).NewLoader(t.Context(), LoaderOptions{Part: Train, Batch: 16, Shuffle: true, HFlip: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	n := testing.AllocsPerRun(1000, func() {
		if _, err := l.Next(); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%.2f allocations a batch", n)
	}
}

func TestLoaderWaitTime(t *testing.T) {
	l, err := memorySet(t, 8).NewLoader(t.Context(), LoaderOptions{Part: Train, Batch: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	start := time.Now()
	for err == nil {
		_, err = l.Next()
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if w := l.Waited(); w < 0 || w > time.Since(start) {
		t.Errorf("waited %v of %v", w, time.Since(start))
	}
}

func TestLoaderRefusesNonsense(t *testing.T) {
	p := memorySet(t, 8)
	for _, o := range []LoaderOptions{
		{Part: Train}, {Part: Train, Batch: -1}, {Part: Train, Batch: 1, Start: -1}, {Part: "exam", Batch: 1},
	} {
		if _, err := p.NewLoader(t.Context(), o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
