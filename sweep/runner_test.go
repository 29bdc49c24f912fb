package sweep

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func TestEndings(t *testing.T) {
	const hint = "; continue with: sweep runs resume a"
	tests := []struct {
		name   string
		script func(w *fakeWorker) Exit
		state  run.State
		reason []string // parts of it
	}{
		{"nan", func(w *fakeWorker) Exit {
			w.begin(4, 0, 0)
			w.state(run.Failed, "the loss of 행동 became NaN in step 3; the last good one was 1.25 in step 2")
			return Exit{Code: 1}
		}, run.Failed, []string{"the loss of 행동 became NaN in step 3; the last good one was 1.25 in step 2"}},
		{"killed", func(w *fakeWorker) Exit {
			w.begin(4, 0, 0)
			w.step(1, 1)
			return killed
		}, run.Failed, []string{"the worker was killed (signal 9; out of memory?); log: ", "worker.log", hint}},
		{"another signal", func(*fakeWorker) Exit {
			return Exit{Code: -1, Signal: syscall.SIGSEGV}
		}, run.Failed, []string{"signal 11 (segmentation fault)", hint}},
		{"terminated by a stranger", func(w *fakeWorker) Exit {
			w.begin(4, 0, 0)
			w.state(run.Stopped, "stopped")
			return Exit{Code: 130}
		}, run.Interrupted, []string{"not by its supervisor", hint}},
		{"crash", func(w *fakeWorker) Exit {
			log := "note\npanic: index out of range [3]\n\ngoroutine 1 [running]:\n"
			if err := os.WriteFile(filepath.Join(w.spec.Dir, LogFile), []byte(log), 0o600); err != nil {
				return Exit{Err: err}
			}
			return Exit{Code: 2}
		}, run.Failed, []string{"the worker crashed (panic: index out of range [3]); log: ", hint}},
		{"exit code", func(*fakeWorker) Exit { return Exit{Code: 3} }, run.Failed, []string{"ended with exit code 3; log: ", hint}},
		{"silent", func(*fakeWorker) Exit { return Exit{} }, run.Failed, []string{"ended without a word", hint}},
		{"done, then a crash", func(w *fakeWorker) Exit {
			wholeRun(w)
			return Exit{Code: 2}
		}, run.Failed, []string{"the worker finished, but then ended with exit code 2", hint}},
		{"failed without a reason", func(w *fakeWorker) Exit {
			w.state(run.Failed, "")
			return Exit{Code: 1}
		}, run.Failed, []string{"gave no reason; log: "}},
		{"unknown exit", func(*fakeWorker) Exit { return Exit{Code: -1, Err: errors.New("no child")} }, run.Failed, []string{"no child", hint}},
		{"no checkpoint", func(w *fakeWorker) Exit {
			w.begin(4, 0, 0)
			w.say(run.Event{Type: run.EventBest, Epoch: 1, Metric: "macro_f1", Value: 0.5, File: "gone"})
			<-w.stop
			w.state(run.Stopped, "")
			return Exit{Code: 130}
		}, run.Failed, []string{"the best weights of epoch 1 could not be kept", "gone", hint}},
		{"checkpoint elsewhere", func(w *fakeWorker) Exit {
			w.begin(4, 0, 0)
			w.say(run.Event{Type: run.EventBest, Epoch: 1, Metric: "macro_f1", Value: 0.5, File: "../../etc/passwd"})
			<-w.stop
			return Exit{Code: 130}
		}, run.Failed, []string{`file "../../etc/passwd": is not in the run's folder`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, tt.script)
				h.submit(t, testSpec(t, "a", "resnet18", 42))
				h.wait(t)
				r := h.record(t, "a")
				if r.State != tt.state {
					t.Errorf("state %s, want %s", r.State, tt.state)
				}
				for _, part := range tt.reason {
					if !strings.Contains(r.Reason, part) {
						t.Errorf("reason %q lacks %q", r.Reason, part)
					}
				}
				states := h.published("a", run.EventState)
				if last := states[len(states)-1]; last.State != r.State || last.Reason != r.Reason {
					t.Errorf("published %s %q, recorded %s %q", last.State, last.Reason, r.State, r.Reason)
				}
			})
		})
	}
}

func TestWorkerThatDoesNotStart(t *testing.T) {
	h := newHarness(t, wholeRun)
	h.launcher.err = errors.New("too many processes")
	h.submit(t, testSpec(t, "a", "resnet18", 42), testSpec(t, "b", "resnet50", 42))
	h.wait(t)
	for _, id := range []string{"a", "b"} {
		if r := h.record(t, id); r.State != run.Failed || !strings.Contains(r.Reason, "too many processes") {
			t.Errorf("%s: %s %q", id, r.State, r.Reason)
		}
	}
}

