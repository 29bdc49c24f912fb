package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// submitConfig gives a sweep to the supervisor that serves the store, and shows
// its progress until it ends, as if it ran in the foreground.
func submitConfig(ctx context.Context, e *env, c *sweep.Conn, cfg *configs.Config, o sweepFlags, bounds []sweep.Bound) error {
	info, err := c.Info(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "sweep: process %d serves this store already: the sweep is its to run, Ctrl-C here stops it\n", info.PID)
	// All that can be wrong is found here, as without a supervisor; the ids are its own.
	id := func(_ time.Time, _, model string, seed uint64) (string, error) {
		return fmt.Sprint(model, "-", seed), nil
	}
	if _, _, err := planned(ctx, e, cfg, info.StoreDir, id, o.allowSkips); err != nil {
		return err
	}
	cwd, err := os.Getwd()
	if err != nil {
		return err
	}
	launch, err := c.Start(ctx, sweep.StartRequest{
		Config: o.config, Dir: cwd, Demo: o.demo,
		Models: cfg.Models, Seeds: cfg.Seeds, Epochs: cfg.Epochs, Engine: e.flags.engine, Plugin: e.plugin(),
		AllowSkips: o.allowSkips,
	})
	if err != nil {
		return asked(err)
	}
	f, err := newFollower(ctx, e, c)
	if err != nil {
		return err
	}
	for _, r := range f.all {
		if r.Spec.Launch == launch {
			f.add(r, 0)
		}
	}
	return f.follow(ctx, o.events, bounds, o.summary)
}

// follower shows runs that another process works on.
type follower struct {
	e     *env
	conn  *sweep.Conn
	all   []run.Record     // of the store, at the beginning
	after map[string]int64 // run → last event that is not shown
	specs []run.Spec       // of the runs that are shown
}

func newFollower(ctx context.Context, e *env, c *sweep.Conn) (*follower, error) {
	f := &follower{e: e, conn: c, after: map[string]int64{}}
	var err error
	if f.all, err = c.Reader(ctx).Runs(); err != nil {
		return nil, err
	}
	for _, r := range f.all {
		f.after[r.Spec.ID] = r.Seq
	}
	return f, nil
}

// add shows a run from the event after the one given.
func (f *follower) add(r run.Record, after int64) {
	f.specs = append(f.specs, r.Spec)
	f.after[r.Spec.ID] = after
}

// shows reports whether a run is among those that are shown.
func (f *follower) shows(id string) bool {
	return slices.ContainsFunc(f.specs, func(s run.Spec) bool { return s.ID == id })
}

// errAllEnded ends the watch.
var errAllEnded = errors.New("all runs have ended")

// follow shows the runs' progress until all have ended, then the table. When a
// signal ends ctx it stops the runs; but when only the terminal went away it
// leaves them to their supervisor.
func (f *follower) follow(ctx context.Context, events string, bounds []sweep.Bound, summary string) (err error) {
	show, err := newShow(f.e, f.specs, sweep.Images{}, max(1, f.specs[0].Parallel), events)
	if err != nil {
		return err
	}
	left := map[string]bool{}
	for _, s := range f.specs {
		left[s.ID] = true
	}
	watch, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		f.stopWith(ctx, watch, cancel, show.printer)
	}()
	err = f.conn.Watch(watch, f.after, func(batch []run.Event) error {
		for _, e := range batch {
			show.event(e)
			if e.Type == run.EventState && e.State.Ended() {
				delete(left, e.Run)
			}
		}
		if len(left) == 0 {
			return errAllEnded
		}
		return nil
	})
	if cause := context.Cause(watch); cause != nil {
		err = cause
	}
	cancel(nil)
	<-stopped
	if errors.Is(err, errAllEnded) {
		err = nil
	}
	if errors.Is(err, sweep.ErrGone) {
		err = withCode(exitInterrupted, fmt.Errorf("%w: its runs save and end; see sweep runs", err))
	}
	if err = errors.Join(err, show.close()); err != nil {
		return err
	}
	results, err := f.outcome(ctx)
	if err != nil {
		return err
	}
	return report(ctx, f.e, results, bounds, summary)
}

// outcome reads what has become of the runs. The supervisor may have ended with
// them, then the store itself is read.
func (f *follower) outcome(ctx context.Context) (results []sweep.Result, err error) {
	dir, err := f.e.storeDir()
	if err != nil {
		return nil, err
	}
	for range 2 {
		st, err := sweep.OpenReader(context.WithoutCancel(ctx), dir)
		if err != nil {
			return nil, withCode(exitStore, err)
		}
		results, err = outcome(st, f.specs)
		err = errors.Join(err, st.Close())
		if !errors.Is(err, sweep.ErrGone) && !errors.Is(err, sweep.ErrNoSupervisor) && !errors.Is(err, sweep.ErrEnding) {
			return results, err
		}
	}
	return nil, fmt.Errorf("the supervisor ended twice while the results were read: see sweep export")
}

// stopWith stops the runs when ctx ends; a second signal leaves at once.
func (f *follower) stopWith(ctx, watch context.Context, leave context.CancelCauseFunc, printer *sweep.Printer) {
	select {
	case <-watch.Done():
		return
	case <-ctx.Done():
	}
	if cause := new(caught); errors.As(context.Cause(ctx), &cause) && cause.signal == syscall.SIGHUP {
		leave(withCode(exitInterrupted, fmt.Errorf("%w: the runs go on; see sweep runs", cause)))
		return
	}
	printer.Note("stopping: the runs finish their step and save (once more to leave them to it)")
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(again)
	for _, s := range f.specs {
		if err := f.conn.Stop(watch, s.ID); err != nil && !errors.Is(err, sweep.ErrNotHere) {
			printer.Note(fmt.Sprintf("stop run %s: %v", s.ID, err))
		}
	}
	select {
	case <-watch.Done():
	case <-again:
		leave(withCode(exitInterrupted, errors.New("left while the runs stop; see sweep runs")))
	}
}

// show is what a command that works on runs prints of their progress. Events of
// other runs are left out.
type show struct {
	specs   []run.Spec
	printer *sweep.Printer
	events  *sweep.EventLog // nil without a file
}

func newShow(e *env, specs []run.Spec, images sweep.Images, parallel int, events string) (*show, error) {
	dir, err := e.storeDir()
	if err != nil {
		return nil, err
	}
	s := &show{specs: specs}
	if events != "" {
		if s.events, err = sweep.CreateEventLog(events); err != nil {
			return nil, withCode(exitUsage, err)
		}
	}
	s.printer = sweep.NewPrinter(e.stderr, sweep.Screen{
		Live:  e.stderrTTY && e.getenv("TERM") != "dumb",
		Color: e.color(),
		Width: e.stderrWidth,
	}, sweep.Outline{Specs: specs, Images: images, Parallel: parallel, StoreDir: dir})
	return s, nil
}

func (s *show) event(e run.Event) {
	if !slices.ContainsFunc(s.specs, func(spec run.Spec) bool { return spec.ID == e.Run }) {
		return
	}
	s.printer.Event(e)
	if s.events != nil {
		s.events.Event(e)
	}
}

func (s *show) close() error {
	err := s.printer.Close()
	if s.events != nil {
		err = errors.Join(err, s.events.Close())
	}
	return err
}
