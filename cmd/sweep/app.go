package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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
	if err != nil {
		return err
	}
	if left.Going > 0 {
		runs := "1 run goes on"
		if left.Going > 1 {
			runs = fmt.Sprintf("%d runs go on", left.Going)
		}
		fmt.Fprintf(e.stdout, "%s; sweep attach comes back to them.\n", runs)
	}
	return nil
}

// screen returns the terminal that the app is shown on, or why there is none.
func (e *env) screen() (in, out *os.File, err error) {
	in, okIn := e.stdin.(*os.File)
	out, okOut := e.stdout.(*os.File)
	if !okIn || !okOut || !e.stdoutTTY {
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
