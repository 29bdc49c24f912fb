package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// fakePlanner plans the runs that it is given.
type fakePlanner struct {
	specs    func(StartRequest) []run.Spec
	problems []string
}

func (p *fakePlanner) Plan(_ context.Context, r StartRequest) (Preview, error) {
	preview := Preview{Name: r.Config, Problems: p.problems}
	for _, s := range p.specs(r) {
		preview.Runs = append(preview.Runs, Planned{Model: s.Model, Seed: s.Seed})
	}
	return preview, nil
}

func (p *fakePlanner) Specs(_ context.Context, r StartRequest) ([]run.Spec, error) {
	if len(p.problems) > 0 {
		return nil, Refused(p.problems...)
	}
	return p.specs(r), nil
}

// newServer serves a harness until the test ends.
func newServer(t *testing.T, h *harness, opt ServerOptions) *Server {
	t.Helper()
	s, err := Serve(h.Supervisor, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.Interrupt("the test ends")
		if err := h.Wait(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (h *harness) dir() string { return filepath.Dir(h.Store.Path()) }

func dial(t *testing.T, dir string) *Conn {
	t.Helper()
	c, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

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

// Errors keep their meaning on the way through the socket.
func TestErrorsCrossTheSocket(t *testing.T) {
	h := newHarness(t, wholeRun)
	planner := &fakePlanner{problems: []string{"no data", "no memory"}}
	newServer(t, h, ServerOptions{Planner: planner})
	h.submit(t, testSpec(t, "aa", "resnet18", 1), testSpec(t, "ab", "resnet18", 2))
	h.wait(t)
	c := dial(t, h.dir())
	ctx := t.Context()
	for _, test := range []struct {
		name string
		do   func() error
		want error
		text string
	}{
		{"no run", func() error { _, err := c.History(ctx, "zz"); return err }, store.ErrNotFound, `"zz"`},
		{"stop what has ended", func() error { return c.Stop(ctx, "aa") }, ErrNotHere, "aa"},
		{"resume what is done", func() error { return c.Resume(ctx, "aa") }, ErrNotResumable, "done"},
		{"no such sweep", func() error {
			_, err := c.Compare(ctx, Selection{Sweep: "dogs"}, ByModel)
			return err
		}, ErrNoRuns, "cats"},
		{"refused", func() error { _, err := c.Start(ctx, StartRequest{}); return err }, ErrRefused, "no data\nno memory"},
	} {
		if err := test.do(); !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	var ambiguous *store.AmbiguousError
	if err := c.Remove(ctx, "a"); !errors.As(err, &ambiguous) || !slices.Equal(ambiguous.IDs, []string{"aa", "ab"}) {
		t.Errorf("ambiguous id: %v", err)
	}
	if _, err := c.Export(ctx, Selection{}, "everything", "md"); err == nil || !strings.Contains(err.Error(), "everything") {
		t.Errorf("unknown columns: %v", err)
	}
}

func TestStartCompareRemove(t *testing.T) {
	h := newHarness(t, wholeRun)
	planner := &fakePlanner{specs: func(r StartRequest) []run.Spec {
		var specs []run.Spec
		for i, model := range r.Models {
			specs = append(specs, testSpec(t, fmt.Sprint("r", i), model, 7))
		}
		return specs
	}}
	newServer(t, h, ServerOptions{Planner: planner})
	c := dial(t, h.dir())
	ctx := t.Context()
	request := StartRequest{Config: "cats", Models: []string{"resnet18", "resnet50"}}
	if p, err := c.Plan(ctx, request); err != nil || len(p.Runs) != 2 || p.Runs[1].Model != "resnet50" {
		t.Fatalf("preview %+v, %v", p, err)
	}
	launch, err := c.Start(ctx, request)
	if err != nil || launch != "one" {
		t.Fatalf("launch %q, %v", launch, err)
	}
	if _, err := watched(ctx, c, nil, 2); err != nil {
		t.Fatal(err)
	}
	list, err := c.Runs(ctx)
	if err != nil || len(list) != 2 || list[0].State != run.Done || list[0].Launch != "one" || !list[0].LastEvent.IsZero() {
		t.Fatalf("runs %+v, %v", list, err)
	}
	table, err := c.Compare(ctx, Selection{}, ByModel)
	if err != nil || len(table.Columns) != 2 || table.Rows[1].Cells[0].Text != "0.6900" || table.Rows[1].Cells[0].Value != 0.69 {
		t.Errorf("table %+v, %v", table, err)
	}
	if !math.IsNaN(table.Rows[2].Cells[0].Value) || table.Rows[2].Cells[0].Text != "–" {
		t.Errorf("cell without a value: %+v", table.Rows[2].Cells[0])
	}
	md, err := c.Export(ctx, Selection{}, ByModel, "md")
	if err != nil || !strings.Contains(string(md), "| ResNet18") {
		t.Errorf("markdown %s, %v", md, err)
	}
	if err := c.Remove(ctx, "r0"); err != nil {
		t.Fatal(err)
	}
	if list, err := c.Runs(ctx); err != nil || len(list) != 1 {
		t.Errorf("runs after the removal %+v, %v", list, err)
	}
	log, err := c.Log(ctx, "r1", 3)
	if err != nil || len(log) != 3 || !strings.HasSuffix(log[2], "done") || !strings.Contains(log[1], "best macro-F1 0.7000 in epoch 2") {
		t.Errorf("log %q, %v", log, err)
	}
}

// A live run can be stopped by several at once, and is not removed while it lives.
func TestStopAndRemoveAtOnce(t *testing.T) {
	h := newHarness(t, func(w *fakeWorker) Exit {
		w.begin(4, 0, 0)
		<-w.stop
		w.state(run.Stopped, "")
		return Exit{Code: 130}
	})
	newServer(t, h, ServerOptions{})
	h.submit(t, testSpec(t, "a", "resnet18", 1), testSpec(t, "b", "resnet18", 2))
	one := dial(t, h.dir())
	if err := one.Remove(t.Context(), "b"); !errors.Is(err, store.ErrLive) {
		t.Errorf("remove a waiting run: %v", err)
	}
	var clients sync.WaitGroup
	for range 4 {
		c := dial(t, h.dir())
		clients.Go(func() {
			if err := c.StopAll(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	clients.Wait()
	h.wait(t)
	for _, id := range []string{"a", "b"} {
		if r := h.record(t, id); r.State != run.Stopped {
			t.Errorf("run %s is %s", id, r.State)
		}
	}
	// Only one of several resumes starts a worker.
	resumed := make(chan error, 4)
	for range 4 {
		c := dial(t, h.dir())
		go func() { resumed <- c.Resume(t.Context(), "a") }()
	}
	succeeded := 0
	for range 4 {
		if err := <-resumed; err == nil {
			succeeded++
		} else if !errors.Is(err, ErrNotResumable) {
			t.Error(err)
		}
	}
	if succeeded != 1 {
		t.Errorf("%d of 4 resumes succeeded", succeeded)
	}
}

// What a Reader says does not depend on who holds the store.
func TestReaderThroughSupervisor(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{Supervisor: &Supervisor{Store: st, Launcher: &fakeLauncher{script: wholeRun}}}
	s, err := Serve(h.Supervisor, ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	h.submit(t, testSpec(t, "aa", "resnet18", 1), testSpec(t, "ab", "resnet50", 1))
	h.wait(t)
	read := func(fromFile bool) map[string]string {
		r, err := OpenReader(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, local := r.(localReader); local != fromFile {
			t.Errorf("reads the file itself: %v, want %v", local, fromFile)
		}
		out := map[string]string{}
		keep := func(name string, v any, err error) {
			text, jerr := json.Marshal(v)
			if jerr != nil {
				t.Fatal(jerr)
			}
			out[name] = string(text) + fmt.Sprint(err)
		}
		records, err := r.Runs()
		keep("runs", records, err)
		record, err := r.Run("aa")
		keep("run", record, err)
		_, err = r.Run("a")
		ambiguous := new(store.AmbiguousError)
		keep("ambiguous", errors.As(err, &ambiguous), ambiguous)
		var events []run.Event
		collect := func(e run.Event) error { events = append(events, e); return nil }
		keep("steps", &events, r.Steps("aa", collect))
		keep("epochs", &events, r.Epochs("aa", collect))
		p, err := r.Predictions("aa")
		keep("predictions", p, err)
		m, err := r.Best("aa")
		keep("best", m, err)
		m, w, err := r.Weights("aa")
		keep("manifest", m, err)
		b, err := io.ReadAll(w)
		keep("weights", b, err)
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		problems, err := r.Verify(t.Context(), func(done, total int64) {})
		keep("verify", problems, err)
		stop := errors.New("enough")
		if err := r.Steps("aa", func(run.Event) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("the callback's error became %v", err)
		}
		return out
	}
	through := read(false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	for name, direct := range read(true) {
		if through[name] != direct {
			t.Errorf("%s: through the supervisor\n%s\nfrom the file\n%s", name, through[name], direct)
		}
	}
}

// A store without a supervisor has no live run, whatever is recorded.
func TestReaderTellsTheTruth(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Create(testSpec(t, "a", "resnet18", 1), time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := st.SetState("a", run.Running, "", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReader(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	record, err := r.Run("a")
	if err != nil || record.State != run.Interrupted || !strings.Contains(record.Reason, "sweep runs resume a") {
		t.Errorf("%s: %s, %v", record.State, record.Reason, err)
	}
}

func TestRest(t *testing.T) {
	h := newHarness(t, wholeRun)
	s := newServer(t, h, ServerOptions{})
	rested := make(chan error, 1)
	const grace = 50 * time.Millisecond
	c := dial(t, h.dir())
	go func() { rested <- s.Rest(t.Context(), grace) }()
	select {
	case <-rested:
		t.Fatal("came to rest with a client")
	case <-time.After(3 * grace):
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-rested; err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), h.dir()); !errors.Is(err, ErrNoSupervisor) {
		t.Errorf("let in at rest: %v", err)
	}
}

func TestClientSeesTheEnd(t *testing.T) {
	h := newHarness(t, wholeRun)
	s, err := Serve(h.Supervisor, ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, h.dir())
	watching := make(chan error, 1)
	go func() {
		watching <- c.Watch(t.Context(), nil, func([]run.Event) error { return nil })
	}()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	<-c.Done()
	if err := <-watching; !errors.Is(err, ErrGone) && !errors.Is(err, ErrNoSupervisor) {
		t.Errorf("watch: %v", err)
	}
	if _, err := c.Runs(t.Context()); !errors.Is(err, ErrNoSupervisor) {
		t.Errorf("runs: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(h.dir(), "sweep.sock*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A socket's path is short; a store's may be long.
func TestLongStorePath(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", "")
	dir := filepath.Join(t.TempDir(), strings.Repeat("long/", 20))
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	s, err := Serve(&Supervisor{Store: st}, ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := dial(t, dir)
	if info, err := c.Info(t.Context()); err != nil || info.StoreDir != strings.TrimSuffix(dir, "/") {
		t.Errorf("info %+v, %v", info, err)
	}
	info, err := os.Stat(s.listener.Addr().String())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v, %v", info, err)
	}
}

// A socket that a killed supervisor left is no obstacle.
func TestStaleSocket(t *testing.T) {
	h := newHarness(t, wholeRun)
	path := filepath.Join(h.dir(), socketName)
	l, err := listenAt(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil { // the file stays
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), h.dir()); !errors.Is(err, ErrNoSupervisor) {
		t.Errorf("dial a stale socket: %v", err)
	}
	newServer(t, h, ServerOptions{})
	dial(t, h.dir())
}
