package metric

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

type fixture struct {
	Name    string             `json:"name"`
	Tasks   []string           `json:"tasks"`
	Classes []int              `json:"classes"`
	Truth   [][]int32          `json:"truth"` // [image][task]
	Pred    [][]int32          `json:"pred"`
	Metrics map[string]float64 `json:"metrics"`
}

func fixtures(t *testing.T) []fixture {
	t.Helper()
	raw, err := os.ReadFile("testdata/metrics.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Cases []fixture }
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Cases) != 13 {
		t.Fatalf("%d fixtures, want 13", len(doc.Cases))
	}
	return doc.Cases
}

func tasksOf(names []string, classes []int) []run.Task {
	var ts []run.Task
	for i, n := range names {
		ts = append(ts, run.Task{Name: n, Classes: make([]string, classes[i])})
	}
	return ts
}

// byTask turns [image][task] into [task][image].
func byTask(rows [][]int32, tasks int) [][]int32 {
	out := make([][]int32, tasks)
	for _, row := range rows {
		for t, v := range row {
			out[t] = append(out[t], v)
		}
	}
	return out
}

// The fixtures were computed by scikit-learn 1.9.1.
func TestValuesAgreeWithScikitLearn(t *testing.T) {
	for _, f := range fixtures(t) {
		t.Run(f.Name, func(t *testing.T) {
			tasks := tasksOf(f.Tasks, f.Classes)
			truth, pred := byTask(f.Truth, len(tasks)), byTask(f.Pred, len(tasks))
			c := NewCounter(tasks)
			half := len(f.Truth) / 2 // two batches of different size
			for _, r := range [][2]int{{0, half}, {half, len(f.Truth)}} {
				a, b := make([][]int32, len(tasks)), make([][]int32, len(tasks))
				for k := range tasks {
					a[k], b[k] = truth[k][r[0]:r[1]], pred[k][r[0]:r[1]]
				}
				if err := c.Add(a, b); err != nil {
					t.Fatal(err)
				}
			}
			vs := Values(tasks, c.Counts())
			var keys []string
			for _, v := range vs {
				keys = append(keys, v.Key)
				if v.Key == "loss" {
					if !math.IsNaN(v.V) {
						t.Errorf("loss %v without logits, want NaN", v.V)
					}
					continue
				}
				want, ok := f.Metrics[v.Key]
				if !ok {
					t.Errorf("%s is not in the fixture", v.Key)
				}
				if d := math.Abs(v.V - want); !(d <= 1e-9) {
					t.Errorf("%s = %.12f, want %.12f", v.Key, v.V, want)
				}
			}
			if want := run.MetricKeys(tasks); !slices.Equal(keys, want) {
				t.Errorf("keys %v, want %v", keys, want)
			}
			got := NewMacroF1(f.Classes).Of(truth, pred, nil)
			if d := math.Abs(got - f.Metrics["macro_f1"]); !(d <= 1e-9) {
				t.Errorf("MacroF1.Of = %.12f, want %.12f", got, f.Metrics["macro_f1"])
			}
		})
	}
}

// A published result over 2,726 images: the integer counts behind four columns
// of a table, and the table's four decimals.
func TestValuesOfPublishedTable(t *testing.T) {
	const N = 2726
	tasks := tasksOf([]string{"action", "emotion", "situation"}, []int{2, 2, 2})
	keys := []string{"micro_f1", "partial_match", "exact_match", "acc_action", "acc_emotion", "acc_situation"}
	for _, c := range []struct {
		model   string
		right   [3]int64
		matched []int64 // none, one, two, all
		want    []string
	}{
		{"resnet18", [3]int64{2656, 2684, 2651}, []int64{19, 44, 42, 2621}, []string{"0.9771", "0.3310", "0.9615", "0.9743", "0.9846", "0.9725"}},
		{"resnet50", [3]int64{2644, 2677, 2630}, []int64{16, 58, 63, 2589}, []string{"0.9722", "0.3314", "0.9497", "0.9699", "0.9820", "0.9648"}},
		{"efficientnet_b4", [3]int64{2637, 2666, 2627}, []int64{17, 59, 79, 2571}, []string{"0.9697", "0.3313", "0.9431", "0.9674", "0.9780", "0.9637"}},
		{"convnext_base", [3]int64{2681, 2702, 2670}, []int64{8, 34, 33, 2651}, []string{"0.9847", "0.3324", "0.9725", "0.9835", "0.9912", "0.9795"}},
	} {
		counts := run.Counts{Images: N, Matched: c.matched}
		for _, r := range c.right {
			counts.Tasks = append(counts.Tasks, run.TaskCounts{Classes: 2, Confusion: []int64{r, N - r, 0, 0}})
		}
		vs := Values(tasks, counts)
		for i, key := range keys {
			v, _ := vs.Get(key)
			if got := fmt.Sprintf("%.4f", v); got != c.want[i] {
				t.Errorf("%s %s = %s, want %s", c.model, key, got, c.want[i])
			}
		}
		// Two ways to count the right labels of all images.
		micro, _ := vs.Get("micro_f1")
		if mean, _ := vs.Get("mean_match"); math.Abs(mean-micro) > 1e-12 {
			t.Errorf("%s mean_match %v, micro_f1 %v", c.model, mean, micro)
		}
	}
}

