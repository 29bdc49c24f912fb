package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Launcher starts workers.
type Launcher interface {
	Start(spec run.Spec) (Process, error)
}

// Process is a worker that was started. Its starter reads Output to the end and then calls Wait, once each.
type Process interface {
	// Identity is what is remembered of the process, to know it again.
	Identity() run.Process
	// Output is the worker's stream of events. It ends soon after the worker has.
	Output() io.Reader
	// Acknowledge tells the worker that its events up to seq are stored. It never blocks.
	Acknowledge(seq int64)
	// Stop asks the worker to finish its step, save and end.
	Stop() error
	// Kill ends the worker and what it started, at once.
	Kill() error
	// Wait blocks until the process has ended and frees what belongs to it.
	Wait() Exit
}

// Exit is how a worker's process ended.
type Exit struct {
	Code   int            // exit code; -1 when a signal ended it
	Signal syscall.Signal // 0 when it ended by itself
	Err    error          // waiting itself failed
}

// LogFile is the name of a run's log in its folder.
const LogFile = "worker.log"

// outputGrace is how long a worker's output is still read after its process has
// ended: a child that inherited the pipe could hold it open for ever.
const outputGrace = 2 * time.Second

// ExecLauncher starts each worker as a process of its own.
type ExecLauncher struct {
	Command []string // program and arguments; empty: this program's worker command
	Env     []string // empty: this process's environment
}

// Start launches a worker for spec, whose folder must exist.
func (l ExecLauncher) Start(spec run.Spec) (Process, error) {
	command := l.Command
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("run %s: find this program to start its worker: %w", spec.ID, err)
		}
		command = []string{self, "worker"}
	}
	line, err := json.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("run %s: write the spec: %w", spec.ID, err)
	}

	log, err := os.OpenFile(filepath.Join(spec.Dir, LogFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("run %s: open its log: %w", spec.ID, err)
	}
	defer log.Close() // the child has its own copy
	out, childOut, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", spec.ID, err)
	}
	defer childOut.Close()
	childIn, in, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("run %s: %w", spec.ID, err), out.Close())
	}
	defer childIn.Close()

	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = l.Env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = childIn, childOut, log
	// A Ctrl-C at the terminal must reach the supervisor alone, which then stops the workers in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("run %s: start its worker: %w", spec.ID, err), out.Close(), in.Close())
	}
	start, _ := ProcessStart(cmd.Process.Pid) // without it the pid alone must do

	p := &execProcess{
		cmd: cmd, out: out, in: in,
		identity: run.Process{PID: cmd.Process.Pid, Start: start},
		acks:     make(chan int64, 1),
		ended:    make(chan struct{}),
	}
	p.owned.Add(2)
	go p.feed(append(line, '\n'))
	go p.reap()
	return p, nil
}

type execProcess struct {
	cmd      *exec.Cmd
	out, in  *os.File
	identity run.Process
	acks     chan int64 // holds the newest acknowledgement only
	ended    chan struct{}
	exit     Exit // valid once ended is closed
	owned    sync.WaitGroup
}

// feed writes the spec and then acknowledgements until the process has ended.
func (p *execProcess) feed(spec []byte) {
	defer p.owned.Done()
	if _, err := p.in.Write(spec); err != nil {
		return // the worker ended early; its exit says why
	}
	for {
		select {
		case <-p.ended:
			return
		case seq := <-p.acks:
			if _, err := fmt.Fprintf(p.in, "{\"stored\":%d}\n", seq); err != nil {
				return
			}
		}
	}
}

// reap waits for the process, so that a signal never goes to a reused pid.
func (p *execProcess) reap() {
	defer p.owned.Done()
	err := p.cmd.Wait()
	p.exit = exitOf(p.cmd.ProcessState, err)
	close(p.ended)
	_ = p.in.SetWriteDeadline(time.Now()) // frees a write that the worker never read
	_ = p.out.SetReadDeadline(time.Now().Add(outputGrace))
}

func exitOf(state *os.ProcessState, err error) Exit {
	if state == nil {
		return Exit{Code: -1, Err: err}
	}
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return Exit{Code: -1, Signal: ws.Signal()}
	}
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return Exit{Code: state.ExitCode(), Err: err}
	}
	return Exit{Code: state.ExitCode()}
}

func (p *execProcess) Identity() run.Process { return p.identity }

func (p *execProcess) Output() io.Reader { return graceReader{p.out} }

// graceReader ends where outputGrace does.
type graceReader struct{ f *os.File }

func (r graceReader) Read(b []byte) (int, error) {
	n, err := r.f.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = io.EOF
	}
	return n, err
}

func (p *execProcess) Acknowledge(seq int64) {
	for {
		select {
		case p.acks <- seq:
			return
		default:
		}
		select {
		case <-p.acks: // an older one that was not written yet
		default:
		}
	}
}

func (p *execProcess) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("worker %d: ask it to stop: %w", p.identity.PID, err)
	}
	return nil
}

func (p *execProcess) Kill() error {
	if err := syscall.Kill(-p.identity.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("worker %d: kill it: %w", p.identity.PID, err)
	}
	return nil
}

func (p *execProcess) Wait() Exit {
	<-p.ended
	p.owned.Wait()
	_ = p.in.Close()
	_ = p.out.Close()
	return p.exit
}
