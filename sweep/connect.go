package sweep

import (
	"bufio"
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
	c, err := Dial(ctx, dir)
	if !errors.Is(err, ErrNoSupervisor) {
		return c, err
	}
	started := make(chan error, 1)
	go func() { started <- spawn.Start(ctx, dir) }()
	// Another process may have been quicker: then the new supervisor finds the store taken.
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case failed := <-started:
			c, err := Dial(ctx, dir)
			if errors.Is(err, ErrNoSupervisor) && failed != nil {
				err = failed
			}
			return c, err
		case <-again.C:
			if c, err := Dial(ctx, dir); !errors.Is(err, ErrNoSupervisor) {
				return c, err
			}
		}
	}
}

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
	before, err := log.Seek(0, io.SeekEnd)
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

	if err := out.SetReadDeadline(time.Now().Add(spawnTimeout)); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = out.SetReadDeadline(time.Now()) })
	defer stop()
	line, err := bufio.NewReader(out).ReadString('\n')
	switch {
	case strings.TrimSpace(line) == ReadyLine:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("the supervisor does not serve after %v%s", spawnTimeout, lastWords(log.Name(), before))
	}
	return fmt.Errorf("the supervisor did not start%s", lastWords(log.Name(), before))
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
