package tui

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/internal/fake"
)

// at200 is an app at 200×50 on a client, its curves loaded.
func at200(tb testing.TB, c *fake.Client) *App {
	tb.Helper()
	a := New(tb.Context(), Options{Dial: func(context.Context) (sweep.Client, error) { return c, nil }, Now: fake.Noon})
	info, _ := c.Info(tb.Context())
	runs, _ := c.Runs(tb.Context())
	a.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	a.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI256})
	a.Update(linkedMsg{client: c, info: info, runs: runs, now: fake.Noon()})
	fillCurves(tb, a, c)
	return a
}

func fillCurves(tb testing.TB, a *App, c *fake.Client) {
	for range 40 {
		for _, e := range a.w.book.runs {
			if e.curves != nil && e.curves.loading {
				h, err := c.History(tb.Context(), e.ID)
				a.Update(historyMsg{link: 1, id: e.ID, history: h, err: err})
			}
		}
	}
}

// long is n runs of so many steps each, one launch, running.
func long(n, steps int) *fake.Client {
	models := []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"}
	var runs []fake.Run
	for i := range n {
		runs = append(runs, fake.Plan{
			ID: string(rune('a' + i)), Launch: "l", Sweep: "task02", Model: models[i%4], Seed: uint64(42 + i/4),
			State: run.Running, Epochs: 100, PerEpoch: max(1, steps/50), Steps: steps, Skill: 0.8,
			Started: fake.Noon().Add(-time.Hour), StepTime: time.Millisecond,
		}.Make())
	}
	return fake.New(runs...)
}

func BenchmarkFrame(b *testing.B) {
	for _, s := range []struct {
		name string
		keys []string
	}{{"runs", nil}, {"curves", []string{"enter"}}, {"crosshair", []string{"right", "left"}}, {"help", []string{"?"}}} {
		b.Run(s.name, func(b *testing.B) {
			c := long(12, 50_000)
			a := at200(b, c)
			for _, k := range s.keys {
				a.Update(key(k))
				fillCurves(b, a, c)
			}
			b.ReportAllocs()
			for b.Loop() {
				a.drawn, a.held = false, false
				a.draw(nil)
			}
		})
	}
}

// A batch of 100 steps into a run with 100,000 points, all its series.
func BenchmarkFoldBatch(b *testing.B) {
	c := long(1, 100_000)
	a := at200(b, c)
	e := a.w.book.runs[0]
	p := fake.Plan{ID: e.ID, Epochs: 100, PerEpoch: 2000, Started: fake.Noon(), StepTime: time.Millisecond}
	batch := make([]run.Event, 100)
	next := 100_000
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for i := range batch {
			next++
			batch[i] = p.Step(next)
			batch[i].Seq = e.Seq + 1 + int64(i)
		}
		b.StartTimer()
		a.w.book.fold(batch)
	}
}

// BenchmarkLoad is putting the recorded past of a run into its curves.
func BenchmarkLoad(b *testing.B) {
	c := long(1, 50_000)
	a := at200(b, c)
	e := a.w.book.runs[0]
	h, _ := c.History(b.Context(), e.ID)
	b.ReportAllocs()
	for b.Loop() {
		e.curves.fill(e, h, false)
	}
}

// BenchmarkMemory reports what the app holds of 200 runs of 50,000 steps after
// the cursor has been on each of them.
func BenchmarkMemory(b *testing.B) {
	const runs = 200
	made := fake.Plan{
		Launch: "l", Sweep: "task02", Model: "resnet18", State: run.Done, Epochs: 50, PerEpoch: 1000, Steps: 50_000,
		Skill: 0.7, Started: fake.Noon().Add(-time.Hour), StepTime: time.Millisecond,
	}.Make()
	var all []fake.Run
	for i := range runs {
		r := made
		r.Status.ID, r.Status.Seed = fmt.Sprint("r", i), uint64(i)
		r.Status.Launch = fmt.Sprint("l", i/4)
		all = append(all, r)
	}
	c := fake.New(all...)
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		a := at200(b, c)
		for range runs {
			a.Update(key("down"))
			fillCurves(b, a, c)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB")
		runtime.KeepAlive(a)
	}
}
