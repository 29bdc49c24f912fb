package tui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/internal/fake"
)

// A program at 80×24 that shows four runs, eight steps a second each, must not
// send more than 1 kB/s on average.
func TestBytesSentWhileFourRunsStream(t *testing.T) {
	const seconds, perSecond, bound = 120, 8, 1000
	perMinute := stream(t, 80, 24, seconds, perSecond)
	total := 0
	for _, n := range perMinute {
		total += n
	}
	mean := total / seconds
	t.Logf("%d B/s on average; each 10 s: %v", mean, perMinute)
	if mean > bound {
		t.Errorf("%d B/s, want %d at most", mean, bound)
	}
}

// stream plays four runs for so many seconds and returns the bytes that the
// program sent in each 10 s, without its first frame.
func stream(t *testing.T, width, height, seconds, perSecond int) []int {
	t.Helper()
	var sent []int
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		now := func() time.Time { return fake.Noon().Add(time.Since(began)) }
		var plans []fake.Plan
		var runs []fake.Run
		for i, m := range []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"} {
			p := fake.Plan{
				ID: fmt.Sprint("r", i), Launch: "l", Sweep: "task02", Model: m, Seed: 42, State: run.Running,
				Epochs: 30, PerEpoch: 96, Steps: 600, Skill: 0.5 + 0.15*float64(i),
				Started: fake.Noon().Add(-75 * time.Second), StepTime: time.Second / time.Duration(perSecond),
			}
			plans = append(plans, p)
			runs = append(runs, p.Make())
		}
		client := fake.New(runs...)
		ctx, cancel := context.WithCancel(t.Context())
		app := New(ctx, Options{
			Dial: func(context.Context) (sweep.Client, error) { return client, nil }, Now: now,
		})
		out := &sink{}
		p := tea.NewProgram(
			app, tea.WithContext(ctx), tea.WithInput(nil), tea.WithOutput(out), tea.WithFPS(framesPerSecond),
			tea.WithWindowSize(width, height), tea.WithColorProfile(colorprofile.ANSI256), tea.WithoutSignalHandler(),
			tea.WithEnvironment([]string{"TERM=xterm-256color"}),
		)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = p.Run()
		}()
		time.Sleep(3 * time.Second)
		out.take()
		step := 600
		for s := range seconds {
			for range perSecond {
				step++
				for _, p := range plans {
					client.Emit(p.Step(step))
					if step%p.PerEpoch == 0 {
						client.Emit(p.Epoch(step/p.PerEpoch, run.Val))
					}
				}
				time.Sleep(time.Second / time.Duration(perSecond))
			}
			if (s+1)%10 == 0 {
				sent = append(sent, out.take())
			}
		}
		cancel()
		<-ended
		_ = client.Close()
		time.Sleep(time.Minute)
	})
	return sent
}

// sink counts what is written to it.
type sink struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(p)
}

func (s *sink) take() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.all.Len()
	if dump := os.Getenv("SWEEP_DUMP"); dump != "" {
		_ = os.WriteFile(dump, s.all.Bytes(), 0o600)
	}
	s.all.Reset()
	return n
}
