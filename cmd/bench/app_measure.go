package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/backbone-sweep/sweep/cmd/internal/terminal"
	"github.com/backbone-sweep/sweep/sweep"
)

const (
	streamRuns = 4
	// quiet is how long nothing must come for a screen to count as complete.
	quiet = time.Second
	// patience bounds every wait.
	patience = time.Minute
)

// appBench gathers figures of the app.
type appBench struct {
	o       appOptions
	dir     string
	figures []figure
}

// add notes a value of a figure, which is listed where it was added first.
func (b *appBench) add(what, unit, target string, v float64) {
	for i := range b.figures {
		if b.figures[i].what == what {
			b.figures[i].values = append(b.figures[i].values, v)
			return
		}
	}
	b.figures = append(b.figures, figure{what, unit, target, []float64{v}})
}

// opened is an app whose screen is complete.
type opened struct {
	*terminal.Terminal
	listed time.Duration // until its runs were on the screen
	whole  time.Duration // until all else was
	bytes  int64         // sent until then
}

// open starts the app and waits until its screen is complete.
func (b *appBench) open(ctx context.Context, columns, rows int, words string, args ...string) (*opened, error) {
	cmd := exec.Command(b.o.program, args...)
	began := time.Now()
	t, err := terminal.Start(cmd, columns, rows)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	listed, err := t.Await(ctx, func(screen string) bool { return strings.Contains(screen, words) })
	if err != nil {
		return nil, errors.Join(fmt.Errorf("waiting for %q: %w", words, err), t.Close())
	}
	whole, bytes, err := settle(ctx, t)
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return &opened{t, listed.Sub(began), whole.Sub(began), bytes}, nil
}

// settle waits until a terminal is sent nothing any more, and returns when the
// last came and how much had come until then.
func settle(ctx context.Context, t *terminal.Terminal) (time.Time, int64, error) {
	for {
		bytes := t.Sent()
		wait, cancel := context.WithTimeout(ctx, quiet)
		last, err := t.Await(wait, func(string) bool { return t.Sent() != bytes })
		cancel()
		if err == nil {
			continue
		}
		if ctx.Err() != nil || errors.Is(err, terminal.ErrEnded) {
			return last, bytes, err
		}
		return last, bytes, nil
	}
}

// leave presses q and waits for the app's end.
func (o *opened) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := o.Type("q")
	if err == nil {
		_, err = o.Wait(ctx)
	}
	return errors.Join(err, o.Close())
}

// supervisor starts the one of a store, or finds it, and holds on to it.
func (b *appBench) supervisor(ctx context.Context, dir string) (*sweep.Conn, int, error) {
	c, err := sweep.Connect(ctx, dir, sweep.Spawner{Command: []string{b.o.program, "supervise", "--store", dir}})
	if err != nil {
		return nil, 0, err
	}
	info, err := c.Info(ctx)
	if err != nil {
		return nil, 0, errors.Join(err, c.Close())
	}
	return c, info.PID, nil
}

// dismiss ends a supervisor and waits until it is gone.
func dismiss(c *sweep.Conn, pid int) error {
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return errors.Join(err, c.Close())
	}
	<-c.Done()
	for syscall.Kill(pid, 0) == nil {
		time.Sleep(time.Millisecond) // it is no child of this process
	}
	return c.Close()
}

// largeStore measures starts of the app on a store of many points.
func (b *appBench) largeStore(ctx context.Context) error {
	dir := filepath.Join(b.dir, "large")
	fmt.Fprintf(os.Stderr, "bench: writing %d runs of %d steps\n", b.o.runs, b.o.points)
	if err := fillStore(dir, b.o.runs, b.o.points); err != nil {
		return err
	}
	words := fmt.Sprintf("bench · %d runs", b.o.runs)
	for range b.o.rounds {
		s, err := b.open(ctx, 80, 24, words, "--store", dir)
		if err != nil {
			return err
		}
		b.add("first frame, 80×24, supervisor started with it", "ms", "100", milliseconds(s.listed))
		c, pid, err := b.supervisor(ctx, dir)
		if err == nil {
			err = errors.Join(s.leave(ctx), dismiss(c, pid))
		}
		if err != nil {
			return err
		}
	}

	c, pid, err := b.supervisor(ctx, dir)
	if err != nil {
		return err
	}
	for i := range b.o.rounds {
		for _, size := range [][2]int{{80, 24}, {200, 50}} {
			at := fmt.Sprintf("%d×%d", size[0], size[1])
			s, err := b.open(ctx, size[0], size[1], words, "attach", "--store", dir)
			if err != nil {
				return err
			}
			b.add("first frame, "+at, "ms", "100", milliseconds(s.listed))
			b.add("all curves of the screen, "+at, "ms", "", milliseconds(s.whole))
			b.add("sent until then, "+at, "kB", "", float64(s.bytes)/1000)
			if size[0] == 200 && i == 0 {
				if err := b.still(ctx, s); err != nil {
					return err
				}
				if err := b.resident(fmt.Sprintf("memory of the app with %d × %d steps", b.o.runs, b.o.points), s.PID()); err != nil {
					return err
				}
				if err := b.allPinned(ctx, s); err != nil {
					return err
				}
			}
			if err := s.leave(ctx); err != nil {
				return err
			}
		}
	}
	if err := b.resident("memory of its supervisor", pid); err != nil {
		return err
	}
	return dismiss(c, pid)
}

