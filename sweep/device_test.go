package sweep

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// outOfMemory is the end of a worker whose device is full.
func outOfMemory(w *fakeWorker) Exit {
	w.begin(4, 0, 0)
	w.state(run.Failed, "train resnet18: the device has run out of memory")
	return Exit{Code: ExitOutOfMemory}
}

func TestOutOfMemoryBesideOthersIsTriedAgainAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *harness
		free := make(chan struct{})
		h = newHarness(t, func(w *fakeWorker) Exit {
			switch {
			case w.spec.ID == "a":
				<-free
				return wholeRun(w)
			case w.spec.ID == "b" && !w.spec.Resume:
				return outOfMemory(w)
			}
			if all := h.active(); len(all) != 1 {
				t.Errorf("%s has company: %v", w.spec.ID, all)
			}
			return wholeRun(w)
		})
		h.Parallel = 2
		h.submit(t, testSpec(t, "a", "resnet18", 42), testSpec(t, "b", "resnet50", 42), testSpec(t, "c", "resnet50", 43))
		synctest.Wait()
		if r := h.record(t, "b"); r.State != run.Queued || !strings.HasPrefix(r.Reason, "tried again alone: train resnet18") {
			t.Errorf("b is %s: %s", r.State, r.Reason)
		}
		if r := h.record(t, "c"); r.State != run.Queued {
			t.Errorf("c is %s before b had its chance", r.State)
		}
		close(free)
		h.wait(t)
		for _, id := range []string{"a", "b", "c"} {
			if r := h.record(t, id); r.State != run.Done {
				t.Errorf("%s is %s: %s", id, r.State, r.Reason)
			}
		}
		var said bool
		for _, e := range h.published("b", run.EventWarning) {
			said = said || strings.Contains(e.Message, "tried again alone")
		}
		if !said {
			t.Error("no event says that b is tried again")
		}
	})
}

func TestOutOfMemoryAloneFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, outOfMemory)
		h.submit(t, testSpec(t, "a", "resnet18", 42))
		h.wait(t)
		if r := h.record(t, "a"); r.State != run.Failed || !strings.Contains(r.Reason, "out of memory") {
			t.Errorf("a is %s: %s", r.State, r.Reason)
		}
		if n := len(h.launcher.workers); n != 1 {
			t.Errorf("%d tries, want 1", n)
		}
	})
}

// fullBesideA has run a working until free is closed, and beside it run b, for which
// the device is always too small.
func fullBesideA(t *testing.T) (h *harness, free chan struct{}) {
	free = make(chan struct{})
	h = newHarness(t, func(w *fakeWorker) Exit {
		if w.spec.ID == "b" {
			return outOfMemory(w)
		}
		<-free
		return wholeRun(w)
	})
	h.Parallel = 2
	h.submit(t, testSpec(t, "a", "resnet18", 42), testSpec(t, "b", "resnet50", 42))
	synctest.Wait()
	return h, free
}

// A run that fills the device a second time has had its chance.
func TestOutOfMemoryTwiceFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, free := fullBesideA(t)
		close(free)
		h.wait(t)
		if r := h.record(t, "b"); r.State != run.Failed {
			t.Errorf("b is %s: %s", r.State, r.Reason)
		}
		if n := len(h.launcher.workers); n != 3 {
			t.Errorf("%d workers, want 3", n)
		}
	})
}

func TestStopOfARunThatIsAboutToBeTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, free := fullBesideA(t)
		if err := h.Stop("b"); err != nil {
			t.Fatal(err)
		}
		close(free)
		h.wait(t)
		if r := h.record(t, "b"); r.State != run.Stopped {
			t.Errorf("b is %s: %s", r.State, r.Reason)
		}
	})
}

// stepsAround does a step, and the rest once free is closed.
func stepsAround(w *fakeWorker, free <-chan struct{}) Exit {
	w.step(1, 1)
	<-free
	w.step(2, 1)
	w.epoch(1, 2, 0.6, true)
	return w.finish(1)
}

func TestARunWaitsForRoomOnTheDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := make(chan struct{})
		var begun [][]bool
		h := newHarness(t, func(w *fakeWorker) Exit {
			w.begin(4, 0, 0)
			return stepsAround(w, free)
		})
		h.Parallel = 3
		h.Room = func(spec run.Spec, active []run.Spec, have []bool) error {
			begun = append(begun, have)
			if spec.ID == "c" {
				return errors.New("waits for memory of the GPU")
			}
			return nil
		}
		h.submit(t, testSpec(t, "a", "resnet18", 42), testSpec(t, "b", "resnet50", 42), testSpec(t, "c", "resnet50", 43))
		synctest.Wait()
		if r := h.record(t, "c"); r.State != run.Queued || r.Reason != "waits for memory of the GPU" {
			t.Errorf("c is %s: %s", r.State, r.Reason)
		}
		if got := h.active(); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("active: %v", got)
		}
		close(free)
		h.wait(t)
		if r := h.record(t, "c"); r.State != run.Done {
			t.Errorf("c is %s: %s", r.State, r.Reason)
		}
		told := 0
		for _, e := range h.published("c", run.EventState) {
			if e.Reason == "waits for memory of the GPU" {
				told++
			}
		}
		if told != 1 {
			t.Errorf("the reason was recorded %d times", told)
		}
		if last := begun[len(begun)-1]; !slices.Contains(last, true) {
			t.Errorf("nobody had said what it takes: %v", begun)
		}
	})
}

// active lists the runs that are worked on.
func (h *harness) active() []string {
	h.Supervisor.mu.Lock()
	defer h.Supervisor.mu.Unlock()
	var ids []string
	for _, spec := range h.activeSpecs() {
		ids = append(ids, spec.ID)
	}
	return ids
}

// A run waits by an estimate until the one before it holds what it takes.
func TestARunThatWaitsIsLookedAtAgainAfterAFirstStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free, step := make(chan struct{}), make(chan struct{})
		h := newHarness(t, func(w *fakeWorker) Exit {
			w.begin(4, 0, 0)
			w.say(run.Event{Type: run.EventMachine, Values: run.Values{{Key: NeedKey, V: 1 << 30}}})
			<-step
			return stepsAround(w, free)
		})
		h.Parallel = 2
		h.Room = func(_ run.Spec, _ []run.Spec, have []bool) error {
			if !have[0] {
				return errors.New("waits for memory of the GPU")
			}
			return nil
		}
		h.submit(t, testSpec(t, "a", "resnet18", 42), testSpec(t, "b", "resnet50", 42))
		synctest.Wait()
		if got := h.active(); !slices.Equal(got, []string{"a"}) {
			t.Errorf("active before the first step: %v", got)
		}
		close(step)
		synctest.Wait()
		if got := h.active(); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("active after the first step: %v", got)
		}
		close(free)
		h.wait(t)
	})
}

// What kept a run waiting, or without company, is forgotten when it is stopped.
func TestAStoppedRunWaitsAnewWhenItIsResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, free := fullBesideA(t)
		h.Room = func(run.Spec, []run.Spec, []bool) error { return errors.New("waits for memory of the GPU") }
		for range 2 {
			if err := h.Stop("b"); err != nil {
				t.Fatal(err)
			}
			if err := h.Resume("b"); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if r := h.record(t, "b"); r.State != run.Queued || r.Reason != "waits for memory of the GPU" {
				t.Errorf("b is %s: %s", r.State, r.Reason)
			}
		}
		close(free)
		h.wait(t)
	})
}
