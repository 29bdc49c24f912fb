package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// foreground is a supervisor in this process, whose runs show plain progress on
// stderr. Meanwhile other processes can attach, and have more runs done.
type foreground struct {
	e      *env
	st     *store.Store
	sup    *sweep.Supervisor
	server *sweep.Server // nil where nobody can attach

	mu   sync.Mutex
	show *show // nil until the runs are known
}

// newForeground serves the store.
func newForeground(e *env, st *store.Store, parallel int) (*foreground, error) {
	f := &foreground{e: e, st: st}
	device := newRoom(e)
	f.sup = &sweep.Supervisor{
		Store: st, Launcher: sweep.ExecLauncher{Command: e.worker}, Parallel: parallel,
		Sinks: []func(run.Event){f.event, device.event}, Room: device.fits,
	}
	if _, err := f.sup.Recover(); err != nil {
		return nil, err
	}
	var err error
	if f.server, err = serve(e, f.sup, nil); err != nil {
		fmt.Fprintf(e.stderr, "sweep: warning: nobody can attach: %v\n", err) // the runs do not need it
	}
	return f, nil
}

func (f *foreground) event(e run.Event) {
	f.mu.Lock()
	show := f.show
	f.mu.Unlock()
	if show != nil {
		show.event(e)
	}
}

// close ends what others may still have submitted.
func (f *foreground) close() error {
	f.sup.Interrupt("the process that served the store has ended")
	err := f.sup.Wait(context.Background())
	if f.server != nil {
		err = errors.Join(err, f.server.Close())
		f.server = nil
	}
	return err
}

// run starts runs through begin and waits for the ends of all runs. The results
// are those of specs. Events go to a file, too, where one is named.
func (f *foreground) run(ctx context.Context, specs []run.Spec, images sweep.Images, events string, begin func() error) ([]sweep.Result, error) {
	show, err := newShow(f.e, specs, images, f.sup.Parallel, events)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.show = show
	f.mu.Unlock()
	err = begin()
	done := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() { f.impatient(ctx, show.printer, done) })
	err = errors.Join(err, f.sup.Wait(ctx), f.close())
	close(done)
	watcher.Wait()
	if err = errors.Join(err, show.close()); err != nil {
		return nil, err
	}
	return outcome(f.st, specs)
}

// outcome reads what has become of runs.
func outcome(st sweep.Records, specs []run.Spec) ([]sweep.Result, error) {
	var records []run.Record
	for _, s := range specs {
		r, err := st.Run(s.ID)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return sweep.Load(st, records)
}

// impatient kills the workers at the second signal: the first one has asked
// them to finish their step and save.
func (f *foreground) impatient(ctx context.Context, printer *sweep.Printer, done <-chan struct{}) {
	select {
	case <-done:
		return
	case <-ctx.Done():
	}
	printer.Note("stopping: the runs finish their step and save (once more to stop at once)")
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(again)
	select {
	case <-done:
	case <-again:
		f.sup.Kill("interrupted twice")
	}
}
