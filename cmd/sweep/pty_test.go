package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// A sweep from the first key to the exported table: started from the form,
// watched at several sizes, left and come back to, compared, removed.
func TestAppFlow(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	dir := folder(t)
	s := p.open(dir, 80, 24)
	s.see("No runs yet.")

	s.press("n")
	s.see("configs/cats.yaml", "1 run of 3 epochs", "enter starts it")
	s.press(strings.Repeat(keyDown, 5) + ", 43") // to the seeds
	s.see("2 runs of 3 epochs", "seed 42, 43", "enter starts it")
	s.press(keyEnter)
	s.see("고양이 · 2 runs · host", "resnet18 42", "resnet18 43", "queued")

	// Points arrive: the curve grows.
	first := s.await("a first curve", drawn)
	s.await("a longer one", func(screen string) bool { return drawn(screen) && curves(screen) != curves(first) })

	for _, size := range [][2]int{{200, 50}, {60, 15}, {80, 24}} {
		if err := s.Resize(size[0], size[1]); err != nil {
			t.Fatal(err)
		}
		s.await("a frame of the new size", fits(size[0], size[1]))
		s.see("고양이 · 2 runs", "? help")
	}

	s.press("q")
	s.see("Leave", "not finished.", "stop all", "stay")
	s.press("c")
	s.miss("not finished")
	s.press("q")
	s.see("not finished")
	s.press("d")
	s.ended(0)
	if !strings.Contains(s.Screen(), "on; sweep attach comes back") {
		t.Errorf("after leaving the screen says:\n%s", s.Screen())
	}

	s = p.open(dir, 120, 40, "attach")
	s.see("고양이 · 2 runs", "✓ ━ resnet18 42", "✓ ━ resnet18 43")
	for _, r := range p.runs() {
		if r.State != run.Done {
			t.Errorf("run %s is %s", r.ID, r.State)
		}
	}
	s.press("t")
	s.see("comparison · 고양이", "Macro F1", "ResNet18", "±")
	s.press("b")
	s.see("by run", "42", "43")
	s.press("e")
	s.see("Export the comparison", "고양이-comparison.md")
	s.press("w")
	s.see("written to 고양이-comparison.md")
	want, _ := p.run(0, "export", "--by", "run")
	got, err := os.ReadFile(filepath.Join(dir, "고양이-comparison.md"))
	if err != nil || string(got) != want {
		t.Errorf("exported:\n%s%v\nwant:\n%s", got, err, want)
	}
	s.press("e")
	s.see("Export the comparison")
	s.press("w")
	s.see("Overwrite?")
	s.press("n")
	s.miss("Overwrite?")
	s.press(keyEscape)
	s.miss("Export the comparison")
	s.press("e")
	s.see("Export the comparison")
	s.press("c")
	s.see("copied", "to the clipboard")
	if got, ok := strings.CutPrefix(s.Clipboard(), "52;c;"); !ok || decoded(t, got) != want {
		t.Errorf("the clipboard was sent %q", s.Clipboard())
	}

	s.press("?")
	s.see("to a file or the clipboard", "leave; asks what to do with runs that go on")
	s.press(keyEscape)
	s.miss("leave; asks")
	s.press(keyEscape)
	s.see("training loss")
	s.press(keyEnter)
	s.see("1 Curves", "learning rate")
	s.press("3")
	s.see("truth ↓ prediction →", "걷거나 달리는 동작")
	s.press("5")
	s.see("state done", "name: 고양이")
	s.press(keyEscape)
	s.see("training loss")

	s.press(keyDelete)
	s.see("Delete resnet18 42?")
	s.press("y")
	s.see("고양이 · 1 run")
	s.miss("Delete")
	s.press("q") // nothing goes on: no question
	s.ended(0)
	if list := p.runs(); len(list) != 1 || list[0].Seed != 43 {
		t.Errorf("after the removal: %+v", list)
	}
	p.run(0, "store", "verify")
}

// drawn reports whether a curve is on the screen.
func drawn(screen string) bool { return curves(screen) != "" }

// curves are the Braille cells of a screen.
func curves(screen string) string {
	return strings.Map(func(r rune) rune {
		if r >= '⠀' && r <= '⣿' {
			return r
		}
		return -1
	}, screen)
}

// fits reports whether a screen is framed at these columns and rows.
func fits(columns, rows int) func(string) bool {
	return func(screen string) bool {
		lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
		return len(lines) == rows && utf8.RuneCountInString(strings.TrimRight(lines[1], " ")) == columns &&
			strings.HasSuffix(strings.TrimRight(lines[1], " "), "╮") && strings.Contains(lines[rows-1], "help")
	}
}

func decoded(t *testing.T, s string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Error(err)
	}
	return string(b)
}

// Stop, resume, stop all: from the keys to the states in the store.
func TestAppStopsAndResumes(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	c := p.connect()
	_, err := c.Start(t.Context(), sweep.StartRequest{Config: "configs/cats.yaml", Dir: folder(t), Seeds: []uint64{1, 2}, Epochs: 400})
	if err != nil {
		t.Fatal(err)
	}
	s := p.open(t.TempDir(), 100, 30, "attach")
	s.see("고양이 · 2 runs", "● ━ resnet18", "1/400", "queued")
	s.press("r")
	s.see("not now: it has not ended")
	s.press("s")
	s.see("Stop resnet18 1?", "finishes its step, saves and ends")
	s.press("y")
	s.see("■ ━ resnet18 1", "stopped: ", "● ━ resnet18 2") // the other one is started
	s.press("k")                                           // the cursor went with what runs
	s.see("▸ ■ ━ resnet18 1")
	s.press("r")
	s.see("resnet18 1 goes on", "○ ━ resnet18 1")
	s.press("s") // while it is queued
	s.see("Stop resnet18 1?")
	s.press(keyEscape)
	s.miss("Stop resnet18 1?")
	s.press("q")
	s.see("2 runs are not finished.")
	s.press("s")
	s.ended(0)
	p.end(c)
	for _, r := range p.runs() {
		if r.State != run.Stopped {
			t.Errorf("run %s is %s: %v", r.ID, r.State, *r.Reason)
		}
	}
	p.run(0, "store", "verify")
}
