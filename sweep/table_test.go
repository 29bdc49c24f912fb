package sweep

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func tableTasks() []run.Task {
	return []run.Task{
		{Name: "action", Classes: []string{"걷기", "눕기"}},
		{Name: "감정", Classes: []string{"편안", "화남", "공포"}},
		{Name: "a|b_c", Classes: []string{"x", "y"}},
	}
}

// result is a finished run whose metrics are v, but its loss 1 - v.
func result(model string, seed uint64, v float64) Result {
	tasks := tableTasks()
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	r := Result{Record: run.Record{
		Spec: run.Spec{
			ID: fmt.Sprintf("cats-%s-s%d", model, seed), Sweep: "cats", Launch: "1a2b3c",
			Model: model, Seed: seed, Head: run.HeadMulti, Tasks: tasks, Epochs: 30,
		},
		State: run.Done, Epoch: 30, Step: 900, Steps: 900, Started: start, Ended: start.Add(372 * time.Second),
		Best:       &run.Best{Epoch: 27, Metric: "macro_f1", Value: v + 0.001},
		Provenance: run.Provenance{ConfigDigest: "c0ffee", DataDigest: "da7a", Version: "v1", Engine: "host", Device: "2 threads"},
	}}
	for i, key := range run.MetricKeys(tasks) {
		x := v + float64(i)/1e3
		if key == "loss" {
			x = 1 - v
		}
		r.Test = append(r.Test, run.Value{Key: key, V: x})
	}
	return r
}

// unfinished is a run without a result.
func unfinished(model string, seed uint64) Result {
	r := result(model, seed, 0)
	r.Test, r.Record.State, r.Record.Reason = nil, run.Failed, "the worker was killed (signal 9; out of memory?)"
	r.Record.Best, r.Record.Ended = nil, time.Time{}
	r.Record.Epoch, r.Record.Step, r.Record.Steps = 0, 0, 0
	r.Record.Provenance = run.Provenance{}
	return r
}

func fourBackbones() []Result {
	return []Result{
		result("resnet18", 42, 0.90004), result("resnet50", 42, 0.90001),
		result("efficientnet_b4", 42, 0.85), unfinished("convnext_base", 42),
	}
}

func severalSeeds() []Result {
	return []Result{
		result("resnet18", 42, 0.90), result("resnet18", 43, 0.91), result("resnet18", 44, 0.92),
		result("resnet50", 42, 0.95), unfinished("resnet50", 43),
	}
}

func TestExports(t *testing.T) {
	sets := map[string][]Result{"single": fourBackbones(), "seeds": severalSeeds(), "none": nil}
	for name, results := range sets {
		for _, by := range []By{ByModel, ByRun} {
			table := NewTable(results, by)
			var pairs []Pair
			if len(table.Columns) > 1 {
				pairs = []Pair{{table.Columns[0].Key, table.Columns[1].Key, 0.43}}
			}
			for _, format := range Formats() {
				t.Run(fmt.Sprint(name, " by ", by, " ", format), func(t *testing.T) {
					var b strings.Builder
					if err := table.Export(&b, format, pairs); err != nil {
						t.Fatal(err)
					}
					golden(t, fmt.Sprintf("table_%s_%s.%s", name, by, format), b.String())
					if format == "json" && !json.Valid([]byte(b.String())) {
						t.Error("no valid JSON")
					}
				})
			}
		}
	}
	if err := NewTable(nil, ByModel).Export(nil, "pdf", nil); err == nil || !strings.Contains(err.Error(), "md, csv, json, html") {
		t.Errorf("unknown format: %v", err)
	}
	if _, err := ParseBy("seed"); err == nil {
		t.Error("--by seed was taken")
	}
}