// still measures what is sent while nothing changes.
func (b *appBench) still(ctx context.Context, s *opened) error {
	// The byte rate on the screen falls back to 0 first.
	wait, cancel := context.WithTimeout(ctx, 12*time.Second)
	defer cancel()
	<-wait.Done()
	const seconds = 15
	before := s.Sent()
	wait, cancel = context.WithTimeout(ctx, seconds*time.Second)
	defer cancel()
	<-wait.Done()
	b.add("sent while nothing changes", "B/s", "0", float64(s.Sent()-before)/seconds)
	return ctx.Err()
}

// allPinned measures how long the curves of all runs of the store take, which
// the app shows only of runs that are pinned.
func (b *appBench) allPinned(ctx context.Context, s *opened) error {
	began := time.Now()
	if err := s.Type("g" + strings.Repeat("pj", b.o.runs)); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	last, _, err := settle(ctx, s.Terminal)
	b.add(fmt.Sprintf("curves of all %d runs from pinning them", b.o.runs), "ms", "", milliseconds(last.Sub(began)))
	return err
}

// manyRuns measures the app on a store of 200 runs.
func (b *appBench) manyRuns(ctx context.Context) error {
	const runs = 200
	dir := filepath.Join(b.dir, "many")
	if err := fillStore(dir, runs, 500); err != nil {
		return err
	}
	c, pid, err := b.supervisor(ctx, dir)
	if err != nil {
		return err
	}
	for range b.o.rounds {
		s, err := b.open(ctx, 200, 50, fmt.Sprintf("bench · %d runs", runs), "attach", "--store", dir)
		if err != nil {
			return err
		}
		b.add("first frame with 200 runs, 200×50", "ms", "", milliseconds(s.listed))
		if err := errors.Join(b.resident("memory of the app with 200 runs", s.PID()), s.leave(ctx)); err != nil {
			return err
		}
	}
	if err := b.resident("memory of their supervisor", pid); err != nil {
		return err
	}
	return dismiss(c, pid)
}

// resident notes the memory that a process has in use.
func (b *appBench) resident(what string, pid int) error {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return err
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		return err
	}
	b.add(what, "MiB", "", float64(pages*int64(os.Getpagesize()))/(1<<20))
	return nil
}

// streams measures what is sent while runs train.
func (b *appBench) streams(ctx context.Context) (err error) {
	dir := filepath.Join(b.dir, "streams")
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, fmt.Sprint("-rate=", b.o.rate), "-app-serve", dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close(), cmd.Wait()) }()
	if _, err := io.ReadFull(out, make([]byte, len(sweep.ReadyLine))); err != nil {
		return fmt.Errorf("the supervisor of the stream: %w", err)
	}
	fmt.Fprintf(os.Stderr, "bench: looking at %d runs for 2 × %g s\n", streamRuns, b.o.seconds)
	for _, size := range [][2]int{{80, 24}, {200, 50}} {
		target := ""
		if size[0] == 80 {
			target = "1000"
		}
		if err := b.stream(ctx, size[0], size[1], target, dir); err != nil {
			return err
		}
	}
	return b.resident("memory of a supervisor of 4 runs", cmd.Process.Pid)
}

// stream looks at the runs for a while and notes what was sent in each 10 s.
func (b *appBench) stream(ctx context.Context, columns, rows int, target, dir string) error {
	t, err := terminal.Start(exec.Command(b.o.program, "attach", "--store", dir), columns, rows)
	if err != nil {
		return err
	}
	defer t.Close()
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := t.Await(wait, func(screen string) bool { return strings.Contains(screen, "●") }); err != nil {
		return err
	}
	const look = 10 * time.Second
	tick := time.NewTicker(look)
	defer tick.Stop()
	what := fmt.Sprintf("sent while %d runs report %g steps/s each, %d×%d", streamRuns, b.o.rate, columns, rows)
	before := int64(-1)
	first := int64(0)
	n := 0
	for float64(n)*look.Seconds() < b.o.seconds || before < 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		sent := t.Sent()
		if before < 0 {
			first = sent // what the start took
		} else {
			b.add(what+", each 10 s", "B/s", "", float64(sent-before)/look.Seconds())
			n++
		}
		before = sent
	}
	b.add(what, "B/s", target, float64(before-first)/(float64(n)*look.Seconds()))
	return nil
}
