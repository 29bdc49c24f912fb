package sweep

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// SupervisorLog is the name of the background supervisor's log in the store folder.
const SupervisorLog = "supervisor.log"

const (
	// spawnTimeout bounds how long a new supervisor may take until it serves.
	spawnTimeout = 20 * time.Second
	maxLogSize   = 1 << 20 // bytes, from which the supervisor's log begins anew
	shownLog     = 10      // lines of the log that an error shows
)

// ReadyLine is what a background supervisor writes to its stdout once it serves.
const ReadyLine = "serving"

// Spawner starts a background supervisor.
type Spawner struct {
	// Command starts one that serves the store in the folder, with its log
	// on stderr and ReadyLine on stdout; empty: this program's supervise command.
	Command []string
	Env     []string // empty: this process's environment
}

// Connect dials the supervisor of the store in dir, and starts one in the
// background when there is none.
func Connect(ctx context.Context, dir string, spawn Spawner) (*Conn, error) {
	deadline := time.Now().Add(spawnTimeout)
	for {
		c, err := Dial(ctx, dir)
		if !errors.Is(err, ErrNoSupervisor) {
			return c, err
		}
		failed := spawn.Start(ctx, dir)
		if c, err = Dial(ctx, dir); !errors.Is(err, ErrNoSupervisor) {
			return c, err // also when another process was quicker
		}
		// The former one may be about to end, or a reader may hold the store for a moment.
		if failed != nil && (time.Now().After(deadline) || !errors.Is(failed, errSpawn)) {
			return nil, failed
		}
		if failed != nil {
			return nil, failed
		}
	}
}

// errSpawn: a supervisor was started, but ended at once.
var errSpawn = errors.New("the supervisor did not start")

// Start starts a supervisor for the store in dir in a session of its own and
// returns when it serves.
func (s Spawner) Start(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	command := s.Command
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return fmt.Errorf("find this program to start its supervisor: %w", err)
		}
		command = []string{self, "supervise", "--store", dir}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("store %s: create the folder: %w", dir, err)
	}
	log, err := openLog(filepath.Join(dir, SupervisorLog))
	if err != nil {
		return err
	}
	defer log.Close()
	before, err := log.Seek(0, 2)
	if err != nil {
		return fmt.Errorf("log of the supervisor: %w", err)
	}
	out, childOut, err := os.Pipe()
	if err != nil {
		return err
	}
	defer out.Close()

	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = s.Env
	cmd.Dir = "/" // no folder stays busy because of it
	cmd.Stdout, cmd.Stderr = childOut, log
	// A session of its own: what happens to this terminal does not reach it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = cmd.Start()
	_ = childOut.Close()
	if err != nil {
		return fmt.Errorf("start the supervisor: %w", err)
	}
	go func() { _ = cmd.Wait() }() // reaps it, should this process live longer

	ready := make(chan error, 1)
	go func() {
		line, err := bufio.NewReader(out).ReadString('\n')
		if err == nil && strings.TrimSpace(line) != ReadyLine {
			err = fmt.Errorf("it said %q", line)
		}
		ready <- err
	}()
	timeout := time.NewTimer(spawnTimeout)
	defer timeout.Stop()
	select {
	case err = <-ready:
	case <-timeout.C:
		err = fmt.Errorf("it does not serve after %v", spawnTimeout)
	case <-ctx.Done():
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w%s", errSpawn, lastWords(log.Name(), before))
	}
	return nil
}

func openLog(path string) (*os.File, error) {
	flags := os.O_CREATE | os.O_APPEND | os.O_RDWR
	if info, err := os.Stat(path); err == nil && info.Size() > maxLogSize {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return nil, fmt.Errorf("log of the supervisor: %w", err)
	}
	return f, nil
}

// lastWords are the last lines that were written to a log from an offset on.
func lastWords(path string, from int64) string {
	b, err := os.ReadFile(path)
	if err != nil || int64(len(b)) <= from {
		return "; its log is " + path
	}
	lines := strings.Split(strings.TrimSpace(string(b[from:])), "\n")
	for i, line := range lines {
		lines[i] = plainLine(line)
	}
	return ": " + strings.Join(lines[max(0, len(lines)-shownLog):], "\n")
}
