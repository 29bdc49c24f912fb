package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"time"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

func newRuns(e *env) *cobra.Command {
	list := func(cmd *cobra.Command, _ []string) error { return listRuns(cmd.Context(), e) }
	cmd := &cobra.Command{
		Use:   "runs",
		Short: "List and manage the runs of the store",
		Long:  "runs lists the runs of the store, the oldest first. Formats: text, json.",
		Args:  needs(),
		RunE:  list,
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "ls", Short: "List the runs (the same as runs alone)",
			Args: needs(), RunE: list,
		},
		&cobra.Command{
			Use: "show ID", Short: "Show one run: its spec, state, provenance and files",
			Args: needs("ID"),
			RunE: func(cmd *cobra.Command, args []string) error { return showRun(cmd.Context(), e, args[0]) },
		},
		newStop(e),
		newResume(e),
		&cobra.Command{
			Use: "rm ID…", Short: "Remove runs, their weights and their files",
			Args: needs("ID…"),
			RunE: func(cmd *cobra.Command, args []string) error { return removeRuns(cmd.Context(), e, args) },
		},
	)
	return cmd
}

func listRuns(ctx context.Context, e *env) error {
	format, err := e.oneOf("text", "json")
	if err != nil {
		return err
	}
	return e.reading(ctx, func(st sweep.Reader) error {
		records, err := st.Runs()
		if err != nil {
			return err
		}
		if format == "json" {
			listings := make([]sweep.Listing, 0, len(records))
			for _, r := range records {
				listings = append(listings, sweep.NewListing(r))
			}
			return writeJSON(e.stdout, listings)
		}
		if len(records) == 0 {
			dir, err := e.storeDir()
			if err != nil {
				return err
			}
			fmt.Fprintf(e.stderr, "sweep: no runs yet in %s: start with sweep demo, or sweep --no-tui --config FILE\n", dir)
			return nil
		}
		rows := [][]string{{"ID", "SWEEP", "MODEL", "SEED", "STATE", "EPOCH", "BEST", "STARTED", "TOOK"}}
		for _, r := range records {
			rows = append(rows, runRow(r))
		}
		return writeColumns(e.stdout, rows)
	})
}

func runRow(r run.Record) []string {
	best := "–"
	if r.Best != nil {
		best = fmt.Sprintf("%s %.4f @%d", r.Best.Metric, r.Best.Value, r.Best.Epoch)
	}
	started, took := "–", "–"
	if !r.Started.IsZero() {
		started = r.Started.Local().Format("2006-01-02 15:04")
		if !r.Ended.IsZero() {
			took = r.Ended.Sub(r.Started).Round(time.Second).String()
		}
	}
	return []string{
		r.Spec.ID, r.Spec.Sweep, r.Spec.Model, strconv.FormatUint(r.Spec.Seed, 10), string(r.State),
		fmt.Sprintf("%d/%d", r.Epoch, r.Spec.Epochs), best, started, took,
	}
}

// details is what runs show prints as json: the listing and all that belongs to it.
type details struct {
	sweep.Listing
	Spec       run.Spec       `json:"spec"`
	Provenance run.Provenance `json:"provenance"`
	Log        string         `json:"log"`
	Resume     *string        `json:"resume"` // path of the resume state; null when there is none
}

func showRun(ctx context.Context, e *env, id string) error {
	format, err := e.oneOf("text", "json")
	if err != nil {
		return err
	}
	return e.reading(ctx, func(st sweep.Reader) error {
		r, err := st.Run(id)
		if err != nil {
			return notFound(err)
		}
		d := details{
			Listing: sweep.NewListing(r), Spec: r.Spec, Provenance: r.Provenance,
			Log: filepath.Join(r.Spec.Dir, sweep.LogFile), Resume: resumePath(r),
		}
		if format == "json" {
			return writeJSON(e.stdout, d)
		}
		return writeDetails(e.stdout, r, d)
	})
}

func writeDetails(w io.Writer, r run.Record, d details) error {
	rows := [][]string{
		{"run", r.Spec.ID},
		{"sweep", r.Spec.Sweep},
		{"model", fmt.Sprintf("%s, %s head, seed %d", r.Spec.Model, r.Spec.Head, r.Spec.Seed)},
		{"state", stateText(r)},
		{"progress", fmt.Sprintf("epoch %d of %d, step %d of %d", r.Epoch, r.Spec.Epochs, r.Step, r.Steps)},
		{"best", runRow(r)[6]},
		{"engine", fmt.Sprintf("%s, %s", r.Provenance.Engine, r.Provenance.Device)},
		{"config", r.Provenance.ConfigDigest},
		{"data", r.Provenance.DataDigest},
		{"weights", r.Provenance.WeightsDigest},
		{"version", r.Spec.Version},
		{"log", d.Log},
	}
	if d.Resume != nil {
		rows = append(rows, []string{"resume", *d.Resume})
	}
	shown := rows[:0]
	for _, row := range rows {
		if row[1] != "" && row[1] != ", " {
			shown = append(shown, row)
		}
	}
	return writeColumns(w, shown)
}

func stateText(r run.Record) string {
	s := fmt.Sprintf("%s since %s", r.State, r.StateAt.Local().Format("2006-01-02 15:04:05"))
	if r.Reason != "" {
		s += ": " + r.Reason
	}
	return s
}

// writeColumns aligns cells by their width on a terminal: Korean letters take two columns.
func writeColumns(w io.Writer, rows [][]string) error {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], runewidth.StringWidth(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			if i == len(row)-1 {
				line += cell
			} else {
				line += runewidth.FillRight(cell, widths[i]+2)
			}
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

func writeJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return out.Encode(v)
}
