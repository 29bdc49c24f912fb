// Package terminal runs a program in a pseudo-terminal and keeps the screen that
// a person in front of it would see. Tests and benchmarks type into it, read it,
// change its size and pull its plug.
//
// A Terminal answers the usual queries as a terminal of 256 colours with a dark
// background does. All its methods may be called from several goroutines.
package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"golang.org/x/term"
)

// Terminal is a pseudo-terminal with a program in it.
type Terminal struct {
	cmd    *exec.Cmd
	master *os.File
	slave  *os.File    // held open until the program has ended
	found  *term.State // of the line before the program came

	owned   sync.WaitGroup // the goroutines
	ended   chan struct{}  // closed when the process is gone
	drained chan struct{}  // closed when all its output was read

	mu       sync.Mutex
	screen   *vt.Emulator
	changed  chan struct{} // closed and replaced at every change
	at       time.Time     // of the last output
	sent     int64
	output   bytes.Buffer
	modes    map[ansi.Mode]bool // that the program has touched
	alt      bool
	title    string
	progress string // of OSC 9;4
	keyboard int    // keyboard modes pushed and not popped
	clip     string // of OSC 52, as sent
	cooked   bool   // the ended program left the line as it was found
}

// Start runs a command in a terminal of its own, in a session of its own. The
// environment of cmd is given the terminal's kind.
func Start(cmd *exec.Cmd, columns, rows int) (*Terminal, error) {
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "COLORTERM=", "TERM_PROGRAM=", "NO_COLOR=", "CLICOLOR_FORCE=")
	master, slave, err := open()
	if err != nil {
		return nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	t := &Terminal{
		cmd: cmd, master: master, slave: slave, ended: make(chan struct{}), drained: make(chan struct{}), changed: make(chan struct{}),
		screen: vt.NewEmulator(columns, rows), modes: map[ansi.Mode]bool{}, at: time.Now(),
	}
	t.listen()
	if err = resize(master, columns, rows); err == nil {
		t.found, err = term.GetState(int(slave.Fd()))
	}
	if err == nil {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		// Under nohup a program inherits that SIGHUP is ignored, where no trap can
		// bring it back. To be notified of it undoes that.
		hangUps := make(chan os.Signal, 1)
		signal.Notify(hangUps, syscall.SIGHUP)
		err = cmd.Start()
		signal.Stop(hangUps)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s in a pseudo-terminal: %w", cmd.Path, err), master.Close(), slave.Close())
	}
	t.owned.Go(t.read)
	t.owned.Go(t.answer)
	t.owned.Go(t.reap)
	return t, nil
}

// listen notes what the program asks of the terminal beside the screen.
func (t *Terminal) listen() {
	t.screen.SetCallbacks(vt.Callbacks{
		AltScreen:   func(on bool) { t.alt = on },
		Title:       func(s string) { t.title = s },
		EnableMode:  func(m ansi.Mode) { t.modes[m] = true },
		DisableMode: func(m ansi.Mode) { t.modes[m] = false },
	})
	t.screen.RegisterCsiHandler(ansi.Command('>', 0, 'u'), func(ansi.Params) bool { t.keyboard++; return true })
	t.screen.RegisterCsiHandler(ansi.Command('<', 0, 'u'), func(ansi.Params) bool { t.keyboard = max(0, t.keyboard-1); return true })
	t.screen.RegisterOscHandler(9, func(data []byte) bool {
		if s, ok := bytes.CutPrefix(data, []byte("9;4;")); ok {
			t.progress = string(s)
		}
		return true
	})
	t.screen.RegisterOscHandler(52, func(data []byte) bool { t.clip = string(data); return true })
}

// read shows the program's output until nobody can write any more.
func (t *Terminal) read() {
	buf := make([]byte, 1<<16)
	for {
		n, err := t.master.Read(buf)
		if n > 0 {
			t.show(buf[:n], time.Now())
		}
		if err != nil {
			break
		}
	}
	close(t.drained)
	if in, ok := t.screen.InputPipe().(io.Closer); ok {
		_ = in.Close() // ends answer
	}
}

func (t *Terminal) show(output []byte, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.screen.Write(output) // never fails: nobody closes it
	t.output.Write(output)
	t.sent += int64(len(output))
	t.at = at
	close(t.changed)
	t.changed = make(chan struct{})
}

// answer types what a terminal replies to queries.
func (t *Terminal) answer() {
	buf := make([]byte, 4096)
	for {
		n, err := t.screen.Read(buf)
		if err != nil {
			return
		}
		_, _ = t.master.Write(buf[:n]) // a program that is gone needs no answer
	}
}

