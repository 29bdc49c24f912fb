package sweep

import (
	"slices"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// untested is the group of a run without test values.
const untested = -1

// group numbers the data sets that the results were tested on: a number for
// each result, from 0 in order of their appearance.
func (t *Table) group() []int {
	groups := make([]int, len(t.Results))
	var of []run.Record // the first of each group
	for i, r := range t.Results {
		groups[i] = untested
		if r.Test == nil {
			continue
		}
		at := slices.IndexFunc(of, func(first run.Record) bool { return sameData(first, r.Record) })
		if at < 0 {
			at = len(of)
			of = append(of, r.Record)
		}
		groups[i] = at
	}
	t.groups = len(of)
	return groups
}

// sameData reports whether two runs were tested on the same images with the same
// labels, so that their values can be compared.
func sameData(a, b run.Record) bool {
	return a.Provenance.DataDigest == b.Provenance.DataDigest &&
		slices.EqualFunc(a.Spec.Tasks, b.Spec.Tasks, func(x, y run.Task) bool {
			return x.Name == y.Name && slices.Equal(x.Classes, y.Classes)
		})
}

// short is the beginning of a digest, to tell a few apart.
func short(digest string) string { return digest[:min(8, len(digest))] }