// Whatever else a worker writes is warned of; the run goes on.
func TestNonsense(t *testing.T) {
	tests := []struct {
		name    string
		write   func(w *fakeWorker)
		warning string
	}{
		{"garbage", func(w *fakeWorker) { w.raw("\x00\xff{]\n") }, "the worker wrote a line that is no event"},
		{"text", func(w *fakeWorker) { w.raw("I0000 00:00:00 plugin loaded\n") }, `"I0000 00:00:00 plugin loaded\n"`},
		{"empty line", func(w *fakeWorker) { w.raw("\n") }, "no event"},
		{"long line", func(w *fakeWorker) { w.raw(strings.Repeat("x", maxLine+10) + "\n") }, "longer than 16 MiB"},
		{"partial line", func(w *fakeWorker) { w.raw(`{"v":1,"seq":`) }, "no event"},
		{"other version", func(w *fakeWorker) { w.raw(`{"v":9,"seq":3,"run":"a","type":"log"}` + "\n") }, "version 9"},
		{"other run", func(w *fakeWorker) { w.raw(`{"v":1,"seq":3,"run":"z","type":"log"}` + "\n") }, `an event of run "z"`},
		{"other type", func(w *fakeWorker) { w.say(run.Event{Type: "dance"}) }, `unknown type "dance"`},
		{"other state", func(w *fakeWorker) { w.state(run.Queued, "") }, `it is "queued"`},
		{"gap", func(w *fakeWorker) { w.seq += 3; w.say(run.Event{Type: run.EventLog, Message: "x"}) }, "events 3 to 5 of the worker are missing"},
		{"repeat", func(w *fakeWorker) { w.seq--; w.say(run.Event{Type: run.EventLog, Message: "x"}) }, "repeated event 2"},
		{"step back", func(w *fakeWorker) { w.step(0, 1) }, "step 0 after step 0"},
		{"epoch back", func(w *fakeWorker) { w.epoch(0, 0, 0.5, false) }, "epoch 0 after epoch 0"},
		{"split", func(w *fakeWorker) { w.say(run.Event{Type: run.EventEpoch, Epoch: 1, Split: "dev"}) }, `split "dev"`},
		{"best of nothing", func(w *fakeWorker) { w.say(run.Event{Type: run.EventBest, Epoch: 1, Value: 0.5}) }, "reported a best of"},
		{"predictions", func(w *fakeWorker) {
			w.say(run.Event{Type: run.EventEpoch, Epoch: 1, Split: run.Test, File: "gone.json", Values: testValues(0.1)})
		}, "the test predictions are not kept"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			last := tt.name == "partial line"
			h := newHarness(t, func(w *fakeWorker) Exit {
				w.begin(4, 0, 0)
				if !last {
					tt.write(w)
				}
				exit := w.finish(0)
				if last {
					tt.write(w)
				}
				return exit
			})
			h.submit(t, testSpec(t, "a", "resnet18", 42))
			h.wait(t)
			if r := h.record(t, "a"); r.State != run.Done || r.Epoch != 2 || r.Step != 4 {
				t.Errorf("the run did not go on: %s %q", r.State, r.Reason)
			}
			warnings := h.published("a", run.EventWarning)
			if len(warnings) != 1 || !strings.Contains(warnings[0].Message, tt.warning) {
				t.Errorf("warnings %v, want one with %q", warnings, tt.warning)
			}
		})
	}
}

func TestFloodOfNonsenseIsCounted(t *testing.T) {
	h := newHarness(t, func(w *fakeWorker) Exit {
		w.begin(4, 0, 0)
		w.raw(strings.Repeat("noise\n", 1000))
		return w.finish(0)
	})
	h.submit(t, testSpec(t, "a", "resnet18", 42))
	h.wait(t)
	warnings := h.published("a", run.EventWarning)
	if len(warnings) != maxComplaint+1 || !strings.Contains(warnings[maxComplaint].Message, "995 more lines") {
		t.Errorf("warnings: %v", warnings)
	}
}

func TestStepsAreStoredInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, func(w *fakeWorker) Exit {
			w.begin(1000, 0, 0)
			for i := range 100 {
				w.step(i+1, 1)
			}
			<-w.stop
			w.state(run.Stopped, "")
			return Exit{Code: 130}
		})
		h.submit(t, testSpec(t, "a", "resnet18", 42))
		synctest.Wait()
		if n := len(h.published("a", run.EventStep)); n != 0 {
			t.Errorf("%d steps published at once", n)
		}
		if got := h.launcher.workers[0].acked(); got != 2 {
			t.Errorf("acknowledged %d, want 2: the steps are not stored yet", got)
		}
		time.Sleep(flushAfter)
		synctest.Wait()
		if n := len(h.published("a", run.EventStep)); n != 100 {
			t.Errorf("%d steps published after %v, want 100", n, flushAfter)
		}
		if got := h.launcher.workers[0].acked(); got != 102 {
			t.Errorf("acknowledged %d, want 102", got)
		}
		h.Interrupt("enough")
		h.wait(t)
	})
}
