package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/cmd/internal/terminal"
	"github.com/backbone-sweep/sweep/sweep"
)

// Keys as a terminal sends them.
const (
	keyEnter  = "\r"
	keyEscape = "\x1b"
	keyRight  = "\x1b[C"
	keyDown   = "\x1b[B"
	keyDelete = "\x1b[3~"
	keyCtrlC  = "\x03"
	keyCtrlZ  = "\x1a"
	keyErase  = "\x7f"
)

// patience is how long a screen may take on a machine with much else to do.
const patience = 40 * time.Second

// screen is a terminal with the program in it, and what a test sees on it.
type screen struct {
	*terminal.Terminal
	t *testing.T
}

// open starts the program in a terminal; its working folder is dir.
func (p *program) open(dir string, columns, rows int, args ...string) *screen {
	p.t.Helper()
	cmd := p.command(args...)
	cmd.Dir = dir
	return p.terminal(cmd, columns, rows)
}

// inShell opens a terminal with a shell whose prompt is "ready:".
func (p *program) inShell() *screen {
	p.t.Helper()
	cmd := p.command()
	cmd.Env = append(cmd.Env, "PS1=ready: ", "ENV=")
	cmd.Path, cmd.Args, cmd.Dir = "/bin/sh", []string{"sh", "-i"}, p.t.TempDir()
	s := p.terminal(cmd, 80, 24)
	s.see("ready:")
	return s
}

func (p *program) terminal(cmd *exec.Cmd, columns, rows int) *screen {
	p.t.Helper()
	term, err := terminal.Start(cmd, columns, rows)
	if errors.Is(err, errors.ErrUnsupported) {
		p.t.Skip(err)
	} else if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		if err := term.Close(); err != nil {
			p.t.Error(err)
		}
	})
	return &screen{term, p.t}
}

// blanks are what stands between columns: how many depends on other rows.
var blanks = regexp.MustCompile(` +`)

// see waits until all these words are on the screen, whatever the width of columns.
func (s *screen) see(words ...string) string {
	s.t.Helper()
	return s.await(strings.Join(words, " … "), func(screen string) bool {
		screen = blanks.ReplaceAllString(screen, " ")
		for _, w := range words {
			if !strings.Contains(screen, w) {
				return false
			}
		}
		return true
	})
}

// miss waits until none of these words is on the screen.
func (s *screen) miss(words ...string) {
	s.t.Helper()
	s.await("no "+strings.Join(words, ", no "), func(screen string) bool {
		screen = blanks.ReplaceAllString(screen, " ")
		for _, w := range words {
			if strings.Contains(screen, w) {
				return false
			}
		}
		return true
	})
}

// await waits until the screen is as asked.
func (s *screen) await(what string, ok func(string) bool) string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	if _, err := s.Await(ctx, ok); err != nil {
		s.t.Fatalf("waiting for %s: %v", what, err)
	}
	return s.Screen()
}

func (s *screen) press(keys string) {
	s.t.Helper()
	if err := s.Type(keys); err != nil {
		s.t.Fatal(err)
	}
}

// code waits for the program's end and checks the exit code.
func (s *screen) code(want int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	got, err := s.Wait(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	if got != want {
		s.t.Errorf("exit code %d, want %d; the screen:\n%s", got, want, s.Screen())
	}
}

// ended waits for the program's end, checks the exit code and that the terminal
// is as it was found.
func (s *screen) ended(code int) {
	s.t.Helper()
	s.code(code)
	for _, change := range s.Changed() {
		s.t.Errorf("the terminal is not as it was: %s", change)
	}
}

// dismiss ends the supervisor, which may be left without anything to do.
func (p *program) dismiss(c *sweep.Conn) {
	p.t.Helper()
	info, err := c.Info(p.t.Context())
	if err == nil {
		err = syscall.Kill(info.PID, syscall.SIGTERM)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	<-c.Done()
	p.end()
}

// folder is a working folder with a config of one small run and its images, a few
// plain colours; more are further lines of the config.
func folder(t *testing.T, more ...string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "configs"), 0o755); err != nil {
		t.Fatal(err)
	}
	actions, emotions := []string{"걷거나 달리는 동작", "납작 엎드리는 동작"}, []string{"편안/안정", "불안/슬픔"}
	labels := "image_path,action,emotion\n"
	for i := range 64 {
		pixels := image.NewRGBA(image.Rect(0, 0, 32, 32))
		draw.Draw(pixels, pixels.Rect, image.NewUniform(color.RGBA{uint8(200 * (i % 2)), uint8(200 * (i / 2 % 2)), uint8(i), 255}), image.Point{}, draw.Src)
		var b bytes.Buffer
		if err := png.Encode(&b, pixels); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%02d.png", i)
		write(name, b.Bytes())
		labels += fmt.Sprintf("%s,%s,%s\n", name, actions[i%2], emotions[i/2%2])
	}
	write("labels.csv", []byte(labels))
	write("configs/cats.yaml", fmt.Appendf(nil, `
name: 고양이
models: [resnet18]
data: {csv: ../labels.csv, image_size: 32}
label_names: {action: [%s], emotion: [%s]}
batch_size: 4
epochs: 3
learning_rate: 1.5e-3
%s
`, strings.Join(actions, ", "), strings.Join(emotions, ", "), strings.Join(more, "\n")))
	return dir
}
