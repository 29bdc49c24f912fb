package tui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/internal/fake"
)

// A flow is keys and what they must lead to.
func TestKeysAskTheSupervisor(t *testing.T) {
	for name, c := range map[string]struct {
		keys []string
		want []string // calls of the client
	}{
		"stop asks first":          {[]string{"s"}, nil},
		"stop":                     {[]string{"s", "y"}, []string{"stop r2"}},
		"stop, then not":           {[]string{"s", "n"}, nil},
		"a queued run":             {[]string{"down", "s", "y"}, []string{"stop r3"}},
		"a done run does not stop": {[]string{"up", "s", "y"}, nil},
		"a done run is removed":    {[]string{"up", "D", "y"}, []string{"remove r1"}},
		"enter keeps by default":   {[]string{"up", "D", "enter"}, nil},
		"a live run is not":        {[]string{"D", "y"}, nil},
		"Korean layout":            {[]string{"ㄴ", "ㅛ"}, []string{"stop r2"}},
		"stop all and leave":       {[]string{"q", "s"}, []string{"stop all"}},
		"detach":                   {[]string{"q", "d"}, nil},
		"from the run's screen":    {[]string{"enter", "s", "y"}, []string{"stop r2"}},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, fake.Scene, 80, 24, func(r *rig) {
				r.press(c.keys...)
				if got := r.client.Calls(); !slices.Equal(got, c.want) {
					t.Errorf("%v asked for %q, want %q", c.keys, got, c.want)
				}
			})
		})
	}
}

func TestDisabledKeysSayWhy(t *testing.T) {
	for keys, want := range map[string]string{
		"r":        "it has not ended: running",
		"D":        "it has not ended: stop it first",
		"up s":     "it has ended: done",
		"up r":     "it is done",
		"0":        "everything is in sight already",
		"esc":      "q leaves",
		"enter [":  "it is for classes",
		"enter c":  "it is for confusion",
		"down t t": "",
	} {
		within(t, fake.Scene, 80, 24, func(r *rig) {
			r.press(strings.Fields(keys)...)
			if want != "" {
				r.shows("not now: ", want)
			} else {
				r.lacks("not now")
			}
		})
	}
}

func TestLeaving(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		r.press("q", "c")
		if r.quit {
			t.Error("staying left")
		}
		r.press("q")
		r.shows("3 runs are not finished")
		r.press("d")
		if !r.quit {
			t.Error("detach did not leave")
		}
	})
	idle := func() *fake.Client { return fake.New(fake.Plans()[0].Make()) }
	within(t, idle, 80, 24, func(r *rig) {
		if r.press("q"); !r.quit {
			t.Error("with nothing going on, q asked")
		}
	})
	within(t, fake.Scene, 80, 24, func(r *rig) {
		r.client.Err = errors.New("disk full")
		r.press("q", "s")
		if r.quit {
			t.Error("left although the runs could not be stopped")
		}
		r.shows("disk full")
	})
}

func TestEventsShowAtOnce(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		p := fake.Plans()[1]
		e := r.app.w.book.byID["r2"]
		before := e.curves.loss.Len()
		for i := range 500 {
			r.client.Emit(p.Step(p.Steps + 1 + i))
		}
		r.client.Emit(p.Epoch(16, run.Val), run.Event{Run: "r2", Type: run.EventBest, Epoch: 16, Metric: "macro_f1", Value: 0.9777})
		r.wait(time.Second)
		if got := e.curves.loss.Len() - before; got != 500 {
			t.Errorf("%d points were added, want 500", got)
		}
		r.shows("0.9777 @16")
		frames := 0
		for _, m := range r.seen {
			if _, ok := m.(eventsMsg); ok {
				frames++
			}
		}
		if frames > 10 {
			t.Errorf("%d batches in a second", frames)
		}
	})
}

// Points that come while a run's past is loaded must not be lost, nor counted twice.
func TestHistoryMeetsEvents(t *testing.T) {
	p := fake.Plans()[1]
	e := &entry{name: "x"}
	made := p.Make()
	e.update(made.Status)
	e.curves = &curves{loading: true}
	for i := range 40 {
		ev := p.Step(p.Steps - 19 + i)
		ev.Seq = made.History.Seq - 19 + int64(i)
		e.fold(&ev)
	}
	e.curves.fill(e, made.History, false)
	if got, want := e.curves.loss.Len(), p.Steps+20; got != want || e.curves.gap {
		t.Errorf("%d points, want %d; gap %v", got, want, e.curves.gap)
	}
	missing := p.Step(p.Steps + 30)
	missing.Seq = e.curves.seq + 9
	e.fold(&missing)
	if !e.curves.gap {
		t.Error("missing events went unnoticed")
	}
}

