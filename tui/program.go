package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"
)

// framesPerSecond is how often Bubble Tea looks for a new frame, not how often
// there is one: that is framePeriod's.
const framesPerSecond = 60

// Terminal is where the app is shown.
type Terminal struct {
	In, Out *os.File
	Env     []string
}

// Outcome says how the app was left.
type Outcome struct {
	Going int // runs that go on without it
}

// Run opens the app and returns when the user leaves it or ctx ends, which is an
// error. The terminal is restored even after a panic. The client that Dial gave
// last is closed. Signals are the caller's.
func Run(ctx context.Context, t Terminal, o Options) (Outcome, error) {
	asked := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := &counted{file: t.Out}
	o.Sent = out.sent.Load
	app := New(ctx, o)
	_, err := tea.NewProgram(
		app, tea.WithContext(ctx), tea.WithInput(t.In), tea.WithOutput(out),
		tea.WithEnvironment(t.Env), tea.WithFPS(framesPerSecond),
		tea.WithoutSignalHandler(),
	).Run()
	if c := app.remote.client; c != nil {
		_ = c.Close() // nothing is lost with it
	}
	left := Outcome{Going: app.w.book.going()}
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return Outcome{}, fmt.Errorf("the app crashed; the runs go on without it, sweep attach comes back to them: %w", err)
	case asked.Err() != nil:
		return left, context.Cause(asked)
	case err != nil:
		return Outcome{}, fmt.Errorf("terminal app: %w", err)
	}
	return left, nil
}

// counted is a terminal that counts what is written to it. It has the methods
// of a file that Bubble Tea asks for and no others, so that nothing is written
// past the count.
type counted struct {
	file *os.File
	sent atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) { return c.file.Read(p) }
func (c *counted) Close() error               { return c.file.Close() }
func (c *counted) Fd() uintptr                { return c.file.Fd() }

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.file.Write(p)
	c.sent.Add(int64(n))
	return n, err
}