func TestAddLogits(t *testing.T) {
	tasks := tasksOf([]string{"a", "b"}, []int{3, 2})
	c := NewCounter(tasks)
	truth := [][]int32{{0, 2}, {1, 1}}
	logits := [][]float32{
		{1, 1, 0 /**/, 0, 5, 5},
		{1000, -1000 /**/, 0, 0},
	}
	pred, err := c.AddLogits(truth, logits)
	if err != nil {
		t.Fatal(err)
	}
	// Ties go to the lowest index.
	if want := [][]int32{{0, 1}, {0, 0}}; !slices.Equal(pred[0], want[0]) || !slices.Equal(pred[1], want[1]) {
		t.Errorf("predictions %v, want %v", pred, want)
	}
	counts := c.Counts()
	e := math.E
	wantA := (math.Log(2*e+1) - 1 + math.Log(1+2*math.Exp(5)) - 5) / 2
	wantB := (2000 + math.Ln2) / 2
	if d := math.Abs(counts.Tasks[0].Loss - wantA); d > 1e-12 {
		t.Errorf("loss of a %.15f, want %.15f", counts.Tasks[0].Loss, wantA)
	}
	if d := math.Abs(counts.Tasks[1].Loss - wantB); d > 1e-9 {
		t.Errorf("loss of b %.15f, want %.15f", counts.Tasks[1].Loss, wantB)
	}
	if loss, _ := Values(tasks, counts).Get("loss"); math.Abs(loss-wantA-wantB) > 1e-9 {
		t.Errorf("loss %v, want the sum %v", loss, wantA+wantB)
	}
	if want := []int64{1, 1, 0}; !slices.Equal(counts.Matched, want) {
		t.Errorf("matched %v, want %v", counts.Matched, want)
	}
}

func TestArgmax(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		row  []float32
		want int32
	}{
		{[]float32{1, 3, 3}, 1},
		{[]float32{2, 2, 2}, 0},
		{[]float32{-3, -1, -2}, 1},
		{[]float32{nan, -1, 0}, 2},
		{[]float32{0, nan, 1}, 2},
		{[]float32{nan, nan}, 0},
	} {
		if got := Argmax(c.row); got != c.want {
			t.Errorf("Argmax(%v) = %d, want %d", c.row, got, c.want)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	tasks := tasksOf([]string{"a", "b"}, []int{2, 2})
	for name, c := range map[string]struct{ truth, pred [][]int32 }{
		"label too large":      {[][]int32{{2}, {0}}, [][]int32{{0}, {0}}},
		"negative prediction":  {[][]int32{{0}, {0}}, [][]int32{{0}, {-1}}},
		"a task is missing":    {[][]int32{{0}}, [][]int32{{0}}},
		"lengths differ":       {[][]int32{{0, 1}, {0}}, [][]int32{{0, 1}, {0}}},
		"prediction too short": {[][]int32{{0}, {0}}, [][]int32{{0}, {}}},
	} {
		k := NewCounter(tasks)
		if err := k.Add(c.truth, c.pred); err == nil {
			t.Errorf("%s: no error", name)
		}
		if n := k.Counts().Images; n != 0 {
			t.Errorf("%s: %d images counted", name, n)
		}
	}
}

func TestNothingCounted(t *testing.T) {
	tasks := tasksOf([]string{"a"}, []int{2})
	for _, v := range Values(tasks, NewCounter(tasks).Counts()) {
		if !math.IsNaN(v.V) {
			t.Errorf("%s of no image = %v, want NaN", v.Key, v.V)
		}
	}
}

func TestMacroF1OfSample(t *testing.T) {
	truth, pred := [][]int32{{0, 0, 1, 2}}, [][]int32{{0, 1, 1, 0}}
	m := NewMacroF1([]int{3})
	// Images 0, 0 and 2: both classes perfect, class 2 does not occur.
	if got := m.Of(truth, pred, []int32{0, 0, 2}); got != 1 {
		t.Errorf("sample without a mistake: %v, want 1", got)
	}
	// Images 1 and 3: nothing right, classes 0, 1 and 2 occur.
	if got := m.Of(truth, pred, []int32{1, 3}); got != 0 {
		t.Errorf("sample of mistakes: %v, want 0", got)
	}
	// Images 0 and 1: class 0 has 1 of 2, F1 2/3; class 1 only predicted.
	if got, want := m.Of(truth, pred, []int32{0, 1}), 1.0/3; math.Abs(got-want) > 1e-15 {
		t.Errorf("mixed sample: %v, want %v", got, want)
	}
	sample := []int32{0, 1, 2, 3}
	if n := testing.AllocsPerRun(10, func() { m.Of(truth, pred, sample) }); n != 0 {
		t.Errorf("%v allocations a call, want none", n)
	}
}
