package sweep

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// reported gives a result curves and confusion counts.
func reported(r Result, epochs int) Result {
	for e := 1; e <= epochs; e++ {
		p := CurvePoint{Epoch: e, Train: 3 / float64(e), Loss: 2 / float64(e), MacroF1: 1 - 1/float64(e+1)}
		if e == 2 {
			p.Loss = math.NaN()
		}
		r.Curve = append(r.Curve, p)
	}
	r.Record.Best.Epoch = epochs
	c := &run.Counts{Images: 40}
	for _, task := range r.Record.Spec.Tasks {
		n := len(task.Classes)
		k := run.TaskCounts{Classes: n, Confusion: make([]int64, n*n)}
		for i := range k.Confusion {
			k.Confusion[i] = int64(i * 7 % 5)
		}
		c.Tasks = append(c.Tasks, k)
	}
	r.Counts = c
	return r
}

// hostile has names that must not become markup.
func hostile(r Result) Result {
	r.Record.Spec.Sweep = "</title><script>alert(1)</script>"
	r.Record.Spec.Tasks = slices.Clone(r.Record.Spec.Tasks)
	r.Record.Spec.Tasks[0] = run.Task{Name: "a\"><b>", Classes: []string{"<script>x</script>", "</text></svg>&amp;"}}
	return r
}

