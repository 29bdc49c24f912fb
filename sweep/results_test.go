package sweep

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

func testStore(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func create(t *testing.T, st *store.Store, sweep, launch, id string, now time.Time) {
	t.Helper()
	spec := testSpec(t, id, "resnet18", 42)
	spec.Sweep, spec.Launch = sweep, launch
	if _, err := st.Create(spec, now); err != nil {
		t.Fatal(err)
	}
}

func ids(records []run.Record) string {
	var all []string
	for _, r := range records {
		all = append(all, r.Spec.ID)
	}
	return strings.Join(all, " ")
}

func TestSelect(t *testing.T) {
	st := testStore(t)
	if _, err := Select(st, Selection{}); !errors.Is(err, ErrNoRuns) {
		t.Errorf("of an empty store: %v", err)
	}
	now := time.Now()
	for i, r := range []struct{ sweep, launch, id string }{
		{"cats", "1", "old-b"},
		{"cats", "1", "old-a"},
		{"cats", "2", "new-b"},
		{"cats", "2", "new-a"},
		{"dogs", "3", "dog-b"},
		{"dogs", "3", "dog-a"},
	} {
		create(t, st, r.sweep, r.launch, r.id, now.Add(time.Duration(i)))
	}
	tests := []struct {
		name string
		sel  Selection
		want string
		err  error
	}{
		{"the newest launch", Selection{}, "dog-b dog-a", nil},
		{"the newest of a sweep", Selection{Sweep: "cats"}, "new-b new-a", nil},
		{"by id, in that order, once", Selection{IDs: []string{"old-a", "dog-b", "old-a"}}, "old-a dog-b", nil},
		{"by prefix", Selection{IDs: []string{"dog-a"}}, "dog-a", nil},
		{"unknown sweep", Selection{Sweep: "birds"}, "", ErrNoRuns},
		{"unknown id", Selection{IDs: []string{"x"}}, "", store.ErrNotFound},
	}
	for _, tt := range tests {
		got, err := Select(st, tt.sel)
		if !errors.Is(err, tt.err) || ids(got) != tt.want {
			t.Errorf("%s: %q, %v; want %q, %v", tt.name, ids(got), err, tt.want, tt.err)
		}
	}
	if _, err := Select(st, Selection{Sweep: "birds"}); !strings.Contains(err.Error(), "it has cats, dogs") {
		t.Errorf("the error does not say what there is: %v", err)
	}
}

func TestLoad(t *testing.T) {
	h := newHarness(t, func(w *fakeWorker) Exit {
		if w.spec.ID == "b" {
			return killed
		}
		return wholeRun(w)
	})
	h.submit(t, testSpec(t, "a", "resnet18", 42), testSpec(t, "b", "resnet50", 42))
	h.wait(t)
	records, err := Select(h.Store, Selection{})
	if err != nil {
		t.Fatal(err)
	}
	results, err := Load(h.Store, records)
	if err != nil || len(results) != 2 {
		t.Fatalf("%d results, %v", len(results), err)
	}
	if v, ok := results[0].Test.Get("macro_f1"); !ok || v != 0.69 || results[0].Predictions == nil {
		t.Errorf("a: %+v", results[0])
	}
	if results[1].Test != nil || results[1].Predictions != nil {
		t.Errorf("b: %+v", results[1])
	}
}

func TestBestRun(t *testing.T) {
	best := func(id, metric string, v float64) run.Record {
		return run.Record{Spec: run.Spec{ID: id}, Best: &run.Best{Epoch: 1, Metric: metric, Value: v}}
	}
	tests := []struct {
		records []run.Record
		want    string
	}{
		{[]run.Record{best("a", "macro_f1", 0.5), best("b", "macro_f1", 0.7), best("c", "macro_f1", 0.6)}, "b"},
		{[]run.Record{best("a", "loss", 0.5), best("b", "loss", 0.7)}, "a"},
		{[]run.Record{best("a", "macro_f1", 0.5), best("b", "macro_f1", 0.5), {}}, "b"},
	}
	for _, tt := range tests {
		if got, err := BestRun(tt.records); err != nil || got.Spec.ID != tt.want {
			t.Errorf("got %q, %v; want %q", got.Spec.ID, err, tt.want)
		}
	}
	if _, err := BestRun([]run.Record{{}}); !errors.Is(err, ErrNoRuns) {
		t.Errorf("without weights: %v", err)
	}
}

func TestRemove(t *testing.T) {
	st := testStore(t)
	create(t, st, "cats", "1", "a", time.Now())
	if _, err := st.SetState("a", run.Running, "", time.Now()); err != nil { // by a dead supervisor
		t.Fatal(err)
	}
	dir := filepath.Join(filepath.Dir(st.Path()), "runs", "a")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := st.SetProcess("a", run.Process{PID: os.Getpid()}); err != nil {
		t.Fatal(err)
	}
	if err := Remove(st, "a"); !errors.Is(err, store.ErrLive) {
		t.Errorf("with a live worker: %v", err)
	}
	if err := st.SetProcess("a", run.Process{}); err != nil {
		t.Fatal(err)
	}
	if err := Remove(st, "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder stays: %v", err)
	}
	if err := Remove(st, "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
}

func TestPlan(t *testing.T) {
	dir := t.TempDir()
	text := `name: cats
models: [resnet50, resnet18]
data: {dir: images, image_size: 64}
label_names: {행동: [걷기, 눕기], mood: [good, bad]}
seeds: [7, 3]
epochs: 4
pretrained: {resnet18: r18.pth}
`
	cfg, err := configs.Parse("cats.yaml", []byte(text), dir)
	if err != nil {
		t.Fatal(err)
	}
	st := testStore(t)
	opt := PlanOptions{
		StoreDir: "state", Launch: NewLaunch(), Now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		NewID: st.NewID, Version: "v1", AllowSkips: true,
	}
	specs, notices, err := Plan(cfg, opt)
	if err != nil || len(notices) != 0 {
		t.Fatal(notices, err)
	}
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	state := filepath.Join(cwd, "state")
	seen := map[string]bool{}
	for i, want := range []struct {
		model   string
		seed    uint64
		weights string
	}{
		{"resnet50", 7, ""},
		{"resnet50", 3, ""},
		{"resnet18", 7, filepath.Join(dir, "r18.pth")},
		{"resnet18", 3, filepath.Join(dir, "r18.pth")},
	} {
		s := specs[i]
		if s.Model != want.model || s.Seed != want.seed || s.Pretrained != want.weights {
			t.Errorf("spec %d: %s %d %q, want %+v", i, s.Model, s.Seed, s.Pretrained, want)
		}
		if s.Data.Seed != 7 || s.Data.Dir != filepath.Join(dir, "images") || s.Data.Prepared != filepath.Join(state, "data") || !s.Data.AllowSkips {
			t.Errorf("spec %d: data %+v", i, s.Data)
		}
		if s.Dir != filepath.Join(state, "runs", s.ID) || seen[s.ID] {
			t.Errorf("spec %d: id %s, folder %s", i, s.ID, s.Dir)
		}
		seen[s.ID] = true
		if s.Launch != opt.Launch || s.ConfigDigest != cfg.Digest() || s.Config != cfg.YAML() || s.Engine != "auto" || s.Tasks[0].Name != "행동" {
			t.Errorf("spec %d: %+v", i, s)
		}
	}
	if len(specs) != 4 {
		t.Errorf("%d specs", len(specs))
	}

	cfg.Pretrained = configs.Pretrained{Known: true}
	if _, _, err := Plan(cfg, opt); err == nil {
		t.Error("known weights without a way to find them")
	}
	asked := 0
	opt.Weights = func(model string) (string, string, error) {
		asked++
		if model == "resnet18" {
			return "", "", errors.New("no file found")
		}
		return "/w/" + model, "starts from /w", nil
	}
	if _, _, err := Plan(cfg, opt); err == nil || !strings.Contains(err.Error(), "resnet18: no file found") || asked != 2 {
		t.Errorf("asked %d times, %v", asked, err)
	}
	cfg.Models = cfg.Models[:1]
	specs, notices, err = Plan(cfg, opt)
	if err != nil || len(notices) != 1 || specs[1].Pretrained != "/w/resnet50" {
		t.Errorf("%v %v", notices, err)
	}
	cfg.Data.Dir = ""
	if _, _, err := Plan(cfg, opt); !errors.Is(err, configs.ErrConfig) {
		t.Errorf("without data: %v", err)
	}
}

func TestEventLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events")
	l, err := CreateEventLog(path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l.Event(run.Event{V: 1, Seq: 1, Time: at, Run: "a", Type: run.EventStep, Step: 1, Epoch: 1, LR: 0.5, Values: run.Values{{Key: "loss", V: 2}}})
	l.Event(run.Event{V: 1, Seq: 2, Time: at, Run: "a", Type: run.EventEpoch, Epoch: 1, Split: run.Val, Counts: &run.Counts{}, File: "x", Values: run.Values{{Key: "f1_행동", V: 0.5}}})
	want := `{"v":1,"seq":1,"time":"2026-03-01T09:00:00Z","run":"a","type":"step","step":1,"epoch":1,"lr":0.5,"images_per_s":0,"data_wait":0,"loss":2}
{"v":1,"seq":2,"time":"2026-03-01T09:00:00Z","run":"a","type":"epoch","epoch":1,"split":"val","f1_행동":0.5}
`
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("before the end:\n%s%v", got, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := CreateEventLog(filepath.Join(path, "x")); err == nil {
		t.Error("a file below a file was made")
	}
	if l, err = CreateEventLog("/dev/full"); err == nil {
		l.Event(run.Event{Type: run.EventLog})
		if err := l.Close(); err == nil || !strings.Contains(err.Error(), "/dev/full") {
			t.Errorf("a full disk: %v", err)
		}
	}
}
