package sweep

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// BenchmarkHistory reads the whole history of 20 runs of 50,000 steps with
// three tasks through the socket, one after the other: what a screen needs
// before all curves are there.
func BenchmarkHistory(b *testing.B) {
	const runs, steps = 20, 50_000
	dir := b.TempDir()
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	tasks := []run.Task{{Name: "action"}, {Name: "emotion"}, {Name: "situation"}}
	for i := range runs {
		spec := run.Spec{ID: fmt.Sprint("run", i), Sweep: "bench", Model: "resnet18", Seed: uint64(i), Tasks: tasks}
		if _, err := st.Create(spec, time.Unix(int64(i), 0)); err != nil {
			b.Fatal(err)
		}
		events := make([]run.Event, steps)
		for k := range events {
			loss := 1 / float64(k+1)
			events[k] = run.Event{
				Time: time.Unix(int64(k), 0), Type: run.EventStep, Step: k + 1, Epoch: 1 + k/1000, LR: 1e-4, ImagesPerS: 100,
				Values: run.Values{{Key: "loss", V: 3 * loss}, {Key: "loss_action", V: loss}, {Key: "loss_emotion", V: loss}, {Key: "loss_situation", V: loss}},
			}
		}
		if err := st.Append(spec.ID, events); err != nil {
			b.Fatal(err)
		}
	}
	s, err := Serve(&Supervisor{Store: st}, ServerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	c, err := Dial(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for b.Loop() {
		for i := range runs {
			h, err := c.History(b.Context(), fmt.Sprint("run", i))
			if err != nil || len(h.Step) != steps {
				b.Fatalf("%d steps, %v", len(h.Step), err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/runs/1000, "ms/run")
}

// Whatever bytes come, reading them as a history ends with an error or with
// columns of one length.
func FuzzHistory(f *testing.F) {
	h := &recorded{seq: 9, columns: &store.Columns{
		Keys: []string{"loss", "loss_a"}, Seq: []int64{1, 2}, Time: []int64{1, 2}, Step: []int64{1, 2}, Epoch: []int64{1, 1},
		LR: []float64{1, 2}, ImagesPerS: []float64{3, 4}, DataWait: []float64{0, 1}, Values: [][]float64{{1, 2}, {3, math.NaN()}},
	}, n: 2, losses: []string{"loss_a", "loss_b"}, epochs: []run.Event{{V: 1, Type: run.EventEpoch}}}
	_, write, err := h.encode()
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:40])
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := decodeHistory(data)
		if err != nil {
			return
		}
		n := len(h.Step)
		for _, length := range []int{len(h.Epoch), len(h.LR), len(h.Loss), len(h.Speed), len(h.Wait)} {
			if length != n {
				t.Fatalf("columns of %d and %d points", n, length)
			}
		}
	})
}

func TestHistory(t *testing.T) {
	h := newHarness(t, wholeRun)
	newServer(t, h, ServerOptions{})
	h.submit(t, testSpec(t, "a", "resnet18", 1))
	h.wait(t)
	got, err := dial(t, h.dir()).History(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Step, []int32{1, 2, 3, 4}) || !slices.Equal(got.Epoch, []int32{1, 1, 2, 2}) ||
		!slices.Equal(got.Loss, []float64{4, 2, 4.0 / 3, 1}) || !slices.Equal(got.Speed, []float32{50, 50, 50, 50}) ||
		!slices.Equal(got.LR, []float64{0.1, 0.1, 0.1, 0.1}) || len(got.Wait) != 4 {
		t.Errorf("history %+v", got)
	}
	if len(got.Tasks) != 1 || len(got.Tasks[0]) != 4 || !math.IsNaN(got.Tasks[0][0]) {
		t.Errorf("losses of the tasks: %v", got.Tasks)
	}
	if len(got.Epochs) != 3 || got.Epochs[2].Split != run.Test || got.Epochs[2].Counts == nil {
		t.Errorf("epochs %+v", got.Epochs)
	}
	if got.Seq != h.record(t, "a").Seq {
		t.Errorf("last event %d", got.Seq)
	}
}
