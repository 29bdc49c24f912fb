package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// execute runs the command line and returns the exit code. Errors go to stderr
// as sentences; stdout is the command's own.
func execute(ctx context.Context, e *env, args []string) int {
	root := newRoot(e)
	root.SetArgs(args)
	root.SetIn(e.stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	entered := false
	watchEntry(root, &entered)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && !entered {
		err = &usageError{err} // cobra refused the command line
	}
	if err != nil {
		printError(e, cmd, err)
	}
	return exitCode(err)
}

// watchEntry notes when a command's own function is reached: an error before
// that is one of the command line.
func watchEntry(cmd *cobra.Command, entered *bool) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(c *cobra.Command, args []string) error {
			*entered = true
			return run(c, args)
		}
	}
	for _, c := range cmd.Commands() {
		watchEntry(c, entered)
	}
}

func printError(e *env, cmd *cobra.Command, err error) {
	text := err.Error()
	if text == "" {
		return
	}
	if errors.Is(err, context.Canceled) && exitCode(err) == exitInterrupted {
		text = "interrupted"
	}
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintf(e.stderr, "sweep: %s\n", line)
	}
	if isUsage(err) && cmd != nil {
		fmt.Fprintf(e.stderr, "Run %q for help.\n", cmd.CommandPath()+" --help")
	}
}

func newRoot(e *env) *cobra.Command {
	var o sweepFlags
	root := &cobra.Command{
		Use:   "sweep",
		Short: "Fine-tune image backbones side by side and compare them",
		Long: `sweep trains ResNet18, ResNet50, EfficientNet-B4 and ConvNeXt-Base on a
multi-task label set, one process a run, keeps each run's best weights and
prints the comparison table.

  sweep                                 open the app: start, watch, compare
  sweep demo                            try it: makes its own data, needs nothing
  sweep attach                          come back to a sweep that runs
  sweep --no-tui --config task02.yaml   without the app: lines on stderr, the table on stdout
  sweep runs                            what the store holds`,
		Version:       programVersion(),
		Args:          needs(),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSweep(cmd.Context(), e, o)
		},
	}
	root.SetVersionTemplate("sweep {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true

	p := root.PersistentFlags()
	p.StringVar(&e.flags.store, "store", "", "`folder` of the store (default $SWEEP_STORE, else the user's state folder)")
	p.StringVar(&e.flags.engine, "engine", "", "auto, host or xla (default: what the config says)")
	p.StringVar(&e.flags.plugin, "plugin", "", "PJRT plugin `file` of the xla engine (default $SWEEP_PJRT_PLUGIN, else searched: see doctor)")
	p.StringVar(&e.flags.format, "format", "", "output `format`; each command names its own")
	p.BoolVarP(&e.flags.verbose, "verbose", "v", false, "say more on stderr")

	o.register(root.Flags())
	root.Flags().StringVar(&o.config, "config", "", "config `file`, or the name of an embedded one")

	root.AddCommand(
		newAttach(e), newDemo(e), newData(e), newInfer(e), newScore(e),
		newRuns(e), newMetrics(e), newExport(e), newWeights(e), newStore(e), newDoctor(e),
		newWorker(e), newSupervise(e), newProbe(e),
	)
	return root
}

// usageError marks an error of the command line itself, which earns a hint at --help.
type usageError struct{ err error }

func (u *usageError) Error() string { return u.err.Error() }
func (u *usageError) Unwrap() error { return u.err }

// needs checks the number of arguments: exactly one per name, or at least that
// many where the last name ends in an ellipsis.
func needs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		many := len(names) > 0 && strings.HasSuffix(names[len(names)-1], "…")
		switch {
		case len(args) < len(names):
			return fmt.Errorf("%s needs %s", cmd.CommandPath(), strings.Join(names, " "))
		case len(args) > len(names) && !many && len(names) == 0 && cmd.HasSubCommands():
			return fmt.Errorf("unknown command %q for %q", args[0], cmd.CommandPath())
		case len(args) > len(names) && !many:
			return fmt.Errorf("%s: unexpected argument %q", cmd.CommandPath(), args[len(names)])
		}
		return nil
	}
}

// group is a command that only holds others: without one of them it prints its help.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short,
		Args: needs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return &usageError{fmt.Errorf("%s needs a command: %s", cmd.CommandPath(), names(cmd))}
		},
	}
	cmd.AddCommand(commands...)
	return cmd
}

func names(cmd *cobra.Command) string {
	var list []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			list = append(list, c.Name())
		}
	}
	return strings.Join(list, ", ")
}

// oneOf checks a --format and puts the first of the allowed ones where none was given.
func (e *env) oneOf(allowed ...string) (string, error) {
	if e.flags.format == "" {
		return allowed[0], nil
	}
	for _, a := range allowed {
		if e.flags.format == a {
			return a, nil
		}
	}
	return "", &usageError{fmt.Errorf("--format %s: want %s", e.flags.format, strings.Join(allowed, ", "))}
}

func absolute(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("path %s: %w", path, err)
	}
	return abs, nil
}
