package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// streamSteps is the length of a run that streams: more than is ever looked at.
const streamSteps = 9600

// serveStreams is a real supervisor whose workers are made up: it serves the
// store in dir, works on n runs at a time, and ends with its stdin.
func serveStreams(dir string, n int, rate float64) (err error) {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	sup := &sweep.Supervisor{
		Store: st, Parallel: n,
		Launcher: sweep.ExecLauncher{Command: []string{self, "-app-worker", fmt.Sprint("-rate=", rate)}},
	}
	server, err := sweep.Serve(sup, sweep.ServerOptions{Version: "bench", Device: processor})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	specs := make([]run.Spec, n)
	for i := range specs {
		specs[i] = benchSpec(dir, "stream", i)
	}
	if err := sup.Submit(specs); err != nil {
		return err
	}
	fmt.Println(sweep.ReadyLine)
	_, err = io.Copy(io.Discard, os.Stdin)
	sup.Interrupt("the measurement is over")
	return errors.Join(err, sup.Wait(context.Background()))
}

// pretend is a worker that trains nothing: it reports steps at a rate, an
// evaluation and a best checkpoint of a few bytes after each epoch, and what it
// uses of the machine as often as a real one.
func pretend(rate float64) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	var spec run.Spec
	if err := json.Unmarshal(line, &spec); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, in) // acknowledgements, to the supervisor's end
		stop()
	}()
	var seq int64
	out := json.NewEncoder(os.Stdout)
	emit := func(e run.Event) error {
		seq++
		e.V, e.Seq, e.Time, e.Run = run.EventVersion, seq, time.Now().UTC(), spec.ID
		return out.Encode(e)
	}
	err = emit(run.Event{
		Type: run.EventState, State: run.Running, Steps: streamSteps, Provenance: &run.Provenance{Engine: "host"},
	})
	if err != nil {
		return err
	}
	m := newMade(spec, streamSteps)
	steps := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer steps.Stop()
	loads := time.NewTicker(5 * time.Second)
	defer loads.Stop()
	for k := 1; ; {
		select {
		case <-ctx.Done():
			return emit(run.Event{Type: run.EventState, State: run.Stopped, Reason: "asked to"})
		case <-loads.C:
			err = emit(run.Event{Type: run.EventMachine, Values: run.Values{
				{Key: "cpu", V: 1.5 + 0.3*m.noise.Float64()}, {Key: "rss", V: 420e6 + 1e6*m.noise.Float64()},
			}})
		case <-steps.C:
			err = emit(m.step(k))
			if epoch := k * benchEpochs / streamSteps; err == nil && epoch > (k-1)*benchEpochs/streamSteps {
				err = reportEpoch(m, epoch, emit)
			}
			k++
		}
		if err != nil {
			return err
		}
	}
}

func reportEpoch(m made, epoch int, emit func(run.Event) error) error {
	e := m.evaluation(epoch)
	if err := emit(e); err != nil {
		return err
	}
	name := fmt.Sprintf("best-%d.safetensors", epoch)
	if err := os.WriteFile(filepath.Join(m.spec.Dir, name), []byte("weights"), 0o600); err != nil {
		return err
	}
	f1, _ := e.Values.Get("macro_f1")
	return emit(run.Event{Type: run.EventBest, Epoch: epoch, Metric: "macro_f1", Value: f1, Values: e.Values, File: name})
}
