package sweep

import (
	"math"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

type tableJSON struct {
	Sweep             string           `json:"sweep"`
	Metrics           []string         `json:"metrics"`
	Runs              []runJSON        `json:"runs"`
	Models            []modelJSON      `json:"models"`
	Indistinguishable [][]any          `json:"indistinguishable"` // [a, b, p]
	Bootstrap         bootstrapJSON    `json:"bootstrap"`
	Notes             []string         `json:"notes"` // how to read it, in sentences
	Provenance        sharedProvenance `json:"provenance"`
}

// bootstrapJSON says how columns were compared.
type bootstrapJSON struct {
	Metric    string  `json:"metric"`
	Resamples int     `json:"resamples"`
	Level     float64 `json:"level"` // a pair with a smaller p is told apart
	Pairs     int     `json:"pairs"` // that could be compared
}

type runJSON struct {
	Listing
	Values     *run.Values    `json:"values"` // null when the run has no test values
	Provenance run.Provenance `json:"provenance"`
}

type modelJSON struct {
	Model string     `json:"model"`
	N     int        `json:"n"`
	Seeds []uint64   `json:"seeds"` // of the n runs
	Mean  run.Values `json:"mean"`
	Std   run.Values `json:"std"`
}

// sharedProvenance is what all runs rest on; null where they differ or nothing is known.
type sharedProvenance struct {
	Config  *string `json:"config"`
	Data    *string `json:"data"`
	Weights *string `json:"weights"`
	Version *string `json:"version"`
	Engine  *string `json:"engine"`
	Device  *string `json:"device"`
}

func (t *Table) sharedProvenance() sharedProvenance {
	shared := func(of func(run.Provenance) string) *string {
		var first *string
		for _, r := range t.Results {
			v := of(r.Record.Provenance)
			if v == "" || (first != nil && *first != v) {
				return nil
			}
			first = &v
		}
		return first
	}
	return sharedProvenance{
		Config:  shared(func(p run.Provenance) string { return p.ConfigDigest }),
		Data:    shared(func(p run.Provenance) string { return p.DataDigest }),
		Weights: shared(func(p run.Provenance) string { return p.WeightsDigest }),
		Version: shared(func(p run.Provenance) string { return p.Version }),
		Engine:  shared(func(p run.Provenance) string { return p.Engine }),
		Device:  shared(func(p run.Provenance) string { return p.Device }),
	}
}

// ordered returns the metrics of values in the order of the keys; nil stays nil.
func (t *Table) ordered(values run.Values) *run.Values {
	if values == nil {
		return nil
	}
	out := run.Values{}
	for _, key := range t.Keys {
		if v, ok := values.Get(key); ok {
			out = append(out, run.Value{Key: key, V: v})
		}
	}
	return &out
}

func valueOf(key string, v float64) run.Value {
	return run.Value{Key: key, V: v}
}

// Listing is a run as lists of runs show it; unknown values are null.
type Listing struct {
	ID      string       `json:"id"`
	Sweep   string       `json:"sweep"`
	Model   string       `json:"model"`
	Seed    uint64       `json:"seed"`
	Head    string       `json:"head"`
	State   run.State    `json:"state"`
	Reason  *string      `json:"reason"`
	Epoch   int          `json:"epoch"`
	Epochs  int          `json:"epochs"`
	Step    int          `json:"step"`
	Steps   *int         `json:"steps"`
	Best    *ListingBest `json:"best"`
	Engine  *string      `json:"engine"`
	Started *time.Time   `json:"started"`
	Ended   *time.Time   `json:"ended"`
}

// ListingBest is the best epoch of a Listing.
type ListingBest struct {
	Epoch  int      `json:"epoch"`
	Metric string   `json:"metric"`
	Value  *float64 `json:"value"`
}

// NewListing lists a record.
func NewListing(r run.Record) Listing {
	l := Listing{
		ID: r.Spec.ID, Sweep: r.Spec.Sweep, Model: r.Spec.Model, Seed: r.Spec.Seed, Head: r.Spec.Head,
		State: r.State, Reason: known(r.Reason), Epoch: r.Epoch, Epochs: r.Spec.Epochs,
		Step: r.Step, Steps: known(r.Steps), Engine: known(r.Provenance.Engine),
		Started: knownTime(r.Started), Ended: knownTime(r.Ended),
	}
	if r.Best != nil {
		l.Best = &ListingBest{Epoch: r.Best.Epoch, Metric: r.Best.Metric}
		if !math.IsNaN(r.Best.Value) && !math.IsInf(r.Best.Value, 0) {
			l.Best.Value = &r.Best.Value
		}
	}
	return l
}

func known[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

func knownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
