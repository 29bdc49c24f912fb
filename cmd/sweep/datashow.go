package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/trainer/data"
)

func newDataShow(e *env) *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use: "show --config FILE", Short: "Look at a config's data: classes, rare ones, spellings, leaks",
		Long: `show counts the images and videos of each class and split, names rare classes and
labels that look like spellings of one (with the merge_labels line that counts
them as one), and says how many images of val and test show a video that is in
train too.

Nothing is decoded or written: a prepared set is used where there is one, else
the files are looked at. Formats: text, json.`,
		Args: needs(),
		RunE: func(cmd *cobra.Command, _ []string) error { return showData(cmd.Context(), e, config) },
	}
	cmd.Flags().StringVar(&config, "config", "", "config `file`")
	must(cmd.MarkFlagRequired("config"))
	return cmd
}

func showData(ctx context.Context, e *env, config string) error {
	format, err := e.oneOf("text", "json")
	if err != nil {
		return err
	}
	cfg, err := loadConfig(e, config)
	if err != nil {
		return err
	}
	if err := cfg.NeedData(); err != nil {
		return err
	}
	dir, err := e.storeDir()
	if err != nil {
		return err
	}
	spec, err := sweep.DataSpec(cfg, dir)
	if err != nil {
		return err
	}
	stages := newStages(e)
	o, err := data.Look(ctx, spec, sweep.Tasks(cfg), stages.set)
	stages.end()
	if err != nil {
		return inputFault(err)
	}
	if format == "json" {
		return writeJSON(e.stdout, o)
	}
	if err := data.WriteOverview(e.stdout, o); err != nil {
		return fmt.Errorf("write the overview: %w", err)
	}
	return nil
}