func TestRunThatIsRepeatedFromAnEpochReplacesItsPoints(t *testing.T) {
	p := fake.Plans()[1]
	e := &entry{}
	made := p.Make()
	e.update(made.Status)
	e.curves = &curves{}
	e.curves.fill(e, made.History, false)
	for i, ev := range []run.Event{
		{Type: run.EventState, State: run.Running, Step: 10 * p.PerEpoch, Steps: p.Epochs * p.PerEpoch},
		p.Step(10*p.PerEpoch + 1),
		p.Epoch(11, run.Val),
	} {
		ev.Seq = made.Status.Seq + 1 + int64(i)
		e.fold(&ev)
	}
	if got, want := e.curves.loss.Len(), 10*p.PerEpoch+1; got != want {
		t.Errorf("%d points, want %d", got, want)
	}
	if got := e.curves.evals[len(e.curves.evals)-1].Epoch; got != 11 || len(e.curves.evals) != 11 {
		t.Errorf("%d results, the last of epoch %d; want 11 and 11", len(e.curves.evals), got)
	}
}

func TestLostLinkIsSaidAndMended(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		old := r.client
		r.down = errors.New("connection refused")
		_ = old.Close()
		r.settle()
		r.shows("connection lost", "trying again")
		r.wait(30 * time.Second)
		r.shows("connection lost 30s ago")
		r.press("s")
		r.shows("connection") // and nothing is asked of the dead link

		// Meanwhile 300 steps were recorded.
		plans := fake.Plans()
		r.client = fake.Scene()
		for i := range 300 {
			r.client.Emit(plans[1].Step(plans[1].Steps + 1 + i))
		}
		want := plans[1].Steps + 300
		r.down = nil
		r.wait(12 * time.Second)
		r.lacks("connection lost")
		if got := r.app.w.book.byID["r2"].curves.loss.Len(); got != want {
			t.Errorf("%d points after the link came back, want %d", got, want)
		}
	})
}

func TestErrorsAreNeverLost(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		r.client.Err = errors.New("run r2: the worker does not answer")
		r.press("s", "y")
		r.shows("✗ run r2: the worker does not answer")
		r.wait(time.Minute)
		r.shows("the worker does not answer")
		r.press("down")
		r.lacks("does not answer")
		r.press("!")
		r.shows("Messages", "the worker does not answer")
	})
}

func TestSilentWorker(t *testing.T) {
	within(t, fake.Scene, 120, 40, func(r *rig) {
		r.lacks("silent")
		r.wait(40 * time.Second)
		r.shows("silent for 4")
	})
}

func TestMachineLine(t *testing.T) {
	within(t, fake.Scene, 100, 24, func(r *rig) {
		p := fake.Plans()[1]
		for i := range 8 {
			r.client.Emit(p.Step(p.Steps + 1 + i))
		}
		r.client.Emit(run.Event{Run: "r2", Type: run.EventMachine, Values: run.Values{{Key: "cpu", V: 11.25}, {Key: "rss", V: 1.5 * (1 << 30)}}})
		r.wait(time.Second)
		r.shows("1 worker  11.2 cores", "1.5 GiB", "step 310 ms", "data wait 2 %")
	})
}

// training is the runs r2 and r3 on GPUs, at a time.
type training struct {
	*rig
	plans []fake.Plan
}

func train(r *rig) *training {
	t := &training{r, fake.Plans()[1:3]}
	p := &t.plans[1]
	p.Started = r.app.w.now
	r.client.Emit(run.Event{Run: p.ID, Time: p.Started, Type: run.EventState, State: run.Running, Steps: p.Epochs * p.PerEpoch})
	return t
}

// goOn lets five seconds pass, at the end of which the runs report their steps
// and what they say of their GPUs.
func (t *training) goOn(said map[string]run.Values) {
	t.wait(5 * time.Second)
	for i := range t.plans {
		p := &t.plans[i]
		for {
			e := p.Step(p.Steps + 1)
			if e.Time.After(t.app.w.now) {
				break
			}
			t.client.Emit(e)
			p.Steps++
		}
		if values := said[p.ID]; values != nil {
			t.client.Emit(run.Event{Run: p.ID, Time: t.app.w.now, Type: run.EventMachine, Message: "NVIDIA H200", Values: values})
		}
	}
	t.wait(time.Second)
}

