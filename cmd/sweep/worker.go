package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

func newWorker(e *env) *cobra.Command {
	return &cobra.Command{
		Use:    "worker",
		Short:  "Train one run (internal: started by the supervisor)",
		Hidden: true,
		Args:   needs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runWorker(cmd.Context(), e)
		},
	}
}

// runWorker trains the run whose spec is the first line of stdin and writes its
// events to stdout. Stdin stays open as long as the supervisor lives: its end
// means stop, as SIGTERM does.
func runWorker(ctx context.Context, e *env) error {
	// A pipe without a reader must be an error of the write, not the end of the
	// process: the state is still to be saved.
	signal.Ignore(syscall.SIGPIPE)

	in := bufio.NewReaderSize(e.stdin, 64<<10)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return usagef("worker: no spec on stdin: %v", err)
	}
	var spec run.Spec
	if err := json.Unmarshal(line, &spec); err != nil {
		return usagef("worker: the spec on stdin: %v", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := &eventWriter{w: e.stdout, now: e.now, run: spec.ID, broken: cancel}
	go func() {
		out.acknowledge(in) // ends with the supervisor
		cancel()
	}()

	reporting, quiet := context.WithCancel(ctx)
	var load sync.WaitGroup
	load.Go(func() { reportLoad(reporting, out.emit, out.onEngine, openGPU) })
	engines := e.engines(spec.Plugin)
	engines.Insist = true
	engines.Note = func(text string) { out.emit(run.Event{Type: run.EventLog, Message: text}) }
	err = trainer.Run(ctx, spec, trainer.Deps{Emit: out.emit, Pending: out.unstored, Now: e.now, Engines: engines.Open, NeedKey: sweep.NeedKey})
	quiet()
	load.Wait()
	switch {
	case err == nil:
		out.emit(run.Event{Type: run.EventState, State: run.Done})
		return nil
	case errors.Is(err, trainer.ErrStopped):
		out.emit(run.Event{Type: run.EventState, State: run.Stopped, Reason: err.Error()})
		return withCode(exitInterrupted, errors.New(""))
	default:
		out.emit(run.Event{Type: run.EventState, State: run.Failed, Reason: err.Error()})
		return withCode(workerCode(err), err)
	}
}

// workerCode is the exit code of a worker whose run failed. Memory that ran out goes
// first: an engine that cannot be opened for want of it is no fault of the input.
func workerCode(err error) int {
	var full *engine.OutOfMemoryError
	switch {
	case errors.As(err, &full):
		return sweep.ExitOutOfMemory
	case errors.Is(err, trainer.ErrInput):
		return exitUsage
	}
	return exitFailed
}

// eventWriter numbers events, writes each as a line, and remembers those that
// the supervisor has not yet stored.
type eventWriter struct {
	now    func() time.Time
	run    string
	broken func() // called when nobody reads any more

	mu      sync.Mutex
	w       io.Writer
	seq     int64
	pending []run.Event
	engine  string // empty until a provenance was emitted
}

// maxPending bounds what is remembered: a supervisor stores several times a
// second, so more than this is waiting only when its disk hangs.
const maxPending = 10_000

func (o *eventWriter) emit(ev run.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seq++
	if ev.Provenance != nil {
		o.engine = ev.Provenance.Engine
	}
	ev.V, ev.Seq, ev.Time, ev.Run = run.EventVersion, o.seq, o.now().UTC(), o.run
	if o.pending = append(o.pending, ev); len(o.pending) > maxPending {
		o.pending = slices.Delete(o.pending, 0, len(o.pending)-maxPending)
	}
	line, err := json.Marshal(ev)
	if err != nil {
		line, _ = json.Marshal(run.Event{
			V: ev.V, Seq: ev.Seq, Time: ev.Time, Run: ev.Run, Type: run.EventWarning,
			Message: fmt.Sprintf("an event of type %s could not be written: %v", ev.Type, err),
		})
	}
	if _, err := o.w.Write(append(line, '\n')); err != nil {
		o.broken()
	}
}

// onEngine is the name of the engine that trains the run; empty until there is one.
func (o *eventWriter) onEngine() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.engine
}

// acknowledge reads lines {"stored":N} to the end of r: the events up to N are stored.
func (o *eventWriter) acknowledge(r io.Reader) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		var ack struct {
			Stored int64 `json:"stored"`
		}
		if json.Unmarshal(lines.Bytes(), &ack) != nil {
			continue
		}
		o.mu.Lock()
		n := 0
		for n < len(o.pending) && o.pending[n].Seq <= ack.Stored {
			n++
		}
		o.pending = slices.Delete(o.pending, 0, n)
		o.mu.Unlock()
	}
}

// unstored returns the events that the supervisor has not acknowledged.
func (o *eventWriter) unstored() []run.Event {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.pending)
}
