package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// caught is the cause of a context that a signal ended; its text is the reason
// of what the signal does to runs.
type caught struct{ signal os.Signal }

func (c *caught) Error() string {
	switch c.signal {
	case os.Interrupt:
		return "Ctrl-C"
	case syscall.SIGHUP:
		return "the terminal went away"
	}
	return "asked to end (" + c.signal.String() + ")"
}

// untilSignal returns a context that the first signal to end ends. Later ones
// have no effect until stop is called. A hang-up that is ignored, as under nohup,
// stays so.
func untilSignal(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case s := <-signals:
			cancel(&caught{s})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
		<-ended
	}
}
