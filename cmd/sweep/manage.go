package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer"
)

// Commands that change runs or the store.

func newResume(e *env) *cobra.Command {
	var events string
	cmd := &cobra.Command{
		Use:   "resume ID…",
		Short: "Go on with stopped, interrupted or failed runs, in the foreground",
		Long: `resume goes on where a run's last saved state is: the weights at its end are
those of a run that was never stopped. At the end the comparison table of the
resumed runs is printed.`,
		Args: needs("ID…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return resumeRuns(cmd.Context(), e, args, events)
		},
	}
	cmd.Flags().StringVar(&events, "events", "", "write every event to this `file`, a JSON object a line")
	return cmd
}

func resumeRuns(ctx context.Context, e *env, ids []string, events string) error {
	dir, err := e.storeDir()
	if err != nil {
		return err
	}
	return e.writing(func(st *store.Store) error {
		var specs []run.Spec
		for _, id := range ids {
			r, err := st.Run(id)
			if err != nil {
				return notFound(err)
			}
			specs = append(specs, r.Spec)
		}
		fg := foreground{e: e, st: st, dir: dir, parallel: 1, events: events}
		full := make([]string, len(specs))
		for i, spec := range specs {
			full[i] = spec.ID
		}
		records, err := fg.run(ctx, specs, sweep.Images{}, func(s *sweep.Supervisor) error {
			err := s.Resume(full...)
			if errors.Is(err, sweep.ErrNotResumable) {
				return withCode(exitUsage, err)
			}
			return err
		})
		if err != nil {
			return err
		}
		return fg.report(ctx, records, nil, "")
	})
}

func removeRuns(e *env, ids []string) error {
	return e.writing(func(st *store.Store) error {
		for _, id := range ids {
			r, err := st.Run(id)
			if err != nil {
				return notFound(err)
			}
			if err := sweep.Remove(st, r.Spec.ID); errors.Is(err, store.ErrLive) {
				return withCode(exitUsage, err)
			} else if err != nil {
				return err
			}
			fmt.Fprintf(e.stderr, "sweep: removed %s\n", r.Spec.ID)
		}
		return nil
	})
}

// resumePath is the path of a run's resume state; nil when there is none.
func resumePath(r run.Record) *string {
	path := filepath.Join(r.Spec.Dir, trainer.ResumeFile)
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	return &path
}

func compact(ctx context.Context, e *env) error {
	return e.writing(func(st *store.Store) error {
		before, err := st.Stats()
		if err != nil {
			return err
		}
		progress := newCounter(e, "MiB copied", 0)
		err = st.Compact(ctx, progress.mebibytes)
		progress.clear()
		if err != nil {
			return withCode(exitStore, err)
		}
		after, err := st.Stats()
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%.1f MiB before, %.1f MiB after\n", float64(before.Size)/(1<<20), float64(after.Size)/(1<<20))
		return nil
	})
}
