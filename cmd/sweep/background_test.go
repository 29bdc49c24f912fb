package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// connect reaches the background supervisor of the program's store, and starts
// it where there is none.
func (p *program) connect() *sweep.Conn {
	p.t.Helper()
	cmd := p.command("supervise", "--store", p.store)
	c, err := sweep.Connect(p.t.Context(), p.store, sweep.Spawner{
		Command: append([]string{cmd.Path}, cmd.Args[1:]...), Env: cmd.Env,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = c.Close() }) // may be closed before
	return c
}

// start submits runs of ResNet18 on the demo data, one a seed.
func (p *program) start(c *sweep.Conn, epochs int, seeds ...uint64) {
	p.t.Helper()
	_, err := c.Start(p.t.Context(), sweep.StartRequest{Demo: true, Models: []string{"resnet18"}, Seeds: seeds, Epochs: epochs})
	if err != nil {
		p.t.Fatal(err)
	}
}

// follow watches from the first event on until n runs have ended, and returns
// the events of each run.
func (p *program) follow(c *sweep.Conn, n int) map[string][]run.Event {
	p.t.Helper()
	events := map[string][]run.Event{}
	err := c.Watch(p.t.Context(), nil, func(batch []run.Event) error {
		for _, e := range batch {
			events[e.Run] = append(events[e.Run], e)
		}
		ended := 0
		for _, list := range events {
			if last := list[len(list)-1]; last.Type == run.EventState && last.State.Ended() {
				ended++
			}
		}
		if ended == n {
			return errAllEnded
		}
		return nil
	})
	if !errors.Is(err, errAllEnded) {
		p.t.Fatal(err)
	}
	return events
}

func slow(t *testing.T) {
	t.Helper()
	if os.Getenv("SWEEP_SLOW") == "" {
		t.Skip("slow: set SWEEP_SLOW=1")
	}
}

// until polls for at most a minute.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !f(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// Clients that are killed, or whose terminal goes away, mean nothing to the runs.
func TestRunsOutliveTheirClients(t *testing.T) {
	seeds := []string{"1", "2"}
	if os.Getenv("SWEEP_SLOW") != "" {
		seeds = []string{"1", "2", "3", "4"}
	}
	p := newProgram(t)
	c := p.connect()
	var clients []*exec.Cmd
	var said []*bytes.Buffer
	for _, seed := range seeds {
		cmd := p.command("demo", "--no-tui", "--models", "resnet18", "--epochs", "1", "--seeds", seed)
		said = append(said, new(bytes.Buffer))
		cmd.Stderr = said[len(said)-1]
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		clients = append(clients, cmd)
	}
	until(t, "a run trains", func() bool {
		list, err := c.Runs(t.Context())
		return err == nil && len(list) == len(seeds) && list[0].Step > 2
	})
	for i, cmd := range clients {
		signal := []os.Signal{syscall.SIGKILL, syscall.SIGHUP}[i%2]
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // the code says all
		if signal == syscall.SIGHUP && cmd.ProcessState.ExitCode() != exitInterrupted {
			t.Errorf("after the hang-up: exit code %d\n%s", cmd.ProcessState.ExitCode(), said[i])
		}
	}
	again := p.connect()
	events := p.follow(again, len(seeds))
	list, err := again.Runs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		seen := events[r.ID]
		if r.State != run.Done || int64(len(seen)) != r.Seq {
			t.Errorf("run %s is %s; %d events of %d", r.ID, r.State, len(seen), r.Seq)
		}
		steps := 0
		for i, e := range seen {
			if e.Seq != int64(i+1) {
				t.Fatalf("run %s: event %d in place %d", r.ID, e.Seq, i+1)
			}
			if e.Type == run.EventStep {
				steps++
			}
		}
		if steps != *r.Steps {
			t.Errorf("run %s: %d steps of %d", r.ID, steps, *r.Steps)
		}
	}
	// What a command reads does not depend on who holds the store.
	through, _ := p.run(0, "metrics", list[0].ID, "--per", "step")
	table, _ := p.run(0, "export", "--format", "json")
	p.run(0, "store", "verify")
	weights := p.tensors(list[0].ID)
	p.run(exitUsage, "runs", "stop", list[0].ID)
	p.end(c, again)
	if direct, _ := p.run(0, "metrics", list[0].ID, "--per", "step"); direct != through {
		t.Error("metrics differ with and without a supervisor")
	}
	if direct, _ := p.run(0, "export", "--format", "json"); direct != table {
		t.Error("the table differs with and without a supervisor")
	}
	if !bytes.Equal(p.tensors(list[0].ID), weights) {
		t.Error("the weights differ with and without a supervisor")
	}
}

