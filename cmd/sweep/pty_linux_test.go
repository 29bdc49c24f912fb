package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/sys/unix"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// screen is a program in a pseudo-terminal.
type screen struct {
	t     *testing.T
	cmd   *exec.Cmd
	pty   *os.File
	wide  bool
	ended chan struct{}

	mu  sync.Mutex
	got []byte // since the last resize
}

// open starts the program in a pseudo-terminal of 80×24.
func (p *program) open(args ...string) *screen {
	p.t.Helper()
	pty, tty := openPTY(p.t)
	cmd := p.command(args...)
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "NO_COLOR=")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	cmd.Dir = p.t.TempDir()
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	_ = tty.Close()
	s := &screen{t: p.t, cmd: cmd, pty: pty, ended: make(chan struct{})}
	go s.read()
	p.t.Cleanup(s.kill)
	return s
}

func openPTY(t *testing.T) (pty, tty *os.File) {
	t.Helper()
	pty, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	fd := int(pty.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	resize(t, pty, 80)
	return pty, tty
}

func resize(t *testing.T, pty *os.File, width uint16) {
	t.Helper()
	if err := unix.IoctlSetWinsize(int(pty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width}); err != nil {
		t.Fatal(err)
	}
}

func (s *screen) read() {
	defer close(s.ended)
	buf := make([]byte, 32<<10)
	for {
		n, err := s.pty.Read(buf)
		s.mu.Lock()
		s.got = append(s.got, buf[:n]...)
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// text is what the program draws when the terminal changes its size: everything.
func (s *screen) text() string {
	s.t.Helper()
	s.mu.Lock()
	s.got = nil
	s.mu.Unlock()
	s.wide = !s.wide
	resize(s.t, s.pty, map[bool]uint16{true: 82, false: 80}[s.wide])
	time.Sleep(250 * time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	return ansi.Strip(string(s.got))
}

// shows waits until all words are on the screen.
func (s *screen) shows(words ...string) {
	s.t.Helper()
	text := ""
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		text = s.text()
		missing := 0
		for _, w := range words {
			if !strings.Contains(text, w) {
				missing++
			}
		}
		if missing == 0 {
			return
		}
	}
	s.t.Fatalf("the screen never showed %q; it has\n%s", words, text)
}

func (s *screen) press(keys string) {
	s.t.Helper()
	for _, k := range keys {
		if _, err := s.pty.WriteString(string(k)); err != nil {
			s.t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// hangUp is what a dropped SSH connection does.
func (s *screen) hangUp() {
	_ = s.pty.Close()
	_ = s.cmd.Wait()
}

func (s *screen) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	_ = s.pty.Close()
}

// The main flows through a real terminal, against a real supervisor and real
// workers: start, watch, drop the link, come back, stop, resume, compare, export.
func TestAppInATerminal(t *testing.T) {
	if os.Getenv("SWEEP_SLOW") == "" {
		t.Skip("slow: set SWEEP_SLOW=1")
	}
	p := newProgram(t)
	app := p.open("demo", "--models", "resnet18,resnet50", "--epochs", "6")
	app.shows("resnet18", "resnet50", "training loss", "● ")
	app.press("?")
	app.shows("comparison table of the runs in the charts")
	app.press("\x1b")
	app.hangUp()

	app = p.open("attach")
	app.shows("resnet18", "queued")
	app.press("s")
	app.shows("finishes its step, saves and ends")
	app.press("y")
	app.shows("stopped")
	app.press("g") // to the run that was stopped: the other one runs now
	app.press("r")
	app.shows("✓")
	app.press("\x1b[B\r")
	app.shows("1 Curves", "learning rate")
	app.press("3")
	app.press("\x1b")
	for deadline := time.Now().Add(4 * time.Minute); time.Now().Before(deadline); time.Sleep(time.Second) {
		if done(p.runs()) {
			break
		}
	}
	app.press("t")
	app.shows("Macro F1", "ResNet18", "ResNet50")
	app.press("ew")
	app.shows("written to demo-comparison.md")
	if _, err := os.Stat(filepath.Join(app.cmd.Dir, "demo-comparison.md")); err != nil {
		t.Error(err)
	}
	app.press("q")
	select {
	case <-app.ended:
	case <-time.After(10 * time.Second):
		t.Error("q did not end the app although nothing goes on")
	}
	for _, r := range p.runs() {
		if r.State != run.Done || r.Steps == nil || r.Step != *r.Steps {
			t.Errorf("%s %s: %s at step %d of %v", r.ID, r.Model, r.State, r.Step, r.Steps)
		}
	}
	p.run(0, "store", "verify")
}

func done(runs []sweep.Listing) bool {
	for _, r := range runs {
		if r.State != run.Done {
			return false
		}
	}
	return len(runs) > 0
}
