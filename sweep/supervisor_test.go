package sweep

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

func TestRunToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, wholeRun)
		spec := testSpec(t, "a", "resnet18", 42)
		h.submit(t, spec)
		h.wait(t)

		r := h.record(t, "a")
		if r.State != run.Done || r.Reason != "" || r.Epoch != 2 || r.Step != 4 || r.Steps != 4 {
			t.Errorf("record: %+v", r)
		}
		if r.Best == nil || *r.Best != (run.Best{Epoch: 2, Metric: "macro_f1", Value: 0.7}) {
			t.Errorf("best: %+v", r.Best)
		}
		if r.Provenance.DataDigest != "d" || r.Started.IsZero() || r.Ended.IsZero() || r.Process != (run.Process{}) {
			t.Errorf("record: %+v", r)
		}
		w, err := h.Store.OpenWeights("a")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(w.Reader()); err != nil || string(got) != string(checkpoint(2)) {
			t.Errorf("stored weights %q, %v", got, err)
		}
		if left, _ := filepath.Glob(filepath.Join(spec.Dir, "*")); len(left) > 0 {
			t.Errorf("files left behind: %v", left)
		}
		if p, err := h.Store.Predictions("a"); err != nil || p.DataDigest != "d" {
			t.Errorf("predictions %+v, %v", p, err)
		}

		events := h.published("a", "")
		var kinds []string
		for i, e := range events {
			kinds = append(kinds, string(e.Type))
			if e.Seq != int64(i+1) {
				t.Errorf("event %d has number %d", i+1, e.Seq)
			}
			if e.File != "" {
				t.Errorf("event %d still names file %s", e.Seq, e.File)
			}
		}
		want := "state state state step step epoch best step step epoch best epoch state"
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("published\n%s, want\n%s", got, want)
		}
		var stored int
		if err := h.Store.Events("a", 1, func(run.Event) error { stored++; return nil }); err != nil || stored != len(events) {
			t.Errorf("stored %d events, published %d, %v", stored, len(events), err)
		}
		if got := h.launcher.workers[0].acked(); got != 12 {
			t.Errorf("acknowledged %d, want 12", got)
		}
	})
}

// A best event must not be heard of before the store has the weights whole.
func TestBestIsStoredBeforeItIsPublished(t *testing.T) {
	h := newHarness(t, wholeRun)
	var missing []int
	h.Sinks = append(h.Sinks, func(e run.Event) {
		if e.Type != run.EventBest {
			return
		}
		m, err := h.Store.Best(e.Run)
		if err != nil || m.Epoch != e.Epoch || m.Seq != e.Seq {
			missing = append(missing, e.Epoch)
		}
	})
	h.submit(t, testSpec(t, "a", "resnet18", 42))
	h.wait(t)
	if len(missing) > 0 || len(h.published("a", run.EventBest)) != 2 {
		t.Errorf("bests published: %v, before they were stored: %v", h.published("a", run.EventBest), missing)
	}
}

// stoppable is a script that trains until it is asked to stop.
func stoppable(w *fakeWorker) Exit {
	w.begin(4, 0, 0)
	w.step(1, 1)
	w.step(2, 1)
	w.epoch(1, 2, 0.6, true)
	w.step(3, 2)
	select {
	case <-w.stop:
	case <-w.kill:
		return killed
	}
	w.step(4, 2)
	w.state(run.Stopped, "stopped")
	return Exit{Code: 130}
}

