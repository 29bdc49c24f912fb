package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

func newMetrics(e *env) *cobra.Command {
	var per string
	cmd := &cobra.Command{
		Use:   "metrics ID --per step|epoch",
		Short: "Print every recorded value of a run",
		Long:  "metrics prints every recorded value of a run, nothing left out. Formats: csv, json.",
		Args:  needs("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := e.oneOf("csv", "json")
			if err != nil {
				return err
			}
			if per != "step" && per != "epoch" {
				return &usageError{fmt.Errorf("--per %q: want step or epoch", per)}
			}
			return e.reading(cmd.Context(), func(st sweep.Reader) error {
				r, err := st.Run(args[0])
				if err != nil {
					return notFound(err)
				}
				rows, err := recorded(st, r, per)
				if err != nil {
					return err
				}
				if format == "json" {
					return writeJSON(e.stdout, rows.objects())
				}
				return rows.csv(csv.NewWriter(e.stdout))
			})
		},
	}
	cmd.Flags().StringVar(&per, "per", "epoch", "`step` or epoch")
	return cmd
}

// series is a table whose first columns are no metrics.
type series struct {
	labels []string
	keys   []string
	rows   []seriesRow
}

type seriesRow struct {
	labels []any
	values run.Values
}

func recorded(st sweep.Reader, r run.Record, per string) (*series, error) {
	if per == "step" {
		s := &series{labels: []string{"step", "epoch"}, keys: []string{"lr", "loss"}}
		for _, t := range r.Spec.Tasks {
			s.keys = append(s.keys, "loss_"+t.Name)
		}
		err := st.Steps(r.Spec.ID, func(ev run.Event) error {
			values := append(run.Values{{Key: "lr", V: ev.LR}}, ev.Values...)
			s.rows = append(s.rows, seriesRow{[]any{ev.Step, ev.Epoch}, values})
			return nil
		})
		return s, err
	}
	s := &series{labels: []string{"epoch", "split"}, keys: run.MetricKeys(r.Spec.Tasks)}
	err := st.Epochs(r.Spec.ID, func(ev run.Event) error {
		s.rows = append(s.rows, seriesRow{[]any{ev.Epoch, ev.Split}, ev.Values})
		return nil
	})
	return s, err
}

func (s *series) objects() []*object {
	out := make([]*object, 0, len(s.rows))
	for _, row := range s.rows {
		o := &object{}
		for i, name := range s.labels {
			o.add(name, row.labels[i])
		}
		for _, key := range s.keys {
			v, _ := row.values.Get(key)
			if math.IsNaN(v) || math.IsInf(v, 0) {
				o.add(key, nil)
			} else {
				o.add(key, v)
			}
		}
		out = append(out, o)
	}
	return out
}

func (s *series) csv(w *csv.Writer) error {
	if err := w.Write(append(append([]string{}, s.labels...), s.keys...)); err != nil {
		return err
	}
	for _, row := range s.rows {
		var cells []string
		for _, l := range row.labels {
			cells = append(cells, fmt.Sprint(l))
		}
		for _, key := range s.keys {
			v, ok := row.values.Get(key)
			if !ok {
				cells = append(cells, "")
				continue
			}
			cells = append(cells, strconv.FormatFloat(v, 'g', -1, 64))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	return flush(w)
}

// notFound makes asking for a run that is not there a usage error.
func notFound(err error) error {
	var ambiguous *store.AmbiguousError
	switch {
	case errors.Is(err, store.ErrNotFound):
		return withCode(exitUsage, fmt.Errorf("%w: sweep runs lists those there are", err))
	case errors.As(err, &ambiguous):
		return withCode(exitUsage, err)
	}
	return err
}
