package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/internal/fake"
)

// The data of the config under the cursor, and back to the form as it was.
func TestLookAtData(t *testing.T) {
	within(t, fake.Scene, 120, 40, func(r *rig) {
		r.press("n", "right", "d")
		r.shows("data · demo", "labels that look alike", "merge_labels: {action:", "385 of 459 (84 %)", "허리를 아치로 세움", "1 of them (!)")
		if calls := r.client.Calls(); !slices.Contains(calls, "look demo") {
			t.Errorf("asked %q", calls)
		}
		r.press("esc")
		r.wait(time.Second)
		r.shows("new sweep", "demo (makes its own data)", "○ resnet18")
	})
}

// Before the plan of a config has come the form has nothing in it yet; coming
// back must not leave it so.
func TestLookAtDataBeforeThePlan(t *testing.T) {
	within(t, fake.Scene, 120, 40, func(r *rig) {
		r.press("n")
		s, ok := r.app.screen.(*startScreen)
		if !ok {
			t.Fatal("no form")
		}
		s.planning, s.planned, s.base = true, false, s.asks
		r.press("d", "d")
		r.wait(time.Second)
		r.shows("new sweep", "○ resnet18", "enter starts it")
	})
}

func TestLookAtDataScrolls(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		r.press("n", "d")
		r.shows("1–19 of 42", "/home/user/data/action")
		r.press("down", "pgdown")
		r.lacks("/home/user/data/action")
		r.press("G")
		r.shows("–42 of 42", "휴식시간")
		r.press("down")
		r.shows("–42 of 42")
		r.press("g", "up")
		r.shows("1–19 of 42")
		r.send(tea.WindowSizeMsg{Width: 80, Height: 60})
		r.shows("/home/user/data/action", "휴식시간")
	})
}

func TestLookAtDataThatCannotBeRead(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		r.client.Err = errors.New("data.dir /x/y: no such folder: give the folder that holds the class folders")
		r.press("n", "d")
		r.shows("no such folder")
		r.client.Err = nil
		r.press("r")
		r.shows("labels that look alike")
		r.lacks("no such folder")
	})
}

// An answer to an earlier question does not count.
func TestLookAtDataDropsOldAnswers(t *testing.T) {
	within(t, fake.Scene, 80, 24, func(r *rig) {
		r.press("n", "d")
		r.send(lookedMsg{ask: 0, overview: run.Overview{Source: "/old"}})
		r.lacks("/old")
		if !strings.Contains(r.text(), "/home/user/data/action") {
			t.Error("the data are gone")
		}
	})
}
