package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/cmd/internal/terminal"
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

// see waits until all these words are on the screen.
func (s *screen) see(words ...string) string {
	s.t.Helper()
	return s.await(strings.Join(words, " … "), func(screen string) bool {
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
		for _, w := range words {
			if strings.Contains(screen, w) {
				return false
			}
		}
		return true
	})
}

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

// ended waits for the program's end, checks the code and that the terminal is as
// it was found.
func (s *screen) ended(code int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	got, err := s.Wait(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	if got != code {
		s.t.Errorf("exit code %d, want %d; the screen:\n%s", got, code, s.Screen())
	}
	for _, change := range s.Changed() {
		s.t.Errorf("the terminal is not as it was: %s", change)
	}
}

// folder is a working folder with a config of one small run, and its images.
func folder(t *testing.T, p *program) string {
	t.Helper()
	dir := t.TempDir()
	p.run(0, "data", "demo", filepath.Join(dir, "images"))
	if err := os.Mkdir(filepath.Join(dir, "configs"), 0o755); err != nil {
		t.Fatal(err)
	}
	const config = `
name: 고양이
models: [resnet18]
data: {dir: ../images, image_size: 32}
label_names:
  action: [걷거나 달리는 동작, 좌우로 뒹구는 동작, 납작 엎드리는 동작, 꼬리를 흔드는 동작]
  emotion: [편안/안정, 행복/즐거움, 불안/슬픔]
  situation: ["먹을것, 장난감이 앞에 있을 때", 보호자가 집에 돌아왔을 때, 휴식시간]
batch_size: 8
epochs: 1
learning_rate: 1.5e-3
`
	if err := os.WriteFile(filepath.Join(dir, "configs", "cats.yaml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}
