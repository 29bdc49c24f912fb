package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/trainer/data"
)

func newDemo(e *env) *cobra.Command {
	var o sweepFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Make a small data set and run the four backbones on it",
		Long: `demo writes a small synthetic data set into the store folder, once, and runs a
short sweep of the four backbones on it. It needs no file, no network and no GPU
and takes a few minutes on two cores.`,
		Args: needs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDemo(cmd.Context(), e, o)
		},
	}
	o.register(cmd.Flags())
	return cmd
}

func runDemo(ctx context.Context, e *env, o sweepFlags) error {
	dir, err := e.storeDir()
	if err != nil {
		return err
	}
	o.demo, o.config = true, "demo"
	if o.inApp(e) {
		return sweepInApp(ctx, e, o)
	}
	cfg, err := configs.LoadEmbedded("demo")
	if err != nil {
		return err
	}
	images := demoDir(dir)
	if err := demoData(ctx, e, images); err != nil {
		return err
	}
	return sweepConfig(ctx, e, cfg.WithDir(images), o)
}

// demoDir is the folder of the demo's data set in a store.
func demoDir(store string) string { return filepath.Join(store, "demo") }

// demoData writes the demo's data set unless it is there. It is written under
// another name first: what has the right name is whole.
func demoData(ctx context.Context, e *env, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return withCode(exitStore, fmt.Errorf("store folder: %w", err))
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".demo-*")
	if err != nil {
		return withCode(exitStore, fmt.Errorf("store folder: %w", err))
	}
	defer os.RemoveAll(tmp)
	fmt.Fprintf(e.stderr, "sweep: writing the demo data set to %s\n", dir)
	if err := data.WriteDemo(ctx, filepath.Join(tmp, "demo")); err != nil {
		return err
	}
	err = os.Rename(filepath.Join(tmp, "demo"), dir)
	if err != nil && !errors.Is(err, os.ErrExist) { // another process was quicker
		return fmt.Errorf("demo data: %w", err)
	}
	return nil
}
