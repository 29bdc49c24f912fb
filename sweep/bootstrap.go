package sweep

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Score rates the predictions of the images in sample (indices, repeats
// allowed) by macro-F1. classes holds the number of classes of each task; truth
// and pred are task-major.
type Score func(classes []int, truth, pred [][]int32, sample []int32) float64

// Pair is two columns of a table that the test images cannot tell apart.
type Pair struct {
	A, B string  // keys of the columns
	P    float64 // two-sided, 0.05 or more
}

const (
	resamples    = 2000
	significance = 0.05
	resampleSeed = 20201215 // any constant: the same predictions give the same p every time
)

// Indistinguishable finds the pairs of columns whose difference in macro-F1 may
// well be chance: a paired bootstrap over the test images (Efron & Tibshirani,
// An Introduction to the Bootstrap, 1993, chapter 16). Every resample draws the
// same images for all runs; a column's score is the mean over its runs; p is
// twice the smaller share of resamples on one side of a tie, each side counted
// with one more. Runs are compared only where data and truth are the same.
func (t *Table) Indistinguishable(ctx context.Context, score Score) ([]Pair, error) {
	scores := make([][]float64, len(t.Columns)) // [column][resample]
	for c := range t.Columns {
		var err error
		if scores[c], err = t.columnScores(ctx, c, score); err != nil {
			return nil, err
		}
	}
	var pairs []Pair
	for a := range t.Columns {
		for b := a + 1; b < len(t.Columns); b++ {
			if scores[a] == nil || scores[b] == nil || !t.sameImages(a, b) {
				continue
			}
			if p := twoSided(scores[a], scores[b]); p >= significance {
				pairs = append(pairs, Pair{t.Columns[a].Key, t.Columns[b].Key, p})
			}
		}
	}
	return pairs, nil
}

func twoSided(a, b []float64) float64 {
	below, above := 1, 1
	for i := range a {
		if a[i] <= b[i] {
			below++
		}
		if a[i] >= b[i] {
			above++
		}
	}
	return min(1, 2*float64(min(below, above))/float64(len(a)+1))
}

// columnScores is the column's mean score in every resample; nil when one of
// its runs has no predictions or other images than the rest.
func (t *Table) columnScores(ctx context.Context, c int, score Score) ([]float64, error) {
	if !t.bootstraps(c) {
		return nil, nil
	}
	runs := t.scored(c)
	mean := make([]float64, resamples)
	var wg sync.WaitGroup
	const parts = 8
	for part := range parts {
		wg.Go(func() {
			for i := part; i < resamples && ctx.Err() == nil; i += parts {
				sample := resample(i, len(runs[0].Predictions.Truth[0]))
				for _, r := range runs {
					mean[i] += score(classCounts(r.Record.Spec.Tasks), r.Predictions.Truth, r.Predictions.Pred, sample)
				}
				mean[i] /= float64(len(runs))
			}
		})
	}
	wg.Wait()
	return mean, ctx.Err()
}

// bootstraps reports whether all of the column's runs have predictions of the
// same images.
func (t *Table) bootstraps(c int) bool {
	runs := t.scored(c)
	if len(runs) == 0 || len(runs) < t.Columns[c].N {
		return false
	}
	return !slices.ContainsFunc(runs[1:], func(r Result) bool {
		return !sameTruth(runs[0].Predictions, r.Predictions)
	})
}

// scored lists the column's runs whose predictions are complete.
func (t *Table) scored(c int) []Result {
	var runs []Result
	for _, i := range t.Columns[c].results {
		r := t.Results[i]
		if r.Test != nil && complete(r.Predictions, len(r.Record.Spec.Tasks)) {
			runs = append(runs, r)
		}
	}
	return runs
}

func complete(p *run.Predictions, tasks int) bool {
	if p == nil || tasks == 0 || len(p.Truth) != tasks || len(p.Pred) != tasks || len(p.Truth[0]) == 0 {
		return false
	}
	for k := range tasks {
		if len(p.Truth[k]) != len(p.Truth[0]) || len(p.Pred[k]) != len(p.Truth[0]) {
			return false
		}
	}
	return true
}

func (t *Table) sameImages(a, b int) bool {
	return sameTruth(t.scored(a)[0].Predictions, t.scored(b)[0].Predictions)
}

func sameTruth(a, b *run.Predictions) bool {
	return a.DataDigest == b.DataDigest && slices.EqualFunc(a.Truth, b.Truth, slices.Equal)
}

// resample draws n of n images with replacement; it depends on i and n alone.
func resample(i, n int) []int32 {
	r := rand.New(rand.NewPCG(resampleSeed, uint64(i)))
	sample := make([]int32, n)
	for k := range sample {
		sample[k] = int32(r.IntN(n))
	}
	return sample
}

func classCounts(tasks []run.Task) []int {
	n := make([]int, len(tasks))
	for i, t := range tasks {
		n[i] = len(t.Classes)
	}
	return n
}
