package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// restAfter is how long a supervisor stays without runs and clients.
const restAfter = 3 * time.Second

func newSupervise(e *env) *cobra.Command {
	return &cobra.Command{
		Use:    "supervise",
		Short:  "Serve the store in the background (internal: started by sweep)",
		Hidden: true,
		Args:   needs(),
		RunE:   func(cmd *cobra.Command, _ []string) error { return supervise(cmd.Context(), e) },
	}
}

// supervise works on runs until none is left and no client is attached. SIGTERM
// makes the runs save and end; a terminal that goes away means nothing to it.
func supervise(ctx context.Context, e *env) (err error) {
	signal.Ignore(syscall.SIGHUP, syscall.SIGPIPE)
	words := log.New(e.stderr, "", log.LstdFlags)
	defer func() {
		if err != nil {
			words.Printf("ended: %v", err)
		}
	}()
	dir, err := e.storeDir()
	if err != nil {
		return err
	}
	c, st, err := takeStore(ctx, dir, 2*lockPatience)
	if err != nil {
		return withCode(exitStore, err)
	}
	if c != nil {
		return servedAlready(ctx, dir, c)
	}
	defer func() { err = errors.Join(err, st.Close()) }()

	device := newRoom(e)
	sup := &sweep.Supervisor{
		Store: st, Launcher: sweep.ExecLauncher{Command: e.worker},
		Sinks: []func(run.Event){stateLog{words}.event, device.event}, Room: device.fits,
	}
	if _, err := sup.Recover(); err != nil {
		return err
	}
	server, err := serve(e, sup, words)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	words.Printf("process %d serves %s, version %s", os.Getpid(), dir, programVersion())
	if _, err := fmt.Fprintln(e.stdout, sweep.ReadyLine); err != nil {
		words.Printf("who started this is gone: %v", err)
	}

	if server.Rest(ctx, restAfter) == nil {
		words.Print("ended: nothing left to do")
		sup.Interrupt("the supervisor has ended")
		return sup.Wait(ctx)
	}
	words.Print("asked to end: the runs finish their step and save")
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(again)
	ended := make(chan struct{})
	killer := make(chan struct{})
	go func() {
		defer close(killer)
		select {
		case <-again:
			sup.Kill("the supervisor was asked twice to end")
		case <-ended:
		}
	}()
	sup.Interrupt("the supervisor was asked to end")
	err = sup.Wait(context.WithoutCancel(ctx))
	close(ended)
	<-killer
	words.Print("ended: on request")
	return err
}

// servedAlready is the error of a second supervisor.
func servedAlready(ctx context.Context, dir string, c *sweep.Conn) error {
	info, err := c.Info(ctx)
	if err = errors.Join(err, c.Close()); err != nil {
		return err
	}
	return withCode(exitStore, fmt.Errorf("store %s: process %d serves it already", dir, info.PID))
}

// serve offers a supervisor to other processes.
func serve(e *env, sup *sweep.Supervisor, words *log.Logger) (*sweep.Server, error) {
	return sweep.Serve(sup, sweep.ServerOptions{
		Planner: newPlanner(e, sup.Store), Score: macroF1,
		Version: programVersion(), Device: e.autoDevice(), Log: words,
	})
}

// stateLog writes the states of runs to the supervisor's log.
type stateLog struct{ words *log.Logger }

func (l stateLog) event(e run.Event) {
	if e.Type != run.EventState {
		return
	}
	reason := ""
	if e.Reason != "" {
		reason = ": " + e.Reason
	}
	l.words.Printf("run %s is %s%s", e.Run, e.State, reason)
}
