package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// fakeLauncher starts scripts in place of processes.
type fakeLauncher struct {
	script func(w *fakeWorker) Exit

	mu      sync.Mutex
	workers []*fakeWorker
	err     error
}

func (l *fakeLauncher) Start(spec run.Spec) (Process, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return nil, l.err
	}
	r, out := io.Pipe()
	w := &fakeWorker{
		spec: spec, r: r, out: out,
		stop: make(chan struct{}), kill: make(chan struct{}), exit: make(chan Exit, 1),
		pid: 1<<22 + 1 + len(l.workers), // above every real pid
	}
	l.workers = append(l.workers, w)
	go func() {
		exit := l.script(w)
		w.out.Close()
		w.exit <- exit
	}()
	return w, nil
}

// fakeWorker is what a script sees of its worker, and the supervisor of its process.
type fakeWorker struct {
	spec run.Spec
	pid  int
	seq  int64
	r    *io.PipeReader
	out  *io.PipeWriter
	exit chan Exit
	stop chan struct{} // closed when asked to stop
	kill chan struct{} // closed when killed

	mu     sync.Mutex
	ack    int64
	stops  int
	killed bool
}

func (w *fakeWorker) Identity() run.Process { return run.Process{PID: w.pid, Start: 7} }
func (w *fakeWorker) Output() io.Reader     { return w.r }
func (w *fakeWorker) Wait() Exit            { return <-w.exit }

func (w *fakeWorker) Acknowledge(seq int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ack = seq
}

func (w *fakeWorker) acked() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ack
}

func (w *fakeWorker) Stop() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stops++; w.stops == 1 {
		close(w.stop)
	}
	return nil
}

func (w *fakeWorker) Kill() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.killed {
		w.killed = true
		close(w.kill)
	}
	return nil
}

// say writes an event with the next number.
func (w *fakeWorker) say(e run.Event) {
	w.seq++
	e.V, e.Seq, e.Time, e.Run = run.EventVersion, w.seq, time.Now().UTC(), w.spec.ID
	line, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	w.raw(string(line) + "\n")
}

func (w *fakeWorker) raw(s string) { _, _ = io.WriteString(w.out, s) }

func (w *fakeWorker) state(s run.State, reason string) {
	w.say(run.Event{Type: run.EventState, State: s, Reason: reason})
}

// begin says that the run prepares and then runs from this point on.
func (w *fakeWorker) begin(steps, step, epoch int) {
	w.state(run.Preparing, "")
	w.say(run.Event{
		Type: run.EventState, State: run.Running, Steps: steps, Step: step, Epoch: epoch,
		Provenance: &run.Provenance{ConfigDigest: "c", DataDigest: "d", Version: "test", Engine: "host", Device: "2 threads"},
	})
}

func (w *fakeWorker) step(step, epoch int) {
	w.say(run.Event{
		Type: run.EventStep, Step: step, Epoch: epoch, LR: 0.1, ImagesPerS: 50,
		Values: run.Values{{Key: "loss", V: 4 / float64(step)}},
	})
}

// epoch reports a validation result and, when it is the best, its checkpoint.
func (w *fakeWorker) epoch(epoch, step int, f1 float64, best bool) {
	w.say(run.Event{Type: run.EventEpoch, Split: run.Val, Epoch: epoch, Step: step, Values: testValues(f1), Counts: &run.Counts{Images: 4}})
	if best {
		w.best(epoch, f1)
	}
}

func (w *fakeWorker) best(epoch int, f1 float64) {
	name := fmt.Sprintf("best-%d.safetensors", epoch)
	if err := os.WriteFile(filepath.Join(w.spec.Dir, name), checkpoint(epoch), 0o600); err != nil {
		panic(err)
	}
	w.say(run.Event{Type: run.EventBest, Epoch: epoch, Metric: "macro_f1", Value: f1, File: name, Values: testValues(f1)})
}

// test reports the test result with its predictions.
func (w *fakeWorker) test(epoch int, f1 float64) {
	data, err := json.Marshal(run.Predictions{DataDigest: "d", Truth: [][]int32{{0, 1, 2, 0}}, Pred: [][]int32{{0, 1, 2, 1}}})
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile(filepath.Join(w.spec.Dir, "test.json"), data, 0o600); err != nil {
		panic(err)
	}
	w.say(run.Event{Type: run.EventEpoch, Split: run.Test, Epoch: epoch, Values: testValues(f1), Counts: &run.Counts{Images: 4}, File: "test.json"})
}

// finish trains two epochs of two steps from an epoch on and ends well.
func (w *fakeWorker) finish(from int) Exit {
	for epoch := from + 1; epoch <= 2; epoch++ {
		for step := 2*epoch - 1; step <= 2*epoch; step++ {
			w.step(step, epoch)
		}
		w.epoch(epoch, 2*epoch, 0.5+0.1*float64(epoch), true)
	}
	w.test(2, 0.69)
	w.state(run.Done, "")
	return Exit{}
}

// wholeRun is a script of a whole run.
func wholeRun(w *fakeWorker) Exit {
	w.begin(4, 0, 0)
	return w.finish(0)
}

func checkpoint(epoch int) []byte { return fmt.Appendf(nil, "weights of epoch %d", epoch) }

func testValues(f1 float64) run.Values {
	return run.Values{{Key: "loss", V: 1 - f1}, {Key: "macro_f1", V: f1}, {Key: "micro_f1", V: math.NaN()}}
}

func testTasks() []run.Task {
	return []run.Task{{Name: "행동", Classes: []string{"걷기", "눕기", "앉기"}}}
}

func testSpec(t *testing.T, id, model string, seed uint64) run.Spec {
	t.Helper()
	return run.Spec{
		ID: id, Sweep: "cats", Launch: "one", Model: model, Seed: seed, Head: run.HeadMulti, Tasks: testTasks(),
		BatchSize: 16, Epochs: 2, BestMetric: "macro_f1", Data: run.Data{ImageSize: 64},
		Dir: filepath.Join(t.TempDir(), "runs", id),
	}
}

// harness is a supervisor with a store of its own and all that it published.
type harness struct {
	*Supervisor
	launcher *fakeLauncher

	mu     sync.Mutex
	events []run.Event
}

func newHarness(t *testing.T, script func(w *fakeWorker) Exit) *harness {
	t.Helper()
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if problems, err := st.Verify(context.Background(), nil); err != nil || len(problems) > 0 {
			t.Errorf("the store does not verify: %v %v", problems, err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &harness{launcher: &fakeLauncher{script: script}}
	h.Supervisor = &Supervisor{Store: st, Launcher: h.launcher, Sinks: []func(run.Event){h.sink}}
	return h
}

func (h *harness) sink(e run.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

// published returns the events of a run so far, of one type or, with "", of all.
func (h *harness) published(id string, kind run.EventType) []run.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	var events []run.Event
	for _, e := range h.events {
		if e.Run == id && (kind == "" || e.Type == kind) {
			events = append(events, e)
		}
	}
	return events
}

func (h *harness) record(t *testing.T, id string) run.Record {
	t.Helper()
	r, err := h.Store.Run(id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (h *harness) submit(t *testing.T, specs ...run.Spec) {
	t.Helper()
	if err := h.Submit(specs); err != nil {
		t.Fatal(err)
	}
}

func (h *harness) wait(t *testing.T) {
	t.Helper()
	if err := h.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

var killed = Exit{Code: -1, Signal: syscall.SIGKILL}
