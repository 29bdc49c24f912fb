package sweep

import (
	"context"
	"errors"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// watched collects what a Watch brings of some runs until all have ended.
func watched(ctx context.Context, c Client, after map[string]int64, runs int) (map[string][]run.Event, error) {
	events := map[string][]run.Event{}
	ended := errors.New("all ended")
	left := runs
	err := c.Watch(ctx, after, func(batch []run.Event) error {
		for _, e := range batch {
			events[e.Run] = append(events[e.Run], e)
			if e.Type == run.EventState && e.State.Ended() {
				left--
			}
		}
		if left == 0 {
			return ended
		}
		return nil
	})
	if errors.Is(err, ended) {
		err = nil
	}
	return events, err
}

// complete checks that events are all of a run, once each and in order.
func checkComplete(t *testing.T, st *store.Store, id string, events []run.Event) {
	t.Helper()
	r, err := st.Run(id)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(events)) != r.Seq {
		t.Errorf("run %s: %d events, recorded are %d", id, len(events), r.Seq)
		return
	}
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Errorf("run %s: event %d came in place %d", id, e.Seq, i+1)
			return
		}
	}
}

// longRun reports many steps as fast as it can.
func longRun(steps int) func(w *fakeWorker) Exit {
	return func(w *fakeWorker) Exit {
		w.begin(steps, 0, 0)
		for step := 1; step <= steps; step++ {
			w.step(step, 1)
		}
		w.epoch(1, steps, 0.5, true)
		w.test(1, 0.5)
		w.state(run.Done, "")
		return Exit{}
	}
}

// Twenty clients and one that never reads: the runs end as fast as the store
// takes them, and each client sees every event once.
func TestManyClients(t *testing.T) {
	const steps = 800 // far more than the queue and the socket's buffers hold
	h := newHarness(t, longRun(steps))
	h.Parallel = 2
	s := newServer(t, h, ServerOptions{})
	s.hub.limit = 64

	deaf := dial(t, h.dir())
	response, err := deaf.do(t.Context(), http.MethodPost, "/v1/watch", map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()

	var clients sync.WaitGroup
	for i := range 20 {
		c := dial(t, h.dir())
		clients.Go(func() {
			events, err := watched(t.Context(), c, nil, 3)
			if err != nil {
				t.Errorf("client %d: %v", i, err)
			}
			for _, id := range []string{"a", "b", "c"} {
				checkComplete(t, h.Store, id, events[id])
			}
		})
	}
	for i, id := range []string{"a", "b", "c"} {
		h.submit(t, testSpec(t, id, "resnet18", uint64(i)))
	}
	h.wait(t)
	clients.Wait()
	c := dial(t, h.dir())
	if info, err := c.Info(t.Context()); err != nil || info.Clients != 22 || info.PID != os.Getpid() {
		t.Errorf("info %+v, %v", info, err)
	}
}

func TestWatchGoesOnFromAnEvent(t *testing.T) {
	h := newHarness(t, wholeRun)
	newServer(t, h, ServerOptions{})
	h.submit(t, testSpec(t, "a", "resnet18", 1))
	h.wait(t)
	c := dial(t, h.dir())
	h.submit(t, testSpec(t, "b", "resnet18", 1))
	events, err := watched(t.Context(), c, map[string]int64{"a": 5}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(events["a"]) == 0 || events["a"][0].Seq != 6 {
		t.Errorf("run a begins with %+v", events["a"])
	}
	checkComplete(t, h.Store, "b", events["b"])
	var counts int
	for _, e := range events["b"] {
		if e.Counts != nil {
			counts++
		}
	}
	if counts != 3 {
		t.Errorf("%d epoch events have counts, want 3", counts)
	}
}

// Watch and History meet without a gap and without an overlap.
func TestHistoryAndWatchFit(t *testing.T) {
	const steps = 2000
	h := newHarness(t, longRun(steps))
	newServer(t, h, ServerOptions{})
	c := dial(t, h.dir())
	h.submit(t, testSpec(t, "a", "resnet18", 1))
	for {
		history, err := c.History(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		if len(history.Step) == 0 {
			continue
		}
		events, err := watched(t.Context(), c, map[string]int64{"a": history.Seq}, 1)
		if err != nil {
			t.Fatal(err)
		}
		seen := slices.Clone(history.Step)
		for _, e := range events["a"] {
			if e.Type == run.EventStep {
				seen = append(seen, int32(e.Step))
			}
		}
		if len(seen) != steps {
			t.Fatalf("%d steps of the history, then %d in all, want %d", len(history.Step), len(seen), steps)
		}
		for i, step := range seen {
			if step != int32(i+1) {
				t.Fatalf("step %d in place %d", step, i+1)
			}
		}
		return
	}
}
