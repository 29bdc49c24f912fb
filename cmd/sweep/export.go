package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/sweep"
)

func newExport(e *env) *cobra.Command {
	var out, by, name string
	cmd := &cobra.Command{
		Use:   "export [ID…]",
		Short: "Print the comparison table",
		Long: `export prints the comparison of runs: of those named, of the newest start of
the sweep that --sweep names, or of the newest sweep in the store. With several
seeds a backbone's column shows mean ± standard deviation; --by run gives each
run a column of its own. Formats: md, csv, json, html.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := e.oneOf(sweep.Formats()...)
			if err != nil {
				return err
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
				table := sweep.NewTable(results, columns)
				var pairs []sweep.Pair
				if slices.Contains([]string{"json", "html"}, format) {
					if pairs, err = table.Indistinguishable(cmd.Context(), macroF1); err != nil {
						return err
					}
				}
				var b bytes.Buffer
				if err := table.Export(&b, format, pairs); err != nil {
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
	cmd.Flags().StringVar(&by, "by", string(sweep.ByModel), "a column per `model` or run")
	cmd.Flags().StringVar(&name, "sweep", "", "`name` of the sweep (default: the newest)")
	must(cmd.RegisterFlagCompletionFunc("by", cobra.FixedCompletions([]string{"model", "run"}, cobra.ShellCompDirectiveNoFileComp)))
	cmd.Example = strings.TrimSpace(`
  sweep export
  sweep export --format csv --by run -o runs.csv`)
	return cmd
}
