package sweep

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Bound is what --fail-under asks of every run: the test value of a metric must
// not be under it. For a loss, where less is better, it must not be over it.
type Bound struct {
	Metric string
	Value  float64
}

// ParseBounds reads the values of --fail-under, METRIC=VALUE each; the metrics
// are those of the tasks.
func ParseBounds(args []string, tasks []run.Task) ([]Bound, error) {
	var bounds []Bound
	for _, arg := range args {
		at := strings.LastIndex(arg, "=") // a task's name may hold one
		if at < 0 {
			return nil, fmt.Errorf("--fail-under %q: want METRIC=VALUE, such as macro_f1=0.95", arg)
		}
		metric, text := arg[:at], arg[at+1:]
		if keys := run.MetricKeys(tasks); !slices.Contains(keys, metric) {
			return nil, fmt.Errorf("--fail-under %q: no such metric: want one of %s", arg, strings.Join(keys, ", "))
		}
		value, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
			return nil, fmt.Errorf("--fail-under %q: %q is no number", arg, text)
		}
		bounds = append(bounds, Bound{metric, value})
	}
	return bounds, nil
}

// Missed says in a sentence each which results miss which bounds. A run without
// a test value of the metric misses every bound on it.
func Missed(bounds []Bound, results []Result) []string {
	var missed []string
	for _, b := range bounds {
		for _, r := range results {
			v, ok := r.Test.Get(b.Metric)
			id := r.Record.Spec.ID
			lower := run.LowerIsBetter(b.Metric)
			switch {
			case !ok || math.IsNaN(v):
				missed = append(missed, fmt.Sprintf("%s: test %s has no value, wanted %s", id, b.Metric, b.wanted()))
			case lower && v > b.Value:
				missed = append(missed, fmt.Sprintf("%s: test %s %s is over %s", id, b.Metric, number(v), number(b.Value)))
			case !lower && v < b.Value:
				missed = append(missed, fmt.Sprintf("%s: test %s %s is under %s", id, b.Metric, number(v), number(b.Value)))
			}
		}
	}
	return missed
}

func (b Bound) wanted() string {
	if run.LowerIsBetter(b.Metric) {
		return "at most " + number(b.Value)
	}
	return "at least " + number(b.Value)
}

// number writes v in full: rounded, a value just under its bound would look equal to it.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