func onGPU(index int, busy, own float64) run.Values {
	const gib = 1 << 30
	return run.Values{
		{Key: "cpu", V: 0.8},
		{Key: "rss", V: gib},
		{Key: "gpu", V: busy},
		{Key: "gpu_index", V: float64(index)},
		{Key: "gpu_memory", V: 21.4 * gib},
		{Key: "gpu_memory_total", V: 139 * gib},
		{Key: "gpu_memory_run", V: own * gib},
		{Key: "gpu_temperature", V: 54},
		{Key: "gpu_power", V: 312},
		{Key: "gpu_power_limit", V: 700},
	}
}

// Two runs on one GPU are one GPU, whichever of them reports; two GPUs are two.
func TestGPULine(t *testing.T) {
	within(t, fake.Scene, 140, 24, func(r *rig) {
		r.wait(time.Second)
		runs := train(r)
		for range 3 {
			runs.goOn(map[string]run.Values{"r2": onGPU(0, 0.87, 9), "r3": onGPU(0, 0.87, 12.25)})
		}
		r.shows("GPU 0 H200  87 % ▇▇▇  21.4/139 GiB  54 °C  312/700 W", " 9.0 GiB", "12.2 GiB")
		if n := strings.Count(r.text(), "21.4/139"); n != 1 {
			t.Errorf("one GPU is shown %d times", n)
		}
		r.lacks("▇▇▇▇")
		r.lacks("cores")

		runs.goOn(map[string]run.Values{"r3": onGPU(1, 1, 12.25)})
		r.shows("GPU 0 H200  87 % ▇▇▇  21.4/139", "GPU 1 H200 100 %  21.4/139")
		r.client.Emit(run.Event{Run: "r2", Type: run.EventState, State: run.Done})
		r.wait(time.Second)
		r.lacks("GPU 0")
		r.lacks(" 9.0 GiB")
		r.shows("GPU 1 H200 100 %")
	})
}

// What a GPU does not tell is left out, and so is what does not fit.
func TestGPULineThatIsShort(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		r.wait(time.Second)
		runs := train(r)
		runs.goOn(map[string]run.Values{"r2": {{Key: "gpu", V: 0.87}, {Key: "gpu_memory", V: 21.4 * (1 << 30)}}})
		r.shows(" GPU H200  87 %  21.4 GiB  ·  step ")
		for range 9 {
			runs.goOn(map[string]run.Values{"r2": onGPU(0, 0.87, 9), "r3": onGPU(0, 0.87, 9)})
		}
		r.shows(" GPU 0 H200  87 % ▇▇▇▇▇▇▇▇  21.4/139 GiB  54 °C  312/700 W  ")
		r.lacks("…")
	})
}

func TestGPUNames(t *testing.T) {
	for name, want := range map[string]string{
		"NVIDIA H200": "H200", "NVIDIA H100 80GB HBM3": "H100", "NVIDIA A100-SXM4-80GB": "A100-SXM4-80GB",
		"NVIDIA GeForce RTX 4090": "RTX 4090", "Tesla T4": "T4", "": "",
	} {
		if got := shortName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func TestFilterHideAndPin(t *testing.T) {
	within(t, fake.Scene, 120, 40, func(r *rig) {
		r.press("/", "n", "e", "t", "5")
		r.shows("filter", "resnet50")
		r.lacks("convnext")
		r.press("enter")
		r.shows(`filter "net5": 1 of 4`)
		r.press("esc")
		r.shows("convnext_base")
		r.press("h")
		if r.app.w.shown(r.app.runs.cursor(r.app.w))[1].ID == "r2" {
			t.Error("a hidden run is in the charts")
		}
	})
}

func TestStartingASweep(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		r.press("n")
		r.shows("what will happen", "4 runs of 30 epochs", "[x] ResNet50")
		r.press("tab", "down", "space")
		r.shows("[ ] ResNet50")
		r.wait(time.Second)
		r.press("down", "down", "down") // to the seeds
		for _, k := range []string{"backspace", "backspace", "7", ",", "x", "8"} {
			r.press(k)
		}
		r.press("tab", "backspace", "backspace", "5")
		r.wait(time.Second)
		r.press("enter")
		calls := r.client.Calls()
		const want = "start configs/task02.yaml [resnet18 efficientnet_b4 convnext_base] [7 8] 5"
		if last := calls[len(calls)-1]; last != want {
			t.Errorf("asked for %q, want %q", last, want)
		}
		if n := len(calls); n > 4 {
			t.Errorf("%d requests for a handful of keys: %q", n, calls)
		}
		r.shows("╭ runs ")
	})
}

