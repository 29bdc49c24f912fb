package sweep

import (
	"fmt"
	"strings"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// statements says in sentences how the table is to be read and what it cannot
// tell; pairs is what Indistinguishable found.
func (t *Table) statements(pairs []Pair) []string {
	if len(t.Columns) == 0 {
		return nil
	}
	best, on := "the best value of a row is bold", ""
	if t.groups > 1 {
		best = "the best value of a row among the columns on the same data is bold"
	} else if n := t.testImages(); n > 0 {
		on = fmt.Sprintf(" (%s images)", thousands(n))
	}
	text := "Test split" + on + " at each run's best epoch; " + best
	for _, c := range t.Columns {
		if c.N > 1 {
			text += "; mean ± standard deviation of the sample over n runs"
			break
		}
	}
	out := []string{text + "."}
	if t.groups > 1 {
		out = append(out, "The columns are not all on the same data: values with different data after their titles were measured on other images or other labels and cannot be compared.")
	}
	return append(out, t.pairNotes(pairs)...)
}

// testImages is the number of images of the test split; 0 when it is not known.
func (t *Table) testImages() int {
	for _, r := range t.Results {
		if r.Test != nil && r.Counts != nil {
			return int(r.Counts.Images)
		}
	}
	return 0
}

// pairNotes says in words which columns cannot be told apart, and which can.
func (t *Table) pairNotes(pairs []Pair) []string {
	var notes []string
	for _, p := range pairs {
		notes = append(notes, fmt.Sprintf("%s ≈ %s: the test images cannot tell their macro-F1 apart (paired bootstrap, p = %.2f)",
			t.columnTitle(p.A), t.columnTitle(p.B), p.P))
	}
	how := fmt.Sprintf("(paired bootstrap of macro-F1, %d resamples, p under %.2g)", resamples, significance)
	switch all := t.comparable(); {
	case all == 0 || all == len(pairs):
	case len(pairs) > 0:
		notes = append(notes, fmt.Sprintf("In the other %d of %d pairs of columns one is better by more than chance %s", all-len(pairs), all, how))
	case all == 1:
		notes = append(notes, "One of the two columns is better by more than chance "+how)
	default:
		notes = append(notes, fmt.Sprintf("In each of the %d pairs of columns one is better by more than chance %s", all, how))
	}
	return notes
}

// comparable counts the pairs of columns that the bootstrap compares.
func (t *Table) comparable() int {
	n := 0
	for a := range t.Columns {
		for b := a + 1; b < len(t.Columns); b++ {
			if t.bootstraps(a) && t.bootstraps(b) && t.sameImages(a, b) {
				n++
			}
		}
	}
	return n
}

// origin is one fact of where a run comes from.
type origin struct{ name, Value string }

// origins lists what a run rests on, in the order of importance.
func origins(r run.Record) []origin {
	p := r.Provenance
	weights := p.WeightsDigest
	if weights == "" {
		weights = "random"
	}
	return []origin{
		{"config", p.ConfigDigest},
		{"data", p.DataDigest},
		{"first weights", weights},
		{"version", p.Version},
		{"engine", p.Engine},
		{"device", p.Device},
	}
}

// provenanceNotes says what the runs rest on: what they share in one line, then a
// line a run with what is its own.
func (t *Table) provenanceNotes() []string {
	var known []run.Record
	for _, r := range t.Results {
		if r.Record.Provenance != (run.Provenance{}) {
			known = append(known, r.Record)
		}
	}
	if len(known) == 0 {
		return nil
	}
	shared := origins(known[0])
	for _, r := range known[1:] {
		for i, o := range origins(r) {
			if o != shared[i] {
				shared[i].Value = ""
			}
		}
	}
	var notes []string
	if all := words(shared); all != "" {
		who := fmt.Sprintf("Shared by %d runs: ", len(known))
		if len(known) == 1 {
			who = "The run: "
		}
		notes = append(notes, who+all)
	}
	for _, r := range known {
		own := origins(r)
		for i := range own {
			if shared[i].Value != "" {
				own[i].Value = ""
			}
		}
		best := ""
		if r.Best != nil {
			best = fmt.Sprintf(", best epoch %d of %d", r.Best.Epoch, r.Spec.Epochs)
		}
		text := fmt.Sprintf("%s: seed %d%s", r.Spec.ID, r.Spec.Seed, best)
		if rest := words(own); rest != "" {
			text += ", " + rest
		}
		notes = append(notes, text)
	}
	return notes
}

func words(all []origin) string {
	var parts []string
	for _, o := range all {
		if o.Value != "" {
			parts = append(parts, o.name+" "+o.Value)
		}
	}
	return strings.Join(parts, ", ")
}
