package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep"
)

// program is the sweep command with a store of its own.
type program struct {
	t     *testing.T
	store string
	env   []string
}

func newProgram(t *testing.T) *program {
	t.Helper()
	return &program{t: t, store: filepath.Join(t.TempDir(), "store")}
}

// command starts nothing yet. The test binary is the program: see TestMain.
func (p *program) command(args ...string) *exec.Cmd {
	p.t.Helper()
	path, err := exec.LookPath("sweep") // put on the path by testscript
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), append(p.env, "SWEEP_STORE="+p.store, "GITHUB_STEP_SUMMARY=")...)
	return cmd
}

// run runs a command that must end with code and returns its output.
func (p *program) run(code int, args ...string) (stdout, stderr string) {
	p.t.Helper()
	cmd := p.command(args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		p.t.Fatalf("sweep %s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, errs.String())
	}
	return out.String(), errs.String()
}

func (p *program) runs() []sweep.Listing {
	p.t.Helper()
	out, _ := p.run(0, "runs", "--format", "json")
	var list []sweep.Listing
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		p.t.Fatal(err)
	}
	return list
}

// tensors are the values of a run's best weights, without the metadata.
func (p *program) tensors(id string) []byte {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "w.safetensors")
	p.run(0, "weights", "export", id, "-o", file)
	b, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	return b[8+binary.LittleEndian.Uint64(b):]
}

// waitFor reads a file until it contains text.
func waitFor(ctx context.Context, file, text string) error {
	for ctx.Err() == nil {
		b, err := os.ReadFile(file)
		if err == nil && bytes.Contains(b, []byte(text)) {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s never said %s: %w", file, text, ctx.Err())
}

var tiny = []string{"demo", "--no-tui", "--models", "resnet18", "--epochs", "2"}

// A sweep that gets SIGINT saves and says 130; resumed, it ends with the bits of
// one that was left alone, on any number of threads.
func TestInterruptAndResume(t *testing.T) { interruptAndResume(t, tiny) }

func interruptAndResume(t *testing.T, args []string) {
	whole := newProgram(t)
	whole.env = []string{"GOMAXPROCS=1"}
	whole.run(0, args...)
	want := whole.tensors(whole.runs()[0].ID)

	p := newProgram(t)
	events := filepath.Join(t.TempDir(), "events")
	cmd := p.command(append(args, "--events", events)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := waitFor(t.Context(), events, `"split":"val"`); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the code says all
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Fatalf("exit code %d, want %d\n%s", code, exitInterrupted, stderr.String())
	}
	run := p.runs()[0]
	if run.State != "interrupted" || run.Reason == nil || strings.HasPrefix(*run.Reason, "interrupted") || !strings.Contains(*run.Reason, "sweep runs resume "+run.ID) {
		t.Fatalf("after the interrupt: %s, %v", run.State, run.Reason)
	}
	if run.Best == nil {
		t.Error("the best of the first epoch is lost")
	}

	out, _ := p.run(0, "runs", "resume", run.ID)
	if !strings.Contains(out, "ResNet18") {
		t.Errorf("no table after the resumed run: %q", out)
	}
	if got := p.tensors(run.ID); !bytes.Equal(got, want) {
		t.Error("the resumed run's weights differ from those of the uninterrupted one")
	}
	steps, _ := p.run(0, "metrics", run.ID, "--per", "step")
	whole1, _ := whole.run(0, "metrics", whole.runs()[0].ID, "--per", "step")
	if steps != whole1 {
		t.Error("the resumed run's steps differ from those of the uninterrupted one")
	}
	p.run(0, "store", "verify")
}

// kill -9 of the whole program at a random moment, again and again: the store
// verifies, the last announced best is there, nothing is called running, and in
// the end the run can be finished. SWEEP_SLOW=1 runs ten rounds, else there are two.
func TestKillAtAnyMoment(t *testing.T) {
	rounds := 2
	if os.Getenv("SWEEP_SLOW") != "" {
		rounds = 10
	}
	killAtAnyMoment(t, tiny, rounds, 6*time.Second)
}

// killAtAnyMoment kills within a time after each start.
func killAtAnyMoment(t *testing.T, args []string, rounds int, within time.Duration) {
	const seed = 20201215
	chance := rand.New(rand.NewPCG(seed, 0))
	p := newProgram(t)
	p.run(0, "data", "demo", filepath.Join(p.store, "demo"))
	for round := range rounds {
		events := filepath.Join(t.TempDir(), "events")
		cmd := p.command(append(args, "--events", events)...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(chance.Int64N(int64(within))))
		worker := workerOf(t, cmd.Process.Pid)
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if worker > 0 {
			_ = syscall.Kill(worker, syscall.SIGKILL)
		}
		_ = cmd.Wait()

		p.run(0, "store", "verify")
		announced := lastBest(t, events)
		for _, r := range p.runs() {
			if announced != nil && r.ID == announced.Run && (r.Best == nil || r.Best.Epoch < announced.Epoch) {
				t.Errorf("round %d: best of epoch %d was announced, the store has %+v", round, announced.Epoch, r.Best)
			}
			if r.Best != nil {
				p.tensors(r.ID)
			}
		}
	}
	// The next start tells the truth about what was left behind, and finishes it.
	p.run(0, args...)
	for _, r := range p.runs() {
		switch r.State {
		case "done":
		case "interrupted":
			p.run(0, "runs", "resume", r.ID)
		default:
			t.Errorf("run %s is called %s", r.ID, r.State)
		}
	}
	p.run(0, "store", "verify")
}

type bestLine struct {
	Run   string `json:"run"`
	Type  string `json:"type"`
	Epoch int    `json:"epoch"`
}

// lastBest is the last best event that was written in full.
func lastBest(t *testing.T, file string) *bestLine {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var last *bestLine
	for line := range bytes.Lines(b) {
		var l bestLine
		if json.Unmarshal(line, &l) == nil && l.Type == "best" {
			last = &l
		}
	}
	return last
}

// workerOf finds the child of a process; 0 without one.
func workerOf(t *testing.T, pid int) int {
	t.Helper()
	out, err := exec.Command("pgrep", "-P", fmt.Sprint(pid)).Output()
	if err != nil {
		return 0
	}
	var child int
	if _, err := fmt.Sscan(string(out), &child); err != nil {
		return 0
	}
	return child
}