func page0(t *testing.T, results ...Result) string {
	t.Helper()
	var b strings.Builder
	if err := NewTable(results, ByModel).HTML(&b, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReportPage(t *testing.T) {
	golden(t, "report.html", page0(t, reported(result("resnet18", 42, 0.9), 4), reported(result("resnet18", 43, 0.91), 4),
		reported(result("resnet50", 42, 0.92), 1), unfinished("convnext_base", 42)))
}

// The page needs nothing else, runs nothing and keeps names as text.
func TestReportPageIsSelfContained(t *testing.T) {
	text := page0(t, hostile(reported(result("resnet18", 42, 0.9), 3)))
	for _, bad := range []string{"<script", "http:", "https:", "url(", "@import", "src=", "href=", "<b>", "</svg>&amp;amp;<"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	if !strings.Contains(text, "&lt;script&gt;x&lt;/script&gt;") {
		t.Error("the class's name is not in the page")
	}
	// Well-formed to the end: no name has broken out of its element.
	d := xml.NewDecoder(strings.NewReader(text[strings.Index(text, "<body>"):strings.Index(text, "</html>")]))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// Runs on other images or labels have columns of their own, bold values of their
// own, and a sentence.
func TestRunsOnOtherDataAreNotCompared(t *testing.T) {
	merged := result("resnet18", 42, 0.95)
	merged.Record.Spec.Tasks = slices.Clone(merged.Record.Spec.Tasks)
	merged.Record.Spec.Tasks[1].Classes = merged.Record.Spec.Tasks[1].Classes[:2]
	merged.Record.Provenance.DataDigest, merged.Record.Spec.ConfigDigest = "beefbeefbeef", "decade00decade00"
	table := NewTable([]Result{result("resnet18", 42, 0.9), result("resnet18", 43, 0.92), merged, result("resnet50", 42, 0.91), unfinished("resnet50", 43)}, ByModel)
	var titles, keys []string
	for _, c := range table.Columns {
		titles, keys = append(titles, c.Title), append(keys, c.Key)
	}
	if want := []string{"ResNet18 (n=2) · data da7a · config ", "ResNet18 · data beefbeef · config decade00", "ResNet50 · data da7a"}; !slices.Equal(titles, want) {
		t.Errorf("titles %q, want %q", titles, want)
	}
	if want := []string{"resnet18", "resnet18@decade00", "resnet50"}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	if got := table.Best("macro_f1"); !slices.Equal(got, []bool{true, true, true}) { // 0.91 on both, and 0.95 alone
		t.Errorf("best %v", got)
	}
	if all := strings.Join(table.statements(nil), "\n"); !strings.Contains(all, "cannot be compared") {
		t.Errorf("no word of it in\n%s", all)
	}
	if all := strings.Join(NewTable(fourBackbones(), ByModel).statements(nil), "\n"); strings.Contains(all, "cannot be compared") {
		t.Errorf("on the same data:\n%s", all)
	}
}

// Runs of another config have columns of their own, and are compared.
func TestRunsOfOtherConfigsHaveTheirColumns(t *testing.T) {
	longer := func(seed uint64, v float64) Result {
		r := result("resnet18", seed, v)
		r.Record.Spec.ConfigDigest = "feedfeedfeed"
		return r
	}
	results := []Result{result("resnet18", 42, 0.9), result("resnet18", 43, 0.92), longer(42, 0.95), longer(43, 0.97), result("resnet50", 42, 0.91)}
	for i := range results {
		if results[i].Record.Spec.ConfigDigest == "" {
			results[i].Record.Spec.ConfigDigest = "c0ffeec0ffee"
		}
	}
	table := NewTable(results, ByModel)
	var titles, keys []string
	for _, c := range table.Columns {
		titles, keys = append(titles, c.Title), append(keys, c.Key)
	}
	if want := []string{"ResNet18 (n=2) · config c0ffeec0", "ResNet18 (n=2) · config feedfeed", "ResNet50"}; !slices.Equal(titles, want) {
		t.Errorf("titles %q, want %q", titles, want)
	}
	if want := []string{"resnet18", "resnet18@feedfeed", "resnet50"}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	if got := table.Best("macro_f1"); !slices.Equal(got, []bool{false, true, false}) {
		t.Errorf("best %v", got)
	}
	for _, c := range NewTable(results, ByRun).Columns {
		if strings.Contains(c.Title, "config") {
			t.Errorf("by run: %q", c.Title)
		}
	}
}

func TestPairNotesSayWhatIsToldApart(t *testing.T) {
	few := func(i int) bool { return i < 8 }
	fewOthers := func(i int) bool { return i >= 390 }
	many := func(i int) bool { return i%4 == 0 }
	for _, c := range []struct {
		name  string
		wrong []func(int) bool
		want  []string
	}{
		{"one", []func(int) bool{few}, nil},
		{"alike", []func(int) bool{few, fewOthers}, []string{"m0 ≈ m1"}},
		{"apart", []func(int) bool{few, many}, []string{"One of the two columns is better by more than chance (paired bootstrap of macro-F1, 2000 resamples, p under 0.05)"}},
		{"both", []func(int) bool{few, fewOthers, many}, []string{"m0 ≈ m1", "In the other 2 of 3 pairs"}},
	} {
		var results []Result
		for i, wrong := range c.wrong {
			results = append(results, predicted(result("m"+string(rune('0'+i)), 42, 0.9), "d", wrong))
		}
		table := NewTable(results, ByModel)
		pairs, err := table.Indistinguishable(t.Context(), accuracy)
		if err != nil {
			t.Fatal(err)
		}
		got := table.pairNotes(pairs)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q", c.name, got)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], c.want[i]) {
				t.Errorf("%s: %q, want %q", c.name, got[i], c.want[i])
			}
		}
	}
}

func TestTidyCSV(t *testing.T) {
	var b strings.Builder
	if err := NewTable(severalSeeds(), ByModel).TidyCSV(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "tidy.csv", b.String())
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(rows) != 6 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestNiceTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		want   []float64
	}{
		{0, 1, []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		{0, 4.7, []float64{0, 1, 2, 3, 4, 5}},
		{0.31, 0.49, []float64{0.3, 0.35, 0.4, 0.45, 0.5}},
		{0.5, 0.5, []float64{0.5, 0.6}},
		{0, 0, []float64{0, 0.0002}},
	} {
		got := niceTicks(c.lo, c.hi, 5)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
			t.Errorf("%v to %v: %v, want %v", c.lo, c.hi, got, c.want)
		}
	}
}

func TestLoadTraining(t *testing.T) {
	results := []Result{reported(result("resnet18", 42, 0.9), 3)}
	steps := stepsOf{1: {2, 4}, 2: {1}}
	if err := LoadTraining(steps, results); err != nil {
		t.Fatal(err)
	}
	c := results[0].Curve
	if c[0].Train != 3 || c[1].Train != 1 || !math.IsNaN(c[2].Train) {
		t.Errorf("%+v", c)
	}
}

// stepsOf holds losses by epoch.
type stepsOf map[int][]float64

func (s stepsOf) Steps(_ string, fn func(run.Event) error) error {
	for epoch, losses := range s {
		for _, v := range losses {
			if err := fn(run.Event{Type: run.EventStep, Epoch: epoch, Values: run.Values{{Key: "loss", V: v}}}); err != nil {
				return err
			}
		}
	}
	return nil
}