func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, stoppable)
		h.submit(t, testSpec(t, "a", "resnet18", 42), testSpec(t, "b", "resnet50", 42), testSpec(t, "c", "resnet50", 43))
		synctest.Wait()
		for _, id := range []string{"c", "a"} {
			if err := h.Stop(id); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.Stop("x"); !errors.Is(err, ErrNotHere) {
			t.Errorf("stop of a stranger: %v", err)
		}
		synctest.Wait()
		if r := h.record(t, "a"); r.State != run.Stopped || !strings.HasPrefix(r.Reason, "on request, the state is saved;") || r.Step != 4 {
			t.Errorf("a: %s %q step %d", r.State, r.Reason, r.Step)
		}
		if r := h.record(t, "b"); r.State != run.Running {
			t.Errorf("b: %s, want the next run to go on", r.State)
		}
		if r := h.record(t, "c"); r.State != run.Stopped || !strings.HasPrefix(r.Reason, "before it began;") {
			t.Errorf("c: %s %q", r.State, r.Reason)
		}
		if err := h.Stop("b"); err != nil {
			t.Fatal(err)
		}
		h.wait(t)
		var states []run.State
		for _, e := range h.published("a", run.EventState) {
			states = append(states, e.State)
		}
		if want := []run.State{run.Queued, run.Preparing, run.Running, run.Stopping, run.Stopped}; !slices.Equal(states, want) {
			t.Errorf("states of a: %v, want %v", states, want)
		}
	})
}

func TestInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, stoppable)
		h.submit(t, testSpec(t, "a", "resnet18", 42), testSpec(t, "b", "resnet50", 42))
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			synctest.Wait()
			cancel(errors.New("Ctrl-C"))
		}()
		if err := h.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		a, b := h.record(t, "a"), h.record(t, "b")
		if a.State != run.Interrupted || !strings.HasPrefix(a.Reason, "Ctrl-C, the state is saved; continue with: sweep runs resume a") {
			t.Errorf("a: %s %q", a.State, a.Reason)
		}
		if b.State != run.Interrupted || !strings.HasPrefix(b.Reason, "Ctrl-C, before the run began;") {
			t.Errorf("b: %s %q", b.State, b.Reason)
		}
		if code := ExitCode([]run.Record{a, b}); code != 130 {
			t.Errorf("exit code %d, want 130", code)
		}
		if err := h.Submit([]run.Spec{testSpec(t, "c", "resnet18", 1)}); !errors.Is(err, ErrEnding) {
			t.Errorf("submit after the interrupt: %v", err)
		}
		if c := h.record(t, "c"); c.State != run.Interrupted {
			t.Errorf("c: %s", c.State)
		}
	})
}

func TestKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, func(w *fakeWorker) Exit {
			w.begin(4, 0, 0)
			<-w.kill // deaf to polite requests
			return killed
		})
		h.submit(t, testSpec(t, "a", "resnet18", 42))
		synctest.Wait()
		h.Interrupt("Ctrl-C")
		synctest.Wait()
		if r := h.record(t, "a"); r.State != run.Stopping {
			t.Errorf("after the first request: %s", r.State)
		}
		h.Kill("Ctrl-C twice")
		h.wait(t)
		if r := h.record(t, "a"); r.State != run.Interrupted || !strings.HasPrefix(r.Reason, "Ctrl-C, at once;") {
			t.Errorf("%s %q", r.State, r.Reason)
		}
	})
}

func TestStopWhilePreparing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, func(w *fakeWorker) Exit {
			w.state(run.Preparing, "")
			<-w.stop
			w.begin(4, 0, 0) // the request crossed the start
			w.state(run.Stopped, "")
			return Exit{Code: 130}
		})
		h.submit(t, testSpec(t, "a", "resnet18", 42))
		synctest.Wait()
		h.Interrupt("Ctrl-C")
		h.wait(t)
		r := h.record(t, "a")
		if r.State != run.Interrupted || r.Steps != 4 {
			t.Errorf("%s, %d steps", r.State, r.Steps)
		}
		for _, e := range h.published("a", run.EventState) {
			if e.State == run.Running {
				t.Errorf("the run went back from stopping to running")
			}
		}
	})
}