// reap waits for the program, looks at how it left the line, and lets go of it,
// so that read comes to an end.
func (t *Terminal) reap() {
	_ = t.cmd.Wait() // the process state says how
	left, err := term.GetState(int(t.slave.Fd()))
	t.mu.Lock()
	t.cooked = err == nil && reflect.DeepEqual(left, t.found)
	t.mu.Unlock()
	_ = t.slave.Close() // only so that the last one does
	close(t.ended)
}

// Type presses keys, as the bytes that they send.
func (t *Terminal) Type(keys string) error {
	_, err := t.master.WriteString(keys)
	return err
}

// Signal sends a signal to the program alone.
func (t *Terminal) Signal(s os.Signal) error { return t.cmd.Process.Signal(s) }

// PID is the program's.
func (t *Terminal) PID() int { return t.cmd.Process.Pid }

// Resize changes the size, which the program is told by SIGWINCH.
func (t *Terminal) Resize(columns, rows int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.screen.Resize(columns, rows)
	return resize(t.master, columns, rows)
}

// Screen is the text on the screen, without the blanks at the ends of its lines.
func (t *Terminal) Screen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.screen.String()
}

// Styled is the screen with its colours.
func (t *Terminal) Styled() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.screen.Render()
}

// Sent is how many bytes the program has written.
func (t *Terminal) Sent() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sent
}

// Output is everything that the program has written.
func (t *Terminal) Output() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.output.Bytes())
}

// Clipboard is what was sent to the clipboard last, as OSC 52 has it.
func (t *Terminal) Clipboard() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.clip
}

// Title is the window's.
func (t *Terminal) Title() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.title
}

// ErrEnded is why a screen will never show what is waited for.
var ErrEnded = errors.New("the program has ended")

// Await waits until the screen is as asked, and returns when the output that made
// it so was read. The error has the screen as it is instead.
func (t *Terminal) Await(ctx context.Context, ok func(screen string) bool) (time.Time, error) {
	for {
		t.mu.Lock()
		screen, at, changed := t.screen.String(), t.at, t.changed
		t.mu.Unlock()
		if ok(screen) {
			return at, nil
		}
		select {
		case <-changed:
			continue
		default:
		}
		select {
		case <-changed:
		case <-t.drained:
			return at, fmt.Errorf("%w; the screen:\n%s", ErrEnded, screen)
		case <-ctx.Done():
			return at, fmt.Errorf("%w; the screen:\n%s", ctx.Err(), screen)
		}
	}
}

// Wait waits for the program's end and for its last words, and returns its exit
// code, -1 where a signal ended it. It is an error when something that the
// program left behind holds on to the terminal.
func (t *Terminal) Wait(ctx context.Context) (code int, err error) {
	select {
	case <-t.ended:
	case <-ctx.Done():
		return 0, fmt.Errorf("the program does not end: %w; the screen:\n%s", ctx.Err(), t.Screen())
	}
	code = t.cmd.ProcessState.ExitCode()
	select {
	case <-t.drained:
		return code, nil
	case <-ctx.Done():
		return code, fmt.Errorf("another process holds on to the terminal: %w", ctx.Err())
	}
}

// HangUp takes the terminal away, as a dropped link does: the program gets SIGHUP
// from the system, and what it writes fails.
func (t *Terminal) HangUp() error { return t.master.Close() }

// Close kills the program, if it still runs, and frees the terminal.
func (t *Terminal) Close() error {
	select {
	case <-t.ended:
	default:
		_ = t.cmd.Process.Kill() // it may have ended just now
	}
	err := t.master.Close()
	if errors.Is(err, os.ErrClosed) {
		err = nil // after HangUp
	}
	t.owned.Wait()
	return err
}

// Changed says what differs from the terminal that the program found, one line
// each; empty when it is as it was.
func (t *Terminal) Changed() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []string
	add := func(is bool, what string) {
		if is {
			out = append(out, what)
		}
	}
	select {
	case <-t.ended:
		add(!t.cooked, "the line discipline is another")
	default:
	}
	add(t.alt, "the alternate screen is shown")
	add(t.keyboard > 0, "a keyboard mode is left")
	add(t.progress != "" && !strings.HasPrefix(t.progress, "0"), "progress "+t.progress+" is shown")
	for mode, on := range t.modes {
		usual := mode == ansi.ModeTextCursorEnable || mode == ansi.ModeAutoWrap
		add(on != usual, fmt.Sprintf("mode %d is %t", mode, on))
	}
	slices.Sort(out)
	return out
}