func TestBest(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name   string
		key    string
		values []float64
		best   []bool
	}{
		{"higher", "macro_f1", []float64{0.5, 0.7, 0.6}, []bool{false, true, false}},
		{"lower loss", "loss", []float64{0.5, 0.7, 0.6}, []bool{true, false, false}},
		{"tie as shown", "macro_f1", []float64{0.70001, 0.70004, 0.6}, []bool{true, true, false}},
		{"differ as shown", "macro_f1", []float64{0.70004, 0.70006, 0.6}, []bool{false, true, false}},
		{"nan", "macro_f1", []float64{nan, 0.1, nan}, []bool{false, true, false}},
		{"all nan", "macro_f1", []float64{nan, nan}, []bool{false, false}},
		{"infinite loss", "loss", []float64{math.Inf(1), 3}, []bool{false, true}},
		{"one", "macro_f1", []float64{0.5}, []bool{true}},
		{"zero", "macro_f1", []float64{0, 0}, []bool{true, true}},
	}
	for _, tt := range tests {
		var results []Result
		for i, v := range tt.values {
			r := result(fmt.Sprint("m", i), 1, 0.5)
			r.Test = run.Values{{Key: tt.key, V: v}}
			results = append(results, r)
		}
		if got := NewTable(results, ByModel).Best(tt.key); !slices.Equal(got, tt.best) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.best)
		}
	}
}

func TestSummarise(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		values []float64
		want   Cell
		text   string
	}{
		{nil, Cell{0, nan, nan}, "–"},
		{[]float64{0.25}, Cell{1, 0.25, nan}, "0.2500"},
		{[]float64{0.1, 0.1, 0.1}, Cell{3, 0.1, 0}, "0.1000 ± 0.0000"},
		{[]float64{2, 4, 4, 4, 5, 5, 7, 9}, Cell{8, 5, math.Sqrt(32.0 / 7)}, "5.0000 ± 2.1381"},
	}
	same := func(a, b float64) bool { return a == b || (math.IsNaN(a) && math.IsNaN(b)) || math.Abs(a-b) < 1e-15 }
	for _, tt := range tests {
		got := summarise(tt.values)
		if got.N != tt.want.N || !same(got.Mean, tt.want.Mean) || !same(got.Std, tt.want.Std) || got.Text() != tt.text {
			t.Errorf("%v: %+v %q, want %+v %q", tt.values, got, got.Text(), tt.want, tt.text)
		}
	}
}

// accuracy stands in for macro-F1: the bootstrap does not care.
func accuracy(_ []int, truth, pred [][]int32, sample []int32) float64 {
	right := 0
	for k := range truth {
		for _, i := range sample {
			if truth[k][i] == pred[k][i] {
				right++
			}
		}
	}
	return float64(right) / float64(len(sample)*len(truth))
}

// predicted gives a result predictions of 400 images with some wrong ones.
func predicted(r Result, digest string, wrong func(i int) bool) Result {
	tasks := len(r.Record.Spec.Tasks)
	p := &run.Predictions{DataDigest: digest, Truth: make([][]int32, tasks), Pred: make([][]int32, tasks)}
	for k := range tasks {
		for i := range 400 {
			truth := int32(i % 2)
			pred := truth
			if wrong(i) {
				pred = 1 - truth
			}
			p.Truth[k], p.Pred[k] = append(p.Truth[k], truth), append(p.Pred[k], pred)
		}
	}
	r.Predictions = p
	return r
}

func TestIndistinguishable(t *testing.T) {
	few := func(i int) bool { return i < 8 }                   // 98 % right
	fewOthers := func(i int) bool { return i >= 390 }          // 97.5 % right
	many := func(i int) bool { return i%4 == 0 }               // 75 % right
	manyMore := func(i int) bool { return i%4 == 0 || i < 12 } // its errors and a few more
	a := predicted(result("resnet18", 42, 0.9), "d", few)
	tests := []struct {
		name  string
		other Result
		want  bool
	}{
		{"the same", predicted(result("resnet50", 42, 0.9), "d", few), true},
		{"nearly the same", predicted(result("resnet50", 42, 0.9), "d", fewOthers), true},
		{"worse", predicted(result("resnet50", 42, 0.9), "d", many), false},
		{"other data", predicted(result("resnet50", 42, 0.9), "e", few), false},
		{"no predictions", result("resnet50", 42, 0.9), false},
		{"no result", unfinished("resnet50", 42), false},
	}
	for _, tt := range tests {
		table := NewTable([]Result{a, tt.other}, ByModel)
		pairs, err := table.Indistinguishable(t.Context(), accuracy)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(pairs) == 1; got != tt.want {
			t.Errorf("%s: %v", tt.name, pairs)
		}
		again, err := table.Indistinguishable(t.Context(), accuracy)
		if err != nil || !slices.Equal(pairs, again) {
			t.Errorf("%s: another p the second time: %v, %v", tt.name, pairs, again)
		}
		for _, p := range pairs {
			if p.A != "resnet18" || p.B != "resnet50" || p.P < significance || p.P > 1 {
				t.Errorf("%s: %+v", tt.name, p)
			}
		}
	}

	// Errors that one run has beyond those of another count although both share
	// many: pairing is what tells the two apart.
	table := NewTable([]Result{predicted(result("resnet18", 42, 0.9), "d", many), predicted(result("resnet50", 42, 0.9), "d", manyMore)}, ByModel)
	if pairs, err := table.Indistinguishable(t.Context(), accuracy); err != nil || len(pairs) != 0 {
		t.Errorf("paired: %v, %v", pairs, err)
	}

	// Several seeds count by their mean; columns of runs are compared one by one.
	seeds := []Result{a, predicted(result("resnet18", 43, 0.9), "d", fewOthers), predicted(result("resnet50", 42, 0.9), "d", many)}
	if pairs, err := NewTable(seeds, ByRun).Indistinguishable(t.Context(), accuracy); err != nil || len(pairs) != 1 || pairs[0].B != "cats-resnet18-s43" {
		t.Errorf("by run: %v, %v", pairs, err)
	}
	if pairs, err := NewTable(seeds, ByModel).Indistinguishable(t.Context(), accuracy); err != nil || len(pairs) != 0 {
		t.Errorf("by model: %v, %v", pairs, err)
	}
}