func TestResume(t *testing.T) {
	tests := []struct {
		name        string
		step, epoch int // where the worker goes on
		steps       []int
		warning     string
	}{
		{"from the last epoch", 2, 1, []int{1, 2, 3, 4}, ""},
		{"from the start", 0, 0, []int{1, 2, 3, 4}, ""},
		{"in the epoch", 3, 1, []int{1, 2, 3, 4}, ""},
		{"past what is recorded", 6, 3, []int{1, 2, 3, 7, 8}, "was lost with the former supervisor: recorded are step 3 and epoch 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := true
				h := newHarness(t, func(w *fakeWorker) Exit {
					if first {
						first = false
						w.begin(4, 0, 0)
						w.step(1, 1)
						w.step(2, 1)
						w.epoch(1, 2, 0.6, true)
						w.step(3, 2)
						return killed
					}
					w.begin(4, tt.step, tt.epoch)
					last := 4
					if tt.step > 4 {
						last = 8
					}
					for step := tt.step + 1; step <= last; step++ {
						w.step(step, (step+1)/2)
						if step%2 == 0 {
							w.epoch(step/2, step, 0.5+float64(step)/20, true)
						}
					}
					w.test(last/2, 0.7)
					w.state(run.Done, "")
					return Exit{}
				})
				h.submit(t, testSpec(t, "a", "resnet18", 42))
				h.wait(t)
				if r := h.record(t, "a"); r.State != run.Failed {
					t.Fatalf("state %s before the resume", r.State)
				}
				if err := h.Resume("a"); err != nil {
					t.Fatal(err)
				}
				h.wait(t)
				if r := h.record(t, "a"); r.State != run.Done {
					t.Errorf("state %s %q", r.State, r.Reason)
				}
				if spec := h.launcher.workers[1].spec; !spec.Resume || spec.ID != "a" {
					t.Errorf("the worker was not asked to resume: %+v", spec)
				}
				var steps []int
				if err := h.Store.Steps("a", func(e run.Event) error { steps = append(steps, e.Step); return nil }); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(steps, tt.steps) {
					t.Errorf("recorded steps %v, want %v", steps, tt.steps)
				}
				warnings := h.published("a", run.EventWarning)
				if (len(warnings) > 0) != (tt.warning != "") || (len(warnings) > 0 && !strings.Contains(warnings[0].Message, tt.warning)) {
					t.Errorf("warnings %v, want %q", warnings, tt.warning)
				}
				for i, e := range h.published("a", "") {
					if e.Seq != int64(i+1) {
						t.Errorf("event %d has number %d", i+1, e.Seq)
					}
				}
			})
		})
	}
}

