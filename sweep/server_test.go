package sweep

import (
	"context"
	"errors"
	"fmt"
	"math"
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

func (p *fakePlanner) Look(_ context.Context, r StartRequest) (run.Overview, error) {
	if len(p.problems) > 0 {
		return run.Overview{}, Refused(p.problems...)
	}
	return run.Overview{Source: r.Dir, Images: 3, Parts: map[string]int{"train": 2}}, nil
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
		{"data that cannot be read", func() error { _, err := c.Look(ctx, StartRequest{}); return err }, ErrRefused, "no data\nno memory"},
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
	if o, err := c.Look(ctx, StartRequest{Dir: "/x"}); err != nil || o.Source != "/x" || o.Images != 3 || o.Parts["train"] != 2 {
		t.Errorf("look: %+v, %v", o, err)
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
