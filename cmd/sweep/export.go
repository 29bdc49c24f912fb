package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/sweep"
)

func newExport(e *env) *cobra.Command {
	var out, by, name string
	var tidy bool
	cmd := &cobra.Command{
		Use:   "export [ID…]",
		Short: "Print the comparison table",
		Long: `export prints the comparison of runs: of those named, of the newest start of
the sweep that --sweep names, or of the newest sweep in the store. With several
seeds a backbone's column shows mean ± standard deviation; --by run gives each
run a column of its own. Runs of another config or on other images or labels
never share a column.

Formats: md, csv, json, html. md, json and html also say which columns the test
images cannot tell apart, and what the runs rest on: config, data, version,
engine and device. html is a page with curves and confusion matrices that needs
no other file. csv is a line a metric and a column a backbone, numbers only;
with --tidy a line a run, with what it rests on. Without --format the end of
FILE's name decides, and md is printed.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := exportFormat(e, out, tidy)
			if err != nil {
				return err
			}
			if tidy && format != "csv" {
				return &usageError{errors.New("--tidy is for --format csv")}
			}
			columns, err := sweep.ParseBy(by)
			if err != nil {
				return &usageError{err}
			}
			return e.reading(cmd.Context(), func(st sweep.Reader) error {
				records, err := sweep.Select(st, sweep.Selection{Sweep: name, IDs: args})
				if errors.Is(err, sweep.ErrNoRuns) {
					return withCode(exitUsage, err)
				} else if err != nil {
					return notFound(err)
				}
				results, err := sweep.Load(st, records)
				if err != nil {
					return err
				}
				if format == "html" {
					if err := sweep.LoadTraining(st, results); err != nil {
						return err
					}
				}
				table := sweep.NewTable(results, columns)
				var pairs []sweep.Pair
				if format != "csv" {
					if pairs, err = table.Indistinguishable(cmd.Context(), macroF1); err != nil {
						return err
					}
				}
				var b bytes.Buffer
				if tidy {
					err = table.TidyCSV(&b)
				} else {
					err = table.Export(&b, format, pairs)
				}
				if err != nil {
					return err
				}
				if out == "" || out == "-" {
					_, err = e.stdout.Write(b.Bytes())
					return err
				}
				if err := replaceFile(out, &b); err != nil {
					return fmt.Errorf("write %s: %w", out, err)
				}
				fmt.Fprintf(e.stderr, "sweep: wrote %s\n", out)
				return nil
			})
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "`file` to write (default stdout)")
	cmd.Flags().StringVar(&by, "by", string(sweep.ByModel), "one column per `model|run`")
	cmd.Flags().BoolVar(&tidy, "tidy", false, "csv with a line a run, its values and what they rest on")
	cmd.Flags().StringVar(&name, "sweep", "", "`name` of the sweep (default: the newest)")
	must(cmd.RegisterFlagCompletionFunc("by", cobra.FixedCompletions([]string{"model", "run"}, cobra.ShellCompDirectiveNoFileComp)))
	cmd.Example = strings.TrimLeft(`
  sweep export
  sweep export --format html -o report.html
  sweep export --format csv --tidy -o runs.csv`, "\n")
	return cmd
}

// exportFormat is what --format says, else what the name of the file ends in.
func exportFormat(e *env, out string, tidy bool) (string, error) {
	if e.flags.format == "" {
		if ext := strings.TrimPrefix(filepath.Ext(out), "."); slices.Contains(sweep.Formats(), ext) {
			return ext, nil
		}
		if tidy {
			return "csv", nil
		}
	}
	return e.oneOf(sweep.Formats()...)
}