func TestTwoSided(t *testing.T) {
	tests := []struct {
		a, b []float64
		want float64
	}{
		{[]float64{1, 1, 1}, []float64{0, 0, 0}, 0.5},
		{[]float64{1, 1, 1}, []float64{1, 1, 1}, 1},
		{[]float64{1, 0, 1, 1, 1, 1, 1, 1, 1}, make([]float64, 9), 0.4},
	}
	for _, tt := range tests {
		if got := twoSided(tt.a, tt.b); got != tt.want {
			t.Errorf("%v %v: %v, want %v", tt.a, tt.b, got, tt.want)
		}
		if got := twoSided(tt.b, tt.a); got != tt.want {
			t.Errorf("%v %v turned round: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestBounds(t *testing.T) {
	tasks := tableTasks()
	results := []Result{result("resnet18", 42, 0.9), result("resnet50", 42, 0.8), unfinished("convnext_base", 42)}
	tests := []struct {
		arg    string
		missed []string
	}{
		{"macro_f1=0.85", []string{
			"cats-resnet50-s42: test macro_f1 0.801 is under 0.85",
			"cats-convnext_base-s42: test macro_f1 has no value, wanted at least 0.85",
		}},
		{"macro_f1=0.901", []string{
			"cats-resnet50-s42: test macro_f1 0.801 is under 0.901",
			"cats-convnext_base-s42: test macro_f1 has no value, wanted at least 0.901",
		}},
		{"loss=0.15", []string{
			"cats-resnet50-s42: test loss 0.19999999999999996 is over 0.15",
			"cats-convnext_base-s42: test loss has no value, wanted at most 0.15",
		}},
		{"acc_감정=0", []string{"cats-convnext_base-s42: test acc_감정 has no value, wanted at least 0"}},
	}
	for _, tt := range tests {
		bounds, err := ParseBounds([]string{tt.arg}, tasks)
		if err != nil {
			t.Fatal(err)
		}
		if got := Missed(bounds, results); !slices.Equal(got, tt.missed) {
			t.Errorf("%s:\n%s\nwant\n%s", tt.arg, strings.Join(got, "\n"), strings.Join(tt.missed, "\n"))
		}
	}
	odd := []run.Task{{Name: "k=v", Classes: []string{"x"}}}
	if b, err := ParseBounds([]string{"acc_k=v=0.5"}, odd); err != nil || b[0] != (Bound{"acc_k=v", 0.5}) {
		t.Errorf("a task with = in its name: %v, %v", b, err)
	}
	for _, bad := range []string{"", "macro_f1", "macro_f1=", "macro_f1=x", "macro_f1=NaN", "f1=0.5", "=1"} {
		if _, err := ParseBounds([]string{bad}, tasks); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestSummary(t *testing.T) {
	table := NewTable(fourBackbones(), ByModel)
	var b strings.Builder
	err := table.Summary(&b, []Pair{{"resnet18", "resnet50", 0.43}}, []string{"cats-resnet50-s42: test macro_f1 0.901 is under 0.95"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.md", b.String())
}
