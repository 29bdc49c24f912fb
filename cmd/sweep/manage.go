package main

import (
	"context"
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

func newStop(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "stop ID…",
		Short: "Ask runs to finish their step, save and end",
		Long: `stop asks the supervisor that works on the runs; it does not wait for their ends.
A run that waits ends at once. runs resume goes on with it later.`,
		Args: needs("ID…"),
		RunE: func(cmd *cobra.Command, args []string) error { return stopRuns(cmd.Context(), e, args) },
	}
}

func stopRuns(ctx context.Context, e *env, ids []string) error {
	return e.changing(ctx, func(c *sweep.Conn) error {
		for _, id := range ids {
			if err := c.Stop(ctx, id); err != nil {
				return asked(err)
			}
			fmt.Fprintf(e.stderr, "sweep: %s is asked to stop\n", id)
		}
		return nil
	}, func(st *store.Store) error {
		if _, err := st.Run(ids[0]); err != nil {
			return notFound(err)
		}
		return usagef("run %s: nothing works on it: no supervisor serves the store", ids[0])
	})
}

func newResume(e *env) *cobra.Command {
	var events string
	var detach bool
	cmd := &cobra.Command{
		Use:   "resume ID…",
		Short: "Go on with stopped, interrupted or failed runs",
		Long: `resume goes on where a run's last saved state is: the weights at its end are
those of a run that was never stopped. At the end the comparison table of the
resumed runs is printed.

Where a supervisor serves the store already, it does the work. --detach leaves
the runs to a supervisor in the background and returns at once.`,
		Args: needs("ID…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return resumeRuns(cmd.Context(), e, args, events, detach)
		},
	}
	cmd.Flags().StringVar(&events, "events", "", "write every event to this `file`, a JSON object a line")
	cmd.Flags().BoolVar(&detach, "detach", false, "leave the runs to a supervisor in the background")
	cmd.MarkFlagsMutuallyExclusive("events", "detach")
	return cmd
}

func resumeRuns(ctx context.Context, e *env, ids []string, events string, detach bool) error {
	if detach {
		c, err := e.connect(ctx, true)
		if err != nil {
			return err
		}
		defer c.Close()
		return resumeDetached(ctx, e, c, ids)
	}
	return e.changing(ctx,
		func(c *sweep.Conn) error { return resumeThrough(ctx, e, c, ids, events) },
		func(st *store.Store) error { return resumeAlone(ctx, e, st, ids, events) })
}

func resumeDetached(ctx context.Context, e *env, c *sweep.Conn, ids []string) error {
	for _, id := range ids {
		if err := c.Resume(ctx, id); err != nil {
			return asked(err)
		}
		fmt.Fprintf(e.stderr, "sweep: %s goes on in the background; sweep attach shows it\n", id)
	}
	return nil
}

// resumeThrough has the supervisor go on with runs and shows their progress.
func resumeThrough(ctx context.Context, e *env, c *sweep.Conn, ids []string, events string) error {
	info, err := c.Info(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "sweep: process %d serves this store already: the runs are its to go on with, Ctrl-C here stops them\n", info.PID)
	f, err := newFollower(ctx, e, c)
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, err := c.Reader(ctx).Run(id)
		if err != nil {
			return notFound(err)
		}
		if f.shows(r.Spec.ID) {
			continue // named twice
		}
		f.add(r, r.Seq)
		if err := c.Resume(ctx, r.Spec.ID); err != nil {
			return asked(err)
		}
	}
	return f.follow(ctx, events, nil, "")
}

// resumeAlone goes on with runs in this process.
func resumeAlone(ctx context.Context, e *env, st *store.Store, ids []string, events string) error {
	var specs []run.Spec
	var full []string
	for _, id := range ids {
		r, err := st.Run(id)
		if err != nil {
			return notFound(err)
		}
		specs, full = append(specs, r.Spec), append(full, r.Spec.ID)
	}
	fg, err := newForeground(e, st, 1)
	if err != nil {
		return err
	}
	defer fg.close()
	results, err := fg.run(ctx, specs, sweep.Images{}, events, func() error { return asked(fg.sup.Resume(full...)) })
	if err != nil {
		return err
	}
	return report(ctx, e, results, nil, "")
}

func removeRuns(ctx context.Context, e *env, ids []string) error {
	remove := func(find func(string) (run.Record, error), remove func(string) error) error {
		for _, id := range ids {
			r, err := find(id)
			if err != nil {
				return notFound(err)
			}
			if err := remove(r.Spec.ID); err != nil {
				return asked(err)
			}
			fmt.Fprintf(e.stderr, "sweep: removed %s\n", r.Spec.ID)
		}
		return nil
	}
	return e.changing(ctx,
		func(c *sweep.Conn) error {
			return remove(c.Reader(ctx).Run, func(id string) error { return c.Remove(ctx, id) })
		},
		func(st *store.Store) error {
			return remove(st.Run, func(id string) error { return sweep.Remove(st, id) })
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
	return e.changing(ctx,
		func(c *sweep.Conn) error {
			return compactWith(e, func() (store.Stats, error) { return c.StoreStats(ctx) },
				func(p store.Progress) error { return c.Compact(ctx, p) })
		},
		func(st *store.Store) error {
			return compactWith(e, st.Stats, func(p store.Progress) error { return st.Compact(ctx, p) })
		})
}

func compactWith(e *env, stats func() (store.Stats, error), compact func(store.Progress) error) error {
	before, err := stats()
	if err != nil {
		return err
	}
	progress := newCounter(e, "MiB copied", 0)
	err = compact(progress.mebibytes)
	progress.clear()
	if err != nil {
		return withCode(exitStore, err)
	}
	after, err := stats()
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%.1f MiB before, %.1f MiB after\n", float64(before.Size)/(1<<20), float64(after.Size)/(1<<20))
	return nil
}