// end closes connections and waits until the supervisor has ended by itself.
func (p *program) end(conns ...*sweep.Conn) {
	p.t.Helper()
	for _, c := range conns {
		if err := c.Close(); err != nil {
			p.t.Error(err)
		}
	}
	until(p.t, "the supervisor ends", func() bool {
		_, err := os.Stat(filepath.Join(p.store, "sweep.sock"))
		return errors.Is(err, os.ErrNotExist)
	})
}

// kill -9 of the supervisor: its worker saves, the next command tells the truth,
// and the resumed run ends with the bits of one that was left alone.
func TestSupervisorKilled(t *testing.T) {
	slow(t)
	whole := newProgram(t)
	whole.run(0, tiny...)
	want := whole.tensors(whole.runs()[0].ID)

	p := newProgram(t)
	c := p.connect()
	info, err := c.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.start(c, 2, 42)
	id := ""
	until(t, "the first epoch", func() bool {
		list, err := c.Runs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		id = list[0].ID
		return list[0].Epoch > 0
	})
	if err := syscall.Kill(info.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-c.Done()
	r := p.runs()[0]
	if r.State != run.Interrupted || !strings.Contains(*r.Reason, "sweep runs resume "+id) {
		t.Errorf("after the kill the run is %s: %s", r.State, *r.Reason)
	}
	p.awaitWorkers()
	p.run(0, "runs", "resume", id)
	if got := p.tensors(id); !bytes.Equal(got, want) {
		t.Error("the resumed run's weights differ from those of the uninterrupted one")
	}
	p.run(0, "store", "verify")
}

// awaitWorkers waits until no worker of a dead supervisor is left.
func (p *program) awaitWorkers() {
	p.t.Helper()
	until(p.t, "workers end", func() bool {
		r, err := sweep.OpenReader(p.t.Context(), p.store)
		if err != nil {
			p.t.Fatal(err)
		}
		defer r.Close()
		records, err := r.Runs()
		if err != nil {
			p.t.Fatal(err)
		}
		for _, record := range records {
			if sweep.Alive(record.Process) {
				return false
			}
		}
		return true
	})
}

// SIGTERM makes a supervisor's runs save; a second supervisor says who serves.
func TestSupervisorAskedToEnd(t *testing.T) {
	p := newProgram(t)
	c := p.connect()
	p.start(c, 50, 1, 2)
	until(t, "a run trains", func() bool {
		list, err := c.Runs(t.Context())
		return err == nil && list[0].Step > 0
	})
	info, err := c.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, stderr := p.run(exitStore, "supervise"); !strings.Contains(stderr, "process") {
		t.Errorf("the second one says %q", stderr)
	}
	if err := syscall.Kill(info.PID, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.follow(c, 2)
	<-c.Done()
	p.end()
	for _, r := range p.runs() {
		if r.State != run.Interrupted {
			t.Errorf("run %s is %s", r.ID, r.State)
		}
	}
}

// Two people press stop, resume and export on the same run at the same time.
func TestTwoAtOnce(t *testing.T) {
	slow(t)
	p := newProgram(t)
	one, two := p.connect(), p.connect()
	p.start(one, 3, 42)
	id := p.runs()[0].ID
	for range 6 {
		time.Sleep(700 * time.Millisecond)
		var both sync.WaitGroup
		for _, c := range []*sweep.Conn{one, two} {
			both.Go(func() {
				for _, do := range []func(context.Context, string) error{c.Stop, c.Resume} {
					err := do(t.Context(), id)
					if err != nil && !errors.Is(err, sweep.ErrNotHere) && !errors.Is(err, sweep.ErrNotResumable) {
						t.Error(err)
					}
				}
				if _, err := c.Export(t.Context(), sweep.Selection{}, sweep.ByRun, "json"); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
	}
	until(t, "the run ends", func() bool {
		r := p.runs()[0]
		if r.State.Resumable() {
			_ = one.Resume(t.Context(), id) // the other may have been quicker
		}
		return r.State == run.Done
	})
	p.run(0, "store", "verify")

	whole := newProgram(t)
	whole.run(0, "demo", "--no-tui", "--models", "resnet18", "--epochs", "3")
	if !bytes.Equal(p.tensors(id), whole.tensors(whole.runs()[0].ID)) {
		t.Error("the weights differ from those of an uninterrupted run")
	}
}

// Two foreground sweeps that start on one store at the same time both end well:
// one hands its runs to the other.
func TestTwoForegroundSweeps(t *testing.T) {
	p := newProgram(t)
	var both sync.WaitGroup
	for _, seed := range []string{"1", "2"} {
		cmd := p.command("demo", "--no-tui", "--models", "resnet18", "--epochs", "1", "--seeds", seed)
		both.Go(func() {
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil || !strings.Contains(string(out), "| ResNet18") {
				t.Errorf("seed %s: %v\n%s\n%s", seed, err, out, stderr.String())
			}
		})
	}
	both.Wait()
	for _, r := range p.runs() {
		if r.State != run.Done {
			t.Errorf("run %s is %s", r.ID, r.State)
		}
	}
}
