package sweep

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// terminal keeps what a terminal of a width would show.
type terminal struct {
	t      *testing.T
	width  int
	lines  []string
	line   []rune // one a cell; 0 is the second cell of a wide letter
	column int
	writes int // of the live line
	raw    strings.Builder
}

func (s *terminal) Write(p []byte) (int, error) {
	s.raw.Write(p)
	if len(p) > 0 && p[0] == '\r' {
		s.writes++
	}
	for _, c := range string(p) {
		switch c {
		case '\r':
			s.column = 0
		case '\n':
			s.lines = append(s.lines, s.current())
			s.line, s.column = nil, 0
		default:
			n := cells(string(c))
			for len(s.line) < s.column+n {
				s.line = append(s.line, ' ')
			}
			s.line[s.column] = c
			if n == 2 {
				s.line[s.column+1] = 0
			}
			s.column += n
		}
	}
	return len(p), nil
}

func (s *terminal) current() string {
	return strings.TrimRight(strings.ReplaceAll(string(s.line), "\x00", ""), " ")
}

func (s *terminal) screen() string { return strings.Join(append(s.lines, s.current()), "\n") }

// feed plays a sweep of two runs, one of which fails, at 100 ms a step.
func feed(event func(run.Event), advance func(time.Duration) time.Time) {
	for i, model := range []string{"resnet18", "efficientnet_b4"} {
		id := fmt.Sprintf("cats-%s-s42-000001", model)
		say := func(e run.Event) {
			e.Run, e.Time = id, advance(0)
			event(e)
		}
		say(run.Event{Type: run.EventState, State: run.Preparing})
		say(run.Event{Type: run.EventLog, Message: "decoding\x1b[31m 40 images\nof 행동"})
		say(run.Event{Type: run.EventWarning, Message: "video 7: frame 12 does not decode: skipped"})
		advance(2 * time.Second)
		say(run.Event{Type: run.EventState, State: run.Running, Steps: 2000, Provenance: &run.Provenance{Engine: "host", Device: "2 threads"}})
		for epoch := 1; epoch <= 2; epoch++ {
			for step := range 1000 {
				advance(100 * time.Millisecond)
				say(run.Event{Type: run.EventStep, Step: (epoch-1)*1000 + step + 1, Epoch: epoch, ImagesPerS: 1234.5 / float64(1+20*i), Values: run.Values{{Key: "loss", V: 3 / float64(epoch)}}})
			}
			f1 := 0.9 - 0.1*float64(epoch)
			say(run.Event{Type: run.EventEpoch, Split: run.Val, Epoch: epoch, Values: run.Values{{Key: "loss", V: 1.5}, {Key: "macro_f1", V: f1}}})
			if epoch == 1 {
				say(run.Event{Type: run.EventBest, Epoch: epoch, Metric: "macro_f1", Value: f1})
			}
			if i == 1 {
				say(run.Event{Type: run.EventState, State: run.Failed, Reason: "the loss of 행동 became NaN in step 1001; the last good one was 3 in step 1000"})
				return
			}
		}
		say(run.Event{Type: run.EventEpoch, Split: run.Test, Epoch: 1, Values: run.Values{{Key: "loss", V: 1.4}, {Key: "macro_f1", V: 0.78}}})
		say(run.Event{Type: run.EventState, State: run.Done})
	}
}

func outline(t *testing.T) Outline {
	t.Helper()
	var specs []run.Spec
	for _, model := range []string{"resnet18", "efficientnet_b4"} {
		specs = append(specs, testSpec(t, fmt.Sprintf("cats-%s-s42-000001", model), model, 42))
	}
	return Outline{Specs: specs, Images: Images{Train: 13129, Val: 2317, Test: 2726}, Parallel: 1, StoreDir: "/home/cat/.local/state/sweep"}
}

func TestPrinterWithoutTerminal(t *testing.T) {
	var b strings.Builder
	p := NewPrinter(&b, Screen{}, outline(t))
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	feed(p.Event, func(d time.Duration) time.Time {
		now = now.Add(d)
		return now
	})
	p.Event(run.Event{Run: "a stranger", Type: run.EventWarning, Message: "not ours"})
	p.Note("that was all")
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	golden(t, "headless.txt", b.String())
	if strings.ContainsAny(b.String(), "\r\x1b") {
		t.Error("the output has control characters")
	}
}

func TestPrinterOnTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		term := &terminal{t: t, width: 80}
		p := NewPrinter(term, Screen{Live: true, Color: false, Width: func() int { return 80 }}, outline(t))
		start := time.Now()
		var live []string
		feed(p.Event, func(d time.Duration) time.Time {
			time.Sleep(d)
			if s := time.Since(start); d > 0 && s%(50*time.Second) == 0 {
				synctest.Wait()
				p.mu.Lock()
				live = append(live, term.current())
				p.mu.Unlock()
			}
			return time.Now()
		})
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		elapsed := time.Since(start)
		if most := int(elapsed/livePeriod) + 40; term.writes > most { // a line that stays redraws too
			t.Errorf("%d live lines in %v, want at most %d", term.writes, elapsed, most)
		}
		for _, l := range live {
			if cells(l) > 79 {
				t.Errorf("a live line of %d cells: %s", cells(l), l)
			}
		}
		if term.current() != "" {
			t.Errorf("the live line stays: %q", term.current())
		}
		golden(t, "headless_terminal.txt", strings.Join(live, "\n")+"\n----\n"+term.screen())
		if strings.Contains(term.raw.String(), "\x1b") {
			t.Error("escape sequences without colour")
		}
	})
}

