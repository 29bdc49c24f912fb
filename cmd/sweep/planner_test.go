package main

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/trainer/data"
)

func TestPlanner(t *testing.T) {
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	e := &env{now: time.Now, getenv: func(string) string { return "" }, stderr: t.Output()}
	p := newPlanner(e, st)

	folder := t.TempDir()
	text := "models: [resnet18]\ndata: {dir: images, image_size: 32}\nlabel_names: {action: [a, b]}\n"
	if err := os.WriteFile(filepath.Join(folder, "mine.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "wrong.yaml"), []byte(text+"epoch: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		request sweep.StartRequest
		problem string // what must stand in the way; empty for nothing
		runs    int
	}{
		{"demo", sweep.StartRequest{Demo: true, Models: []string{"resnet18"}, Seeds: []uint64{1, 2}}, "", 2},
		{"a file as the asker sees it", sweep.StartRequest{Config: "mine.yaml", Dir: folder}, filepath.Join(folder, "images"), 1},
		{"no such config", sweep.StartRequest{Config: "yours.yaml", Dir: folder}, "yours", 0},
		{"a wrong key", sweep.StartRequest{Config: "wrong.yaml", Dir: folder}, `unknown key "epoch"`, 0},
		{"an unknown backbone", sweep.StartRequest{Demo: true, Models: []string{"alexnet"}}, "alexnet", 0},
		{"an engine that is not here", sweep.StartRequest{Demo: true, Models: []string{"resnet18"}, Engine: "cuda"}, "cuda", 0},
	} {
		preview, err := p.Plan(t.Context(), test.request)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		problems := strings.Join(preview.Problems, "\n")
		if (test.problem == "") != (problems == "") || !strings.Contains(problems, test.problem) {
			t.Errorf("%s: problems %q, want %q", test.name, problems, test.problem)
		}
		if len(preview.Runs) != test.runs {
			t.Errorf("%s: %d runs, want %d", test.name, len(preview.Runs), test.runs)
		}
		for _, r := range preview.Runs {
			if r.Memory < 100<<20 { // the parameters of ResNet18 and their moments alone
				t.Errorf("%s: %s needs %d bytes", test.name, r.Model, r.Memory)
			}
		}
		if test.problem != "" {
			if _, err := p.Specs(t.Context(), test.request); !errors.Is(err, sweep.ErrRefused) || !strings.Contains(err.Error(), test.problem) {
				t.Errorf("%s: start: %v", test.name, err)
			}
		}
	}
	if records, err := st.Runs(); err != nil || len(records) > 0 {
		t.Errorf("planning made %v, %v", records, err)
	}
	if _, err := os.Stat(demoDir(p.dir())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("planning made the demo's data: %v", err)
	}
}

// A machine that is too small for a run is a problem, not a crash on the way.
func TestPlannerKnowsTheMachine(t *testing.T) {
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	p := newPlanner(&env{now: time.Now, getenv: os.Getenv, stderr: t.Output()}, st)
	file := filepath.Join(t.TempDir(), "huge.yaml")
	text := "models: [resnet18]\nbatch_size: 4096\ndata: {dir: images, image_size: 512}\nlabel_names: {action: [a, b]}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	preview, err := p.Plan(t.Context(), sweep.StartRequest{Config: file})
	if err != nil {
		t.Fatal(err)
	}
	if problems := strings.Join(preview.Problems, "\n"); !strings.Contains(problems, "GiB of memory") || !strings.Contains(problems, "batch_size") {
		t.Errorf("problems: %q", problems)
	}
}

func TestPlannerLooksAtData(t *testing.T) {
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	p := newPlanner(&env{now: time.Now, getenv: func(string) string { return "" }, stderr: t.Output()}, st)
	if _, err := p.Look(t.Context(), sweep.StartRequest{Demo: true}); !errors.Is(err, sweep.ErrRefused) || !strings.Contains(err.Error(), "not there yet") {
		t.Errorf("the demo's data before they are made: %v", err)
	}
	if _, err := p.Look(t.Context(), sweep.StartRequest{Config: "yours.yaml"}); !errors.Is(err, sweep.ErrRefused) {
		t.Errorf("no such config: %v", err)
	}
	if _, err := p.Look(t.Context(), sweep.StartRequest{Config: "task02"}); !errors.Is(err, sweep.ErrRefused) || !strings.Contains(err.Error(), "no such folder") {
		t.Errorf("no such data: %v", err)
	}
	preview, err := p.Plan(t.Context(), sweep.StartRequest{Config: "task02", Dir: t.TempDir()})
	if err != nil || !strings.Contains(strings.Join(preview.Problems, "\n"), "data: there is no ") {
		t.Errorf("a plan without data: %q, %v", preview.Problems, err)
	}
	if err := data.WriteDemo(t.Context(), demoDir(p.dir())); err != nil {
		t.Fatal(err)
	}
	o, err := p.Look(t.Context(), sweep.StartRequest{Demo: true})
	if err != nil || o.Images == 0 || o.Parts["train"] == 0 || len(o.Tasks) != 3 {
		t.Errorf("%+v, %v", o, err)
	}
	other, err := p.Look(t.Context(), sweep.StartRequest{Demo: true, Seeds: []uint64{7}})
	if err != nil || other.Images != o.Images || reflect.DeepEqual(other, o) {
		t.Errorf("another seed gives the same split: %v", err)
	}
}
