package store

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// start is the time at which the tests' runs begin.
var start = time.Date(2026, 3, 4, 5, 6, 7, 8, time.UTC)

// openTest opens a writable store in a folder of the test and verifies the file
// when the test ends.
func openTest(t testing.TB) *Store {
	t.Helper()
	return openIn(t, t.TempDir())
}

func openIn(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir, Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		verifyFile(t, dir)
	})
	return s
}

// verifyFile reports what is wrong with a store nobody has open.
func verifyFile(t testing.TB, dir string) {
	t.Helper()
	s, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Errorf("verify: %v", err)
		return
	}
	defer s.Close()
	problems, err := s.Verify(context.Background(), nil)
	if err != nil {
		t.Errorf("verify: %v", err)
	}
	for _, p := range problems {
		t.Errorf("verify: %s", p)
	}
}

// specOf is a run with two tasks of three and two classes.
func specOf(id string) run.Spec {
	return run.Spec{
		ID: id, Sweep: "task02", Model: "resnet18", Seed: 42, Head: run.HeadMulti,
		Tasks:  []run.Task{{Name: "action", Classes: []string{"걷기", "앉기", "눕기"}}, {Name: "emotion", Classes: []string{"편안", "공포"}}},
		Epochs: 30, BestMetric: "macro_f1", ConfigDigest: "c0ffee", Version: "test",
	}
}

func create(t testing.TB, s *Store, id string) {
	t.Helper()
	if _, err := s.Create(specOf(id), start); err != nil {
		t.Fatal(err)
	}
}

func stepEvent(step int) run.Event {
	x := float64(step)
	return run.Event{
		Type: run.EventStep, Time: start.Add(time.Duration(step) * 37 * time.Millisecond),
		Step: step, Epoch: 1 + step/100, LR: 5e-5 * (1 - x/1e6), ImagesPerS: 1000 + math.Sin(x), DataWait: 0.01,
		Values: run.Values{{Key: "loss", V: 3 / (1 + x)}, {Key: "loss_action", V: 2 / (1 + x)}, {Key: "loss_emotion", V: 1 / (1 + x)}},
	}
}

func epochEvent(epoch int, split string) run.Event {
	return run.Event{
		Type: run.EventEpoch, Time: start.Add(time.Duration(epoch) * time.Minute), Epoch: epoch, Step: 100 * epoch, Split: split,
		Values: run.Values{{Key: "loss", V: math.Inf(1)}, {Key: "macro_f1", V: 0.5}, {Key: "f1_emotion", V: math.NaN()}},
		Counts: &run.Counts{
			Images: 4,
			Tasks: []run.TaskCounts{
				{Classes: 3, Confusion: []int64{1, 0, 0, 0, 1, 0, 1, 0, 1}, Loss: 0.25},
				{Classes: 2, Confusion: []int64{2, 0, 2, 0}, Loss: math.NaN()},
			},
			Matched: []int64{0, 3, 1},
		},
	}
}

func bestEvent(id string, epoch int, value float64) *run.Event {
	return &run.Event{
		Run: id, Type: run.EventBest, Time: start, Epoch: epoch, Metric: "macro_f1", Value: value,
		Values: run.Values{{Key: "macro_f1", V: value}}, File: fmt.Sprintf("best-%d.safetensors", epoch),
	}
}

func logEvent(format string, args ...any) run.Event {
	return run.Event{Type: run.EventLog, Time: start, Message: fmt.Sprintf(format, args...)}
}

// randomBytes returns n bytes that depend on the seed alone.
func randomBytes(seed uint64, n int) []byte {
	var key [32]byte
	key[0], key[1], key[2], key[3] = byte(seed), byte(seed>>8), byte(seed>>16), byte(seed>>24)
	b := make([]byte, n)
	rand.NewChaCha8(key).Read(b)
	return b
}

// mustAppend appends and fails the test on an error.
func mustAppend(t testing.TB, s *Store, id string, events ...run.Event) []run.Event {
	t.Helper()
	if err := s.Append(id, events); err != nil {
		t.Fatal(err)
	}
	return events
}
