package main

import (
	"encoding/csv"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// The link drops while runs train, or the app is killed: all runs end as if
// nothing had happened, and who attaches again sees every point.
func TestAppLinkDrops(t *testing.T) {
	t.Parallel()
	seeds := []uint64{1, 2}
	if os.Getenv("SWEEP_SLOW") != "" {
		seeds = []uint64{1, 2, 3, 4}
	}
	p := newProgram(t)
	dir := folder(t, "parallel: 4")
	c := p.connect()
	stays := p.open(dir, 200, 50, "attach")
	stays.see("No runs yet.")
	_, err := c.Start(t.Context(), sweep.StartRequest{Config: "configs/cats.yaml", Dir: dir, Seeds: seeds, Epochs: 5})
	if err != nil {
		t.Fatal(err)
	}
	dropped, killed := p.open(dir, 80, 24, "attach"), p.open(dir, 120, 40, "attach")
	dropped.see("고양이 · " + strconv.Itoa(len(seeds)) + " runs")
	killed.see("고양이 · " + strconv.Itoa(len(seeds)) + " runs")
	until(t, "all runs train", func() bool {
		list, err := c.Runs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.Step < 3 {
				return false
			}
		}
		return len(list) == len(seeds)
	})
	if err := dropped.HangUp(); err != nil {
		t.Fatal(err)
	}
	dropped.code(exitInterrupted)
	if err := killed.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	killed.code(-1)

	var rows []string
	for _, seed := range seeds {
		rows = append(rows, "✓ ━ resnet18 "+strconv.FormatUint(seed, 10))
	}
	stays.see(rows...)
	again := p.open(dir, 200, 50, "attach")
	again.see(rows...)
	again.await("the screen of one that saw all of it", func(screen string) bool {
		return body(screen) == body(stays.Screen())
	})

	var last []float64 // losses
	for _, r := range p.runs() {
		out, _ := p.run(0, "metrics", r.ID, "--per", "step")
		stored, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		stored = stored[1:] // without the header
		if r.State != run.Done || r.Steps == nil || len(stored) != *r.Steps {
			t.Errorf("run %s is %s with %d steps of %v", r.ID, r.State, len(stored), r.Steps)
		}
		h, err := c.History(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(h.Step) != len(stored) {
			t.Errorf("an app is sent %d steps of run %s, the store has %d", len(h.Step), r.ID, len(stored))
		}
		loss, err := strconv.ParseFloat(stored[len(stored)-1][3], 64)
		if err != nil {
			t.Fatal(err)
		}
		last = append(last, loss)
	}
	again.press(keyRight) // the crosshair, at the end
	text := again.see("at epoch 5.00")
	shown := regexp.MustCompile(`loss (\d\S*)`).FindAllStringSubmatch(text, -1)
	if len(shown) != len(last) {
		t.Fatalf("%d losses of %d in\n%s", len(shown), len(last), text)
	}
	for i, loss := range last {
		if got, err := strconv.ParseFloat(shown[i][1], 64); err != nil || math.Abs(got-loss) > 1e-3*loss {
			t.Errorf("the last loss of run %d is %g, which is not in\n%s", i, loss, text)
		}
	}
	for _, s := range []*screen{again, stays} {
		s.press("q")
		s.ended(0)
	}
	p.dismiss(c)
	p.run(0, "store", "verify")
}

// body is the screen but for its last two lines.
func body(screen string) string {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	return strings.Join(lines[:max(0, len(lines)-2)], "\n")
}

// Ctrl-Z gives the shell its terminal back, and fg the app.
func TestAppSuspends(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	s := p.inShell()
	s.press("sweep\r")
	s.see("No runs yet.", "? help")
	s.press(keyCtrlZ)
	s.await("the shell", prompted)
	for _, change := range s.Changed() {
		t.Errorf("while suspended: %s", change)
	}
	s.press("echo $((20 + 22))\r")
	s.see("42")
	s.press("fg\r")
	s.see("No runs yet.", "? help")
	s.press("?") // its keys are its own again
	s.see("to the run above")
	s.press(keyEscape)
	s.miss("to the run above")
	s.press("q")
	s.await("the shell", prompted)
	s.press("exit\r")
	s.ended(0)
}

// prompted reports whether the shell waits for a command after another one.
func prompted(screen string) bool {
	return strings.Contains(screen, "ready: sweep") && strings.HasSuffix(strings.TrimRight(screen, " \n"), "\nready:")
}

// Two people press stop, resume, export and delete for one run at the same time:
// each is told what came of it.
func TestAppTwoAtOnce(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	dir := folder(t, "parallel: 4")
	c := p.connect()
	start := func(seed uint64, epochs int) {
		t.Helper()
		_, err := c.Start(t.Context(), sweep.StartRequest{Config: "configs/cats.yaml", Dir: dir, Seeds: []uint64{seed}, Epochs: epochs})
		if err != nil {
			t.Fatal(err)
		}
	}
	start(1, 2)
	one, two := p.open(dir, 100, 30, "attach"), p.open(dir, 100, 30, "attach")
	both := func(do func(s *screen)) {
		do(one)
		do(two)
	}
	both(func(s *screen) { s.see("✓ ━ resnet18") })
	start(2, 400)
	both(func(s *screen) { s.see("▸ ● ━ resnet18 2", "/400") })

	both(func(s *screen) { s.press("s") })
	both(func(s *screen) { s.see("Stop resnet18 2?") })
	both(func(s *screen) { s.press("y") })
	told(one, two, "resnet18 2 stops after its step", "run is not being worked on")
	both(func(s *screen) { s.see("▸ ■ ━ resnet18 2") })

	both(func(s *screen) { s.press("r") })
	told(one, two, "resnet18 2 goes on", "run cannot be resumed")
	both(func(s *screen) { s.see("● ━ resnet18 2") })
	if n := len(p.runs()); n != 2 {
		t.Errorf("%d runs", n)
	}

	both(func(s *screen) { s.press("G") })
	both(func(s *screen) { s.see("▸ ✓ ━ resnet18 1") })
	both(func(s *screen) { s.press("e") })
	both(func(s *screen) { s.see("write the file") })
	both(func(s *screen) { s.press("w") })
	told(one, two, "written to 고양이-comparison.md", "exists already")
	first := p.runs()[0]
	want, err := c.Export(t.Context(), sweep.Selection{IDs: []string{first.ID}}, sweep.ByModel, "md")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(dir + "/고양이-comparison.md"); string(got) != string(want) || err != nil {
		t.Errorf("exported: %q, %v; want %q", got, err, want)
	}
	both(func(s *screen) {
		if strings.Contains(s.Screen(), "Overwrite?") {
			s.press("y")
			s.see("written to")
		}
	})

	both(func(s *screen) { s.press(keyDelete) })
	both(func(s *screen) { s.see("Delete resnet18 1?") })
	both(func(s *screen) { s.press("y") })
	told(one, two, "resnet18 1 is deleted", "no such run")
	both(func(s *screen) { s.miss("✓") })

	both(func(s *screen) { s.press("q") })
	both(func(s *screen) { s.see("1 run is not finished.") })
	both(func(s *screen) { s.press("s") })
	both(func(s *screen) { s.ended(0) })
	p.dismiss(c)
	if list := p.runs(); len(list) != 1 || list[0].State != run.Stopped {
		t.Errorf("in the end: %+v", list)
	}
	p.run(0, "store", "verify")
}

// told waits until each screen tells of success or of what the other one did
// before, and checks that one of them tells of success.
func told(one, two *screen, success, tooLate string) {
	one.t.Helper()
	succeeded := 0
	for _, s := range []*screen{one, two} {
		screen := s.await(success+" or "+tooLate, func(screen string) bool {
			return strings.Contains(screen, success) || strings.Contains(screen, tooLate)
		})
		if strings.Contains(screen, success) {
			succeeded++
		}
	}
	if succeeded == 0 {
		one.t.Errorf("nobody is told %q", success)
	}
}