func TestWhatCannotStartSaysWhy(t *testing.T) {
	broken := func() *fake.Client {
		c := fake.Scene()
		c.Preview.Problems = []string{"data/action: no such folder"}
		return c
	}
	within(t, broken, 80, 24, func(r *rig) {
		r.press("n", "enter")
		r.shows("✗ data/action: no such folder", "not now: data/action")
		if c := r.client.Calls(); strings.HasPrefix(c[len(c)-1], "start") {
			t.Errorf("started: %q", c)
		}
	})
}

func TestExport(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		dir := r.app.w.dir
		r.press("e", "w")
		path := filepath.Join(dir, "task02-comparison.md")
		data, err := os.ReadFile(path)
		if err != nil || string(data) != "| Metric | ResNet18 |\n" {
			t.Fatalf("%q, %v", data, err)
		}
		r.shows("written to task02-comparison.md")

		// Again: it is there, and stays unless that is wanted.
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		r.press("e", "w")
		r.shows("exists already")
		r.press("n", "esc")
		if data, _ := os.ReadFile(path); string(data) != "mine" {
			t.Errorf("overwritten without a yes: %q", data)
		}
		r.press("e", "w", "y")
		if data, _ := os.ReadFile(path); string(data) == "mine" {
			t.Error("not overwritten after a yes")
		}

		r.press("t", "e", "up", "up", "up", "right", "c")
		if !slices.ContainsFunc(r.seen, func(m tea.Msg) bool { return fmt.Sprint(m) == "| Metric | ResNet18 |\n" }) {
			t.Error("nothing went to the clipboard")
		}
		if c := r.client.Calls(); c[len(c)-1] != "export model csv" {
			t.Errorf("asked for %q", c[len(c)-1])
		}
	})
}

func TestTableSorts(t *testing.T) {
	within(t, fake.Scene, 200, 50, func(r *rig) {
		r.press("t")
		r.shows("cannot be told apart", "0.9651 ± 0.0026", "≈")
		order := func() []string {
			var out []string
			for _, line := range strings.Split(r.text(), "\n") {
				if strings.Contains(line, "Metric") {
					out = strings.Fields(strings.Trim(line, "│ "))[1:]
				}
			}
			return out
		}
		planned := order()
		r.press("s") // by loss, the lowest first
		if got := order(); got[0] != "EfficientNet-B4" || got[3] != "ResNet18" {
			t.Errorf("sorted by loss: %q", got)
		}
		if r.press("s"); !slices.Equal(order(), planned) {
			t.Errorf("sorted twice: %q", order())
		}
		r.press("b")
		r.shows("by run", "ResNet18 · 42")
	})
}

// A key that is held down must not draw more than ten frames a second, and the
// last state must be drawn in the end.
func TestFramesAreBounded(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		r.wait(time.Second)
		frames, last := 0, r.app.View().Content
		for i := range 100 { // two seconds
			r.press([]string{"down", "up"}[i%2])
			time.Sleep(20 * time.Millisecond)
			r.settle()
			if now := r.app.View().Content; now != last {
				frames, last = frames+1, now
			}
		}
		if frames > 21 || frames < 10 {
			t.Errorf("%d frames in two seconds, want 20", frames)
		}
		r.press("down")
		r.wait(framePeriod)
		if r.app.View().Content != r.frame() {
			t.Error("the last key is not drawn")
		}
	})
}

// The clock alone must not redraw an idle screen.
func TestNothingIsDrawnWhenNothingChanges(t *testing.T) {
	idle := func() *fake.Client { return fake.New(fake.Plans()[0].Make()) }
	within(t, idle, 80, 24, func(r *rig) {
		r.wait(20 * time.Second)
		before := r.app.View()
		r.wait(20 * time.Second)
		if after := r.app.View(); after.Content != before.Content || after.WindowTitle != before.WindowTitle {
			t.Errorf("an idle screen changed:\n%s\n%s", before.Content, after.Content)
		}
	})
}
