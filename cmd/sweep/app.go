package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/tui"
)

// appOptions are what the commands that open the terminal app decide.
type appOptions struct {
	// dial reaches the supervisor; again when the link is lost.
	dial  func(context.Context) (sweep.Client, error)
	start *sweep.StartRequest // to be started at once; nil for none
}

// openApp shows the terminal app until the user leaves it, and says what goes on
// without it.
func openApp(ctx context.Context, e *env, o appOptions) error {
	in, out, err := e.screen()
	if err != nil {
		return err
	}
	dir, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("working folder: %w", err)
	}
	choices, err := choices(dir)
	if err != nil {
		return withCode(exitUsage, err)
	}
	left, err := tui.Run(ctx, tui.Terminal{In: in, Out: out, Env: os.Environ()}, tui.Options{
		Dial: o.dial, Choices: choices, Models: configs.Backbones(), Dir: dir, Start: o.start, Now: e.now,
	})
	switch left.Going {
	case 0:
	case 1:
		fmt.Fprintln(e.stdout, "1 run goes on; sweep attach comes back to it.")
	default:
		fmt.Fprintf(e.stdout, "%d runs go on; sweep attach comes back to them.\n", left.Going)
	}
	if cause := new(caught); errors.As(err, &cause) {
		if cause.signal == os.Interrupt {
			err = errors.New("interrupted")
		}
		return withCode(exitInterrupted, err)
	}
	return err
}

// inApp reports whether a sweep is to be shown in the app: there is a terminal
// that can show it, and nobody asked for plain lines.
func (o *sweepFlags) inApp(e *env) bool {
	_, _, err := e.screen()
	return err == nil && !o.noTUI
}

// sweepInApp opens the app on the store's supervisor, which is started where
// there is none, with the sweep that the flags name, if they name one.
func sweepInApp(ctx context.Context, e *env, o sweepFlags) error {
	for flag, given := range map[string]bool{
		"--fail-under": o.failUnder != nil, "--summary": o.summary != "", "--events": o.events != "",
	} {
		if given {
			return &usageError{fmt.Errorf("%s goes with --no-tui", flag)}
		}
	}
	over, err := o.overrides(e)
	if err != nil {
		return err
	}
	var start *sweep.StartRequest
	if o.config != "" {
		cfg, err := configs.Load(o.config)
		if err != nil {
			return err
		}
		if cfg, err = cfg.Override(over); err != nil {
			return err
		}
		if !o.demo {
			if err := cfg.NeedData(); err != nil {
				return err
			}
		}
		dir, err := os.Getwd()
		if err != nil {
			return fmt.Errorf("working folder: %w", err)
		}
		start = &sweep.StartRequest{
			Config: o.config, Dir: dir, Demo: o.demo, Models: over.Models, Seeds: over.Seeds, Epochs: o.epochs,
			Engine: over.Engine, Plugin: e.plugin(), AllowSkips: o.allowSkips,
		}
	}
	return openApp(ctx, e, appOptions{start: start, dial: e.dialer(true)})
}

// dialer reaches the supervisor, and starts one where there is none if start is set.
func (e *env) dialer(start bool) func(context.Context) (sweep.Client, error) {
	return func(ctx context.Context) (sweep.Client, error) {
		c, err := e.connect(ctx, start)
		if err != nil {
			return nil, err // not c: a nil pointer in an interface is no nil
		}
		return c, nil
	}
}

func newAttach(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "attach",
		Short: "Open the app on a sweep that already runs",
		Long: `attach opens the app on the supervisor that works on this store. Any number of
terminals may be attached at once; leaving one stops nothing.`,
		Args: needs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := e.connect(cmd.Context(), false)
			if errors.Is(err, sweep.ErrNoSupervisor) {
				return usagef("nothing runs in this store: sweep opens the app and starts something, sweep runs lists what was")
			} else if err != nil {
				return err
			}
			defer c.Close()
			return openApp(cmd.Context(), e, appOptions{dial: e.dialer(false)})
		},
	}
}

// screen returns the terminal that the app is shown on, or why there is none.
func (e *env) screen() (in, out *os.File, err error) {
	in, okIn := e.stdin.(*os.File)
	out, okOut := e.stdout.(*os.File)
	if !okIn || !okOut || !e.stdoutTTY || !term.IsTerminal(int(in.Fd())) {
		return nil, nil, &usageError{errors.New("the app needs a terminal; without one: sweep --no-tui --config FILE")}
	}
	if t := e.getenv("TERM"); t == "dumb" || t == "" {
		return nil, nil, &usageError{fmt.Errorf("TERM=%s cannot show the app; use sweep --no-tui --config FILE", t)}
	}
	return in, out, nil
}

// choices lists the configs that the app offers: the embedded ones, then the
// YAML files in and under dir's configs folder.
func choices(dir string) ([]tui.Choice, error) {
	found, err := configs.Discover(dir)
	if err != nil {
		return nil, err
	}
	var out []tui.Choice
	for _, path := range found {
		title := path
		if rel, err := filepath.Rel(dir, path); err == nil && !strings.HasPrefix(rel, "..") {
			title = rel
		}
		out = append(out, tui.Choice{Config: path, Title: title})
	}
	for _, name := range configs.Embedded() {
		c := tui.Choice{Config: name, Title: name, Demo: name == "demo"}
		if c.Demo {
			c.Title = "demo (makes its own data)"
		}
		out = append(out, c)
	}
	return out, nil
}
