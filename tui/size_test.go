package tui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/internal/fake"
)

// Every frame fills its terminal exactly, whatever the size; the rig checks each.
func TestEveryLineFitsAtEverySize(t *testing.T) {
	for i, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			within(t, ugly, 80, 24, func(r *rig) {
				s.lead(r)
				dice := rand.New(rand.NewPCG(7, uint64(i)))
				for range 60 {
					size := tea.WindowSizeMsg{Width: 1 + dice.IntN(120), Height: 1 + dice.IntN(45)}
					if dice.IntN(4) == 0 {
						size = tea.WindowSizeMsg{Width: 80 + dice.IntN(221), Height: 24 + dice.IntN(57)}
					}
					r.send(size)
				}
			})
		})
	}
}

// ugly is a scene with what names and texts can bring along.
func ugly() *fake.Client {
	plans := fake.Plans()
	plans = append(
		plans,
		fake.Plan{ID: "r5", Launch: "l2", Sweep: "한국어 이름의 아주 긴 실험 이름입니다", Model: "resnet18", Seed: 18446744073709551615, State: run.Failed, Reason: "worker\x1b[31m died\nout of memory: 걷거나 달리는", Epochs: 1000, PerEpoch: 3, Steps: 30, Skill: 0.4, Started: fake.Noon().Add(-90 * time.Hour), StepTime: time.Second},
		fake.Plan{ID: "r6", Launch: "l2", Sweep: "x\ty", Model: "a-model-with-a-name-that-nobody-would-give", Seed: 1, State: run.Interrupted, Reason: "the supervisor died", Epochs: 3, PerEpoch: 1, Steps: 1, Started: fake.Noon(), StepTime: time.Hour},
	)
	scene := fake.Scene()
	var runs []fake.Run
	for _, p := range plans {
		runs = append(runs, p.Make())
	}
	c := fake.New(runs...)
	c.Table, c.Preview = scene.Table, scene.Preview
	c.Preview.Notes = append(c.Preview.Notes, "a\x1b]0;title\x07 note with 한국어 and-a-word-without-any-blank-that-is-longer-than-the-column-it-stands-in")
	c.Data = scene.Data
	c.Data.Source = "/x/\x1b]0;title\x07/아주/긴/폴더/" + strings.Repeat("y", 300)
	c.Data.Warnings = append(c.Data.Warnings, "\x1b[31mred\x1b[0m and 한국어-without-any-blank-that-is-longer-than-the-column-it-stands-in-by-far")
	c.Data.Tasks[0].Classes[0].Label = "\x1b[2J" + strings.Repeat("가나다", 60)
	c.Data.Tasks[0].Merged = map[string]string{"a\tb": "\x1b[31m다"}
	c.Logs = append(scene.Logs, "\x1b[2Jtab\there", "")
	return c
}

// Hundreds of runs scroll, and the cursor's row is always in sight.
func TestHundredsOfRuns(t *testing.T) {
	within(t, func() *fake.Client { return many(300, 4) }, 80, 24, func(r *rig) {
		r.shows("1/300")
		for _, k := range []string{"pgdown", "down", "G", "up", "g", "pgup", "end"} {
			r.press(k)
			at := r.app.runs.cursor(r.app.w)
			r.shows(fmt.Sprintf("▸ ✓ ━ %s", at.Model))
		}
		kept := 0
		for _, e := range r.app.w.book.runs {
			if e.curves != nil {
				kept++
			}
		}
		if kept > mostKept+mostShown {
			t.Errorf("the curves of %d runs are in memory", kept)
		}
	})
}

// many makes n finished runs of a few epochs, in launches of four.
func many(n, epochs int) *fake.Client {
	models := []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"}
	var runs []fake.Run
	for i := range n {
		runs = append(runs, fake.Plan{
			ID: fmt.Sprintf("r%03d", i), Launch: fmt.Sprintf("l%03d", i/4), Sweep: "task02", Model: models[i%4],
			Seed: uint64(i), State: run.Done, Epochs: epochs, PerEpoch: 10, Steps: 10 * epochs, Skill: 0.7,
			Started: fake.Noon().Add(-time.Hour), StepTime: 100 * time.Millisecond,
		}.Make())
	}
	return fake.New(runs...)
}
