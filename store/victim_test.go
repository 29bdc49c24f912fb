package store

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// TestMain turns the test binary into a victim when asked to: a process that
// uses a store and is killed, or finds the disk full.
func TestMain(m *testing.M) {
	if job := os.Getenv("SWEEP_TEST_VICTIM"); job != "" {
		if err := victim(job, os.Getenv("SWEEP_TEST_DIR")); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func victim(job, dir string) error {
	if job == "full" {
		// Writing beyond the limit is to fail, not to kill.
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: fullSize, Max: fullSize}); err != nil {
			return err
		}
		return fillStore(dir)
	}
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	if job == "hold" {
		fmt.Println("held")
		_, err := io.Copy(io.Discard, os.Stdin) // until the parent ends
		return err
	}
	return keepWriting(s)
}

// victimWeights are the weights of an epoch: as large as chunks and batches make interesting.
func victimWeights(epoch int) []byte {
	return randomBytes(uint64(epoch), []int{1, 300_000, chunkSize, 5*chunkSize + 1, 17 * chunkSize}[epoch%5])
}

// keepWriting appends, puts bests, rewinds and compacts until it is killed, and
// announces what is done.
func keepWriting(s *Store) error {
	r, err := s.Run("r1")
	if err != nil {
		if _, err = s.Create(specOf("r1"), start); err != nil {
			return err
		}
	}
	for {
		if r, err = s.Run("r1"); err != nil {
			return err
		}
		if r.Epoch%4 == 3 && r.State != run.Stopped {
			if err := s.Rewind("r1", r.Step, r.Epoch-1); err != nil {
				return err
			}
			if _, err := s.SetState("r1", run.Stopped, "rewound", start); err != nil {
				return err
			}
			continue
		}
		var events []run.Event
		for i := range 150 {
			events = append(events, stepEvent(r.Step+1+i))
		}
		events = append(events, logEvent("at step %d", r.Step), epochEvent(r.Epoch+1, run.Val))
		events = append(events, run.Event{Type: run.EventState, Time: start, State: run.Running})
		if err := s.Append("r1", events); err != nil {
			return err
		}
		fmt.Println("seq", events[len(events)-1].Seq)
		best := bestEvent("r1", r.Epoch+1, float64(r.Seq))
		data := victimWeights(best.Epoch)
		if _, err := s.PutBest(noContext, best, bytes.NewReader(data), int64(len(data))); err != nil {
			return err
		}
		fmt.Println("best", best.Seq)
		if r.Epoch%7 == 6 {
			if err := s.Compact(noContext, nil); err != nil {
				return err
			}
		}
	}
}

// process is a running victim.
type process struct {
	cmd   *exec.Cmd
	lines chan string // closed at its end
}

func startVictim(t testing.TB, dir, job string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(exe), lines: make(chan string, 1000)}
	p.cmd.Env = append(os.Environ(), "SWEEP_TEST_VICTIM="+job, "SWEEP_TEST_DIR="+dir)
	p.cmd.Stderr = os.Stderr
	if _, err := p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	t.Cleanup(func() { p.end() })
	return p
}

func (p *process) expect(t testing.TB, want string) {
	t.Helper()
	select {
	case line := <-p.lines:
		if line != want {
			t.Fatalf("the victim says %q, want %q", line, want)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("the victim does not say %q", want)
	}
}

// end kills the victim and returns what it said that was not read yet.
func (p *process) end() []string {
	p.cmd.Process.Kill()
	var said []string
	for line := range p.lines {
		said = append(said, line)
	}
	p.cmd.Wait()
	return said
}

func (p *process) kill(t testing.TB) []string {
	t.Helper()
	said := p.end()
	for _, line := range said {
		if strings.HasPrefix(line, "error") {
			t.Fatalf("the victim says %q", line)
		}
	}
	return said
}
