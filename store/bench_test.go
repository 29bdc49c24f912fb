package store

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// BenchmarkAppend is one transaction of a batch of step events, as a supervisor
// does it a few times a second.
func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("steps=%d", n), func(b *testing.B) {
			s := openTest(b)
			create(b, s, "r1")
			events := make([]run.Event, n)
			for step := 0; b.Loop(); {
				for i := range events {
					step++
					events[i] = stepEvent(step)
				}
				mustAppend(b, s, "r1", events...)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}

// BenchmarkAppendBesideFreePages is BenchmarkAppend in a file with a gigabyte of
// free pages, the list of which each commit writes.
func BenchmarkAppendBesideFreePages(b *testing.B) {
	s := openTest(b)
	create(b, s, "r1")
	create(b, s, "big")
	data := randomBytes(1, 256<<20)
	for range 4 {
		putBest(b, s, "big", 1, data)
	}
	if err := s.Remove("big"); err != nil {
		b.Fatal(err)
	}
	st, err := s.Stats()
	if err != nil {
		b.Fatal(err)
	}
	step := 0
	for b.Loop() {
		step++
		mustAppend(b, s, "r1", stepEvent(step))
	}
	b.ReportMetric(mib(st.Free), "MiB-free")
}

func BenchmarkPutBest(b *testing.B) {
	for _, size := range []int{45 << 20, 90 << 20, 350 << 20} {
		b.Run(fmt.Sprintf("MiB=%d", size>>20), func(b *testing.B) {
			s := openTest(b)
			create(b, s, "r1")
			data := randomBytes(1, size)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				putBest(b, s, "r1", 1, data)
			}
		})
	}
}

func BenchmarkReadWeights(b *testing.B) {
	s := openTest(b)
	create(b, s, "r1")
	data := randomBytes(1, 90<<20)
	putBest(b, s, "r1", 1, data)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		w, err := s.OpenWeights("r1")
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, w.Reader()); n != w.Size || err != nil {
			b.Fatal(n, err)
		}
	}
}

// twenty makes twenty runs of 50,000 steps with three losses each.
func twenty(b *testing.B) (*Store, []string) {
	b.Helper()
	s := openTest(b)
	var ids []string
	for i := range 20 {
		id := fmt.Sprintf("r%02d", i)
		ids = append(ids, id)
		create(b, s, id)
		for step := 0; step < 50_000; {
			events := make([]run.Event, 5000)
			for k := range events {
				step++
				events[k] = stepEvent(step)
			}
			mustAppend(b, s, id, events...)
		}
	}
	return s, ids
}

// BenchmarkRead reads all steps of twenty runs of 50,000 steps.
func BenchmarkRead(b *testing.B) {
	s, ids := twenty(b)
	for name, read := range map[string]func(id string) (int, error){
		"columns": func(id string) (int, error) {
			c, err := s.Columns(id, 1)
			return c.Len(), err
		},
		"steps": func(id string) (n int, err error) {
			err = s.Steps(id, func(run.Event) error { n++; return nil })
			return n, err
		},
		"events": func(id string) (n int, err error) {
			err = s.Events(id, 1, func(run.Event) error { n++; return nil })
			return n, err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for _, id := range ids {
					if n, err := read(id); n != 50_000 || err != nil {
						b.Fatal(n, err)
					}
				}
			}
		})
	}
}

// BenchmarkRuns lists three hundred runs.
func BenchmarkRuns(b *testing.B) {
	s := openTest(b)
	for i := range 300 {
		spec := specOf(fmt.Sprintf("r%03d", i))
		spec.Config = string(bytes.Repeat([]byte("key: value\n"), 300))
		if _, err := s.Create(spec, start.Add(time.Duration(i)*time.Second)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if runs, err := s.Runs(); len(runs) != 300 || err != nil {
			b.Fatal(err)
		}
	}
}
