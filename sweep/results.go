package sweep

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// Selection chooses runs of a store. Empty, it takes those of the newest launch.
type Selection struct {
	Sweep string   // runs of the newest launch of the sweep with this name
	IDs   []string // these runs, by id or the unmistakable beginning of one
}

// ErrNoRuns is matched by the error of a selection without runs.
var ErrNoRuns = errors.New("no runs")

// Select returns the chosen runs, in the order of their plan or of the ids.
func Select(st Records, sel Selection) ([]run.Record, error) {
	if len(sel.IDs) > 0 {
		var records []run.Record
		for _, id := range sel.IDs {
			r, err := st.Run(id)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(records, func(have run.Record) bool { return have.Spec.ID == r.Spec.ID }) {
				records = append(records, r)
			}
		}
		return records, nil
	}
	all, err := st.Runs()
	if err != nil {
		return nil, err
	}
	if sel.Sweep != "" {
		names := sweepNames(all)
		all = slices.DeleteFunc(all, func(r run.Record) bool { return r.Spec.Sweep != sel.Sweep })
		if len(all) == 0 && len(names) > 0 {
			return nil, fmt.Errorf("sweep %q: %w in the store; it has %s", sel.Sweep, ErrNoRuns, strings.Join(names, ", "))
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w in the store: start some with sweep --no-tui --config FILE", ErrNoRuns)
	}
	newest := all[len(all)-1].Spec // the oldest come first
	return slices.DeleteFunc(all, func(r run.Record) bool {
		return r.Spec.Launch != newest.Launch || r.Spec.Sweep != newest.Sweep
	}), nil
}

func sweepNames(records []run.Record) []string {
	var names []string
	for _, r := range records {
		names = append(names, r.Spec.Sweep)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Load reads what the comparison table needs of the runs.
func Load(st Records, records []run.Record) ([]Result, error) {
	results := make([]Result, len(records))
	for i, r := range records {
		results[i].Record = r
		err := st.Epochs(r.Spec.ID, func(e run.Event) error {
			switch e.Split {
			case run.Test:
				results[i].Test, results[i].Counts = e.Values, e.Counts
			case run.Val:
				results[i].Curve = append(results[i].Curve, curvePoint(e))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		p, err := st.Predictions(r.Spec.ID)
		switch {
		case err == nil:
			results[i].Predictions = &p
		case !errors.Is(err, store.ErrNoPredictions):
			return nil, err
		}
	}
	return results, nil
}

func curvePoint(e run.Event) CurvePoint {
	p := CurvePoint{Epoch: e.Epoch, Train: math.NaN(), Loss: math.NaN(), MacroF1: math.NaN()}
	if v, ok := e.Values.Get("loss"); ok {
		p.Loss = v
	}
	if v, ok := e.Values.Get("macro_f1"); ok {
		p.MacroF1 = v
	}
	return p
}

// Steps is what LoadTraining reads of a store.
type Steps interface {
	Steps(id string, fn func(run.Event) error) error
}

// LoadTraining adds the mean loss of every epoch's steps to the curves.
func LoadTraining(st Steps, results []Result) error {
	for i, r := range results {
		sum, n := map[int]float64{}, map[int]float64{}
		err := st.Steps(r.Record.Spec.ID, func(e run.Event) error {
			if v, ok := e.Values.Get("loss"); ok {
				sum[e.Epoch] += v
				n[e.Epoch]++
			}
			return nil
		})
		if err != nil {
			return err
		}
		for k, p := range r.Curve {
			results[i].Curve[k].Train = sum[p.Epoch] / n[p.Epoch] // NaN where there is no step
		}
	}
	return nil
}

// BestRun returns the run with the best value of its selection metric among
// those with stored weights; of equal ones the newest. Validation values
// decide: to choose by test values would spoil them.
func BestRun(records []run.Record) (run.Record, error) {
	var best *run.Record
	for i, r := range records {
		if r.Best == nil || math.IsNaN(r.Best.Value) {
			continue
		}
		if best == nil || better(r.Best, best.Best) >= 0 {
			best = &records[i]
		}
	}
	if best == nil {
		return run.Record{}, fmt.Errorf("%w with weights in the store", ErrNoRuns)
	}
	return *best, nil
}

func better(a, b *run.Best) int {
	if run.LowerIsBetter(a.Metric) {
		return cmp.Compare(b.Value, a.Value)
	}
	return cmp.Compare(a.Value, b.Value)
}

// Remove deletes a run that no process works on, with its folder. A run that a
// dead supervisor left live is no obstacle: who can write to the store knows
// that no supervisor lives.
func Remove(st *store.Store, id string) error {
	record, err := st.Run(id)
	if err != nil {
		return err
	}
	id = record.Spec.ID
	if Alive(record.Process) {
		return fmt.Errorf("run %s: process %d still works on it: %w", id, record.Process.PID, store.ErrLive)
	}
	if record.State.Live() {
		if _, err := st.SetState(id, run.Interrupted, "removed", time.Now()); err != nil {
			return err
		}
	}
	if err := st.Remove(id); err != nil {
		return err
	}
	// Only the folder that belongs to this store and run: a spec is data.
	dir := filepath.Join(filepath.Dir(st.Path()), "runs", id)
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("run %s: is removed from the store, but its folder stays: %w", id, err)
	}
	return nil
}