func TestResumeRefused(t *testing.T) {
	h := newHarness(t, wholeRun)
	h.submit(t, testSpec(t, "a", "resnet18", 42))
	h.wait(t)
	if err := h.Resume("a"); !errors.Is(err, ErrNotResumable) {
		t.Errorf("of a finished run: %v", err)
	}
	if err := h.Resume("z"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of no run: %v", err)
	}
	// A worker that outlived its supervisor still writes its state.
	if _, err := h.Store.Create(testSpec(t, "b", "resnet18", 42), time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Store.SetState("b", run.Interrupted, "", time.Now()); err != nil {
		t.Fatal(err)
	}
	start, err := ProcessStart(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Store.SetProcess("b", run.Process{PID: os.Getpid(), Start: start}); err != nil {
		t.Fatal(err)
	}
	if err := h.Resume("b"); !errors.Is(err, ErrNotResumable) || !strings.Contains(err.Error(), "still saving") {
		t.Errorf("with a live worker: %v", err)
	}
}

func TestParallel(t *testing.T) {
	for _, parallel := range []int{0, 1, 2, 3} {
		synctest.Test(t, func(t *testing.T) {
			var order []string
			live, most := 0, 0
			var h *harness
			h = newHarness(t, func(w *fakeWorker) Exit {
				h.mu.Lock()
				order = append(order, w.spec.ID)
				live++
				most = max(most, live)
				h.mu.Unlock()
				time.Sleep(time.Minute)
				h.mu.Lock()
				live--
				h.mu.Unlock()
				if w.spec.ID == "b" {
					return killed
				}
				return wholeRun(w)
			})
			h.Parallel = parallel
			var specs []run.Spec
			for _, id := range []string{"d", "b", "c", "a"} {
				specs = append(specs, testSpec(t, id, "resnet18", 1))
			}
			h.submit(t, specs...)
			h.wait(t)
			if most != max(1, parallel) {
				t.Errorf("parallel %d: %d at a time", parallel, most)
			}
			if parallel < 2 && strings.Join(order, "") != "dbca" {
				t.Errorf("order %v", order)
			}
			records, err := h.Store.Runs()
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range records {
				want := run.Done
				if r.Spec.ID == "b" {
					want = run.Failed
				}
				if r.State != want || r.Spec.ID != specs[i].ID {
					t.Errorf("run %d is %s: %s, want %s: %s", i, r.Spec.ID, r.State, specs[i].ID, want)
				}
			}
			if code := ExitCode(records); code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
		})
	}
}

func TestRecover(t *testing.T) {
	h := newHarness(t, wholeRun)
	start, err := ProcessStart(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	me := run.Process{PID: os.Getpid(), Start: start}
	tests := []struct {
		id     string
		states []run.State
		worker run.Process
		state  run.State
		reason string
		keeps  bool
	}{
		{"queued", nil, run.Process{}, run.Interrupted, "before the run began", false},
		{"running", []run.State{run.Running}, run.Process{PID: 1 << 22, Start: 1}, run.Interrupted, "while the run was going on; continue", false},
		{"reused", []run.State{run.Running}, run.Process{PID: me.PID, Start: start + 1}, run.Interrupted, "while the run was going on; continue", false},
		{"saving", []run.State{run.Running, run.Stopping}, me, run.Interrupted, "is still saving", true},
		{"done", []run.State{run.Running, run.Done}, run.Process{}, run.Done, "", false},
	}
	for i, tt := range tests {
		if _, err := h.Store.Create(testSpec(t, tt.id, "resnet18", uint64(i)), time.Now()); err != nil {
			t.Fatal(err)
		}
		for _, s := range tt.states {
			if _, err := h.Store.SetState(tt.id, s, "", time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		if tt.worker.PID > 0 {
			if err := h.Store.SetProcess(tt.id, tt.worker); err != nil {
				t.Fatal(err)
			}
		}
	}
	found, err := h.Recover()
	if err != nil || len(found) != 4 {
		t.Fatalf("found %d runs, %v; want 4", len(found), err)
	}
	for _, tt := range tests {
		r := h.record(t, tt.id)
		if r.State != tt.state || !strings.Contains(r.Reason, tt.reason) {
			t.Errorf("%s: %s %q", tt.id, r.State, r.Reason)
		}
		if (r.Process.PID != 0) != tt.keeps {
			t.Errorf("%s: process %+v", tt.id, r.Process)
		}
	}
	if again, err := h.Recover(); err != nil || len(again) != 0 {
		t.Errorf("a second time: %v, %v", again, err)
	}
}

// A store that fails must end the sweep with an error, not hang it.
func TestStoreFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, err := store.Open(t.TempDir(), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		launcher := &fakeLauncher{script: stoppable}
		s := &Supervisor{Store: st, Launcher: launcher}
		if err := s.Submit([]run.Spec{testSpec(t, "a", "resnet18", 42)}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(flushAfter)
		if err := s.Wait(t.Context()); !errors.Is(err, store.ErrClosed) {
			t.Errorf("got %v, want %v", err, store.ErrClosed)
		}
		if launcher.workers[0].stops == 0 {
			t.Error("the worker was not asked to stop")
		}
	})
}

func TestSubmitAndResumeAreAllOrNone(t *testing.T) {
	h := newHarness(t, func(*fakeWorker) Exit { return killed })
	a, b := testSpec(t, "a", "resnet18", 1), testSpec(t, "b", "resnet18", 2)
	if err := h.Submit([]run.Spec{a, b, a}); !errors.Is(err, store.ErrExists) {
		t.Errorf("a run twice: %v", err)
	}
	if records, err := h.Store.Runs(); err != nil || len(records) != 0 || len(h.launcher.workers) != 0 {
		t.Errorf("left behind: %v %v", records, err)
	}
	h.submit(t, a, b)
	h.wait(t)
	if err := h.Resume("a", "z"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a run that is not there: %v", err)
	}
	if r := h.record(t, "a"); r.State != run.Failed || len(h.launcher.workers) != 2 {
		t.Errorf("a went on: %s", r.State)
	}
	if err := h.Resume("a", "b", "a"); err != nil {
		t.Fatal(err)
	}
	h.wait(t)
	if n := len(h.launcher.workers); n != 4 {
		t.Errorf("%d workers in all, want 4", n)
	}
}
