package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
)

func newData(e *env) *cobra.Command {
	var config string
	var allowSkips bool
	prepare := &cobra.Command{
		Use:   "prepare --config FILE",
		Short: "Choose frames, split, decode, and print the counts",
		Long: `prepare reads the data of a config, chooses the frames, splits them and decodes
them into the image cache that all runs share. Beside the cache it writes
train.csv, val.csv, test.csv, split.json and skipped.csv; the last line says where.

What is there already and still fits is kept. Formats: text, json.`,
		Args: needs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runPrepare(cmd.Context(), e, config, allowSkips)
		},
	}
	prepare.Flags().StringVar(&config, "config", "", "config `file`")
	prepare.Flags().BoolVar(&allowSkips, "allow-skips", false, "go on when more than 5 % of videos or frames are skipped")
	must(prepare.MarkFlagRequired("config"))

	demo := &cobra.Command{
		Use:   "demo DIR",
		Short: "Write the synthetic demo data set",
		Args:  needs("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := data.WriteDemo(cmd.Context(), args[0]); err != nil {
				return inputFault(err)
			}
			fmt.Fprintf(e.stderr, "sweep: wrote the demo data set to %s\n", args[0])
			return nil
		},
	}
	return group("data", "Prepare and look at data sets", prepare, newDataShow(e), newDataLs(e), newDataRm(e), demo)
}

func runPrepare(ctx context.Context, e *env, config string, allowSkips bool) error {
	format, err := e.oneOf("text", "json")
	if err != nil {
		return err
	}
	cfg, err := loadConfig(e, config)
	if err != nil {
		return err
	}
	dir, err := e.storeDir()
	if err != nil {
		return err
	}
	set, err := prepare(ctx, e, cfg, dir, allowSkips)
	if err != nil {
		return err
	}
	defer set.Close()
	if format == "json" {
		if set.Report.Warnings == nil {
			set.Report.Warnings = []string{}
		}
		return writeJSON(e.stdout, struct {
			Dir string `json:"dir"`
			*data.Report
		}{set.Dir, set.Report})
	}
	if err := set.Report.WriteText(e.stdout); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "\nprepared in %s\n", set.Dir)
	return err
}

// prepare readies a config's data, showing how far it is.
func prepare(ctx context.Context, e *env, cfg *configs.Config, dir string, allowSkips bool) (*data.Prepared, error) {
	if err := cfg.NeedData(); err != nil {
		return nil, err
	}
	spec, err := sweep.DataSpec(cfg, dir)
	if err != nil {
		return nil, err
	}
	spec.AllowSkips = allowSkips
	return prepareSpec(ctx, e, spec, sweep.Tasks(cfg))
}

func prepareSpec(ctx context.Context, e *env, spec run.Data, tasks []run.Task) (*data.Prepared, error) {
	stages := newStages(e)
	set, err := data.Prepare(ctx, spec, tasks, stages.set)
	stages.end()
	if err != nil {
		if ctx.Err() != nil && stages.decoding {
			fmt.Fprintln(e.stderr, "sweep: the images decoded so far are kept: the same command goes on from there")
		}
		return nil, inputFault(err)
	}
	for _, w := range set.Report.Warnings {
		fmt.Fprintf(e.stderr, "sweep: warning: %s\n", w)
	}
	writeSkips(e.stderr, set)
	return set, nil
}

// mostSkips is how many skips are worth reading one by one on a terminal.
const mostSkips = 20

// writeSkips names what was skipped and why; of many it names the first.
func writeSkips(w io.Writer, set *data.Prepared) {
	for _, s := range set.Skips[:min(len(set.Skips), mostSkips)] {
		fmt.Fprintf(w, "sweep: warning: skipped %s: %s: %s\n", s.Path, s.Reason, s.Detail)
	}
	if more := len(set.Skips) - mostSkips; more > 0 {
		fmt.Fprintf(w, "sweep: warning: skipped %d more: %s names every one\n", more, filepath.Join(set.Dir, "skipped.csv"))
	}
}

// inputFault gives errors that the data are to blame for their exit code.
func inputFault(err error) error {
	var input *data.InputError
	var skips *data.TooManySkipsError
	if errors.As(err, &input) || errors.As(err, &skips) {
		return withCode(exitUsage, err)
	}
	return err
}

// stages shows a piece of work that goes through several stages.
type stages struct {
	e        *env
	stage    string
	counter  *counter
	decoding bool // has begun
}

func newStages(e *env) *stages { return &stages{e: e} }

func (s *stages) set(stage string, done, total int) {
	s.decoding = s.decoding || stage == data.StageDecode
	if total == 0 && done == 0 {
		if stage != s.stage {
			s.end()
			s.stage, s.counter = stage, nil
			fmt.Fprintf(s.e.stderr, "sweep: %s …\n", stage)
		}
		return
	}
	if stage != s.stage {
		s.end()
		s.stage, s.counter = stage, newCounter(s.e, strings.TrimSpace(stage), total)
	}
	s.counter.set(done, total)
}

func (s *stages) end() {
	if s.counter != nil {
		s.counter.clear()
	}
}