func TestPrinterThinsOutCounting(t *testing.T) {
	var b strings.Builder
	p := NewPrinter(&b, Screen{}, outline(t))
	b.Reset()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for i := range 100 {
		p.Event(run.Event{Run: "cats-resnet18-s42-000001", Time: now, Type: run.EventLog, Message: fmt.Sprintf("decoding images %d/100", i)})
		now = now.Add(250 * time.Millisecond)
	}
	p.Event(run.Event{Run: "cats-resnet18-s42-000001", Time: now, Type: run.EventLog, Message: "split 70/15/15"})
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	want := `resnet18 42         decoding images 0/100
resnet18 42         decoding images 40/100
resnet18 42         decoding images 80/100
resnet18 42         split 70/15/15
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// A request to stop may come between an epoch's result and the word that it is the best.
func TestPrinterStopsBeforeTheBest(t *testing.T) {
	var b strings.Builder
	p := NewPrinter(&b, Screen{}, outline(t))
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for _, e := range []run.Event{
		{Type: run.EventState, State: run.Running, Steps: 20},
		{Type: run.EventStep, Step: 10, Epoch: 1, ImagesPerS: 30},
		{Type: run.EventEpoch, Split: run.Val, Epoch: 1, Values: run.Values{{Key: "macro_f1", V: 0.5}}},
		{Type: run.EventState, State: run.Stopping},
		{Type: run.EventBest, Epoch: 1, Metric: "macro_f1", Value: 0.5},
		{Type: run.EventState, State: run.Interrupted, Reason: "Ctrl-C"},
	} {
		e.Run, e.Time = "cats-resnet18-s42-000001", now
		p.Event(e)
		now = now.Add(2 * time.Millisecond) // no time to take a rate over
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "epoch "); n != 1 || !strings.Contains(b.String(), "val macro-F1 0.5000  best 0.5000 @1  30.0 img/s") {
		t.Errorf("got\n%s", b.String())
	}
}

func TestPrinterNarrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for width := range 40 {
			term := &terminal{t: t}
			p := NewPrinter(term, Screen{Live: true, Width: func() int { return width }}, outline(t))
			p.Event(run.Event{Run: "cats-resnet18-s42-000001", Type: run.EventState, State: run.Preparing})
			p.Event(run.Event{Run: "cats-resnet18-s42-000001", Type: run.EventLog, Message: "행동을 준비하는 중"})
			time.Sleep(time.Second)
			synctest.Wait()
			p.mu.Lock()
			if n := cells(term.current()); width > 1 && n > width-1 {
				t.Errorf("width %d: %d cells: %q", width, n, term.current())
			}
			p.mu.Unlock()
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestPrinterColor(t *testing.T) {
	var b strings.Builder
	p := NewPrinter(&b, Screen{Color: true}, outline(t))
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	feed(p.Event, func(d time.Duration) time.Time {
		now = now.Add(d)
		return now
	})
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[32mdone\x1b[0m in 3m20s", "\x1b[31mfailed:\x1b[0m the loss", "\x1b[33mwarning: \x1b[0mvideo 7"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestPrinterReportsAFailedWriter(t *testing.T) {
	p := NewPrinter(full{}, Screen{}, outline(t))
	if err := p.Close(); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("got %v", err)
	}
}

func TestSweepLeft(t *testing.T) {
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	at := func(model string, state run.State, step int, each time.Duration) *progress {
		p := &progress{spec: run.Spec{Model: model}, state: state, step: step}
		if step > 0 {
			p.steps, p.began, p.at = 100, start, start.Add(time.Duration(step)*each)
		}
		return p
	}
	tests := []struct {
		name     string
		runs     []*progress
		parallel int
		want     time.Duration // 0: not known
	}{
		{"nothing measured", []*progress{at("resnet18", run.Queued, 0, 0)}, 1, 0},
		{"one half done", []*progress{at("resnet18", run.Running, 50, time.Second)}, 1, 50 * time.Second},
		{"the same again", []*progress{at("resnet18", run.Done, 100, time.Second), at("resnet18", run.Queued, 0, 0)}, 1, 100 * time.Second},
		{"a heavier one", []*progress{at("resnet18", run.Done, 100, time.Second), at("convnext_base", run.Queued, 0, 0)}, 1, 855 * time.Second},
		{"two at a time", []*progress{at("resnet18", run.Running, 50, time.Second), at("resnet18", run.Running, 50, time.Second)}, 2, 50 * time.Second},
		{"all done", []*progress{at("resnet18", run.Done, 100, time.Second)}, 1, 0},
	}
	for _, tt := range tests {
		now := start
		for _, r := range tt.runs {
			if r.at.After(now) {
				now = r.at
			}
		}
		got, ok := sweepLeft(tt.runs, tt.parallel, now)
		if got.Truncate(time.Second) != tt.want || ok != (tt.name != "nothing measured") {
			t.Errorf("%s: %v %v, want %v", tt.name, got, ok, tt.want)
		}
	}
}

func TestDuration(t *testing.T) {
	tests := map[time.Duration]string{
		-time.Second:                "0s",
		400 * time.Millisecond:      "0s",
		59600 * time.Millisecond:    "1m00s",
		8 * time.Second:             "8s",
		362 * time.Second:           "6m02s",
		3*time.Hour + 7*time.Minute: "3h07m",
		53 * time.Hour:              "2d05h",
	}
	for d, want := range tests {
		if got := duration(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 18172: "18,172", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
