package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/internal/fake"
)

// scenes lead from the first screen to each picture.
var scenes = []struct {
	name string
	lead func(*rig)
}{
	{"runs", func(*rig) {}},
	{"crosshair", func(r *rig) { r.press("right", "left", "left", "left", "left", "left") }},
	{"solo", func(r *rig) { r.press("f", "f", "m") }},
	{"curves", func(r *rig) { r.press("enter") }},
	{"classes", func(r *rig) { r.press("up", "enter", "2") }},
	{"confusion", func(r *rig) { r.press("up", "enter", "3", "down", "right") }},
	{"log", func(r *rig) { r.press("enter", "4") }},
	{"config", func(r *rig) { r.press("enter", "5") }},
	{"table", func(r *rig) { r.press("t", "down") }},
	{"start", func(r *rig) { r.press("n") }},
	{"data", func(r *rig) { r.press("n", "d") }},
	{"export", func(r *rig) { r.press("t", "e") }},
	{"help", func(r *rig) { r.press("?") }},
	{"quit", func(r *rig) { r.press("q") }},
	{"gpu", func(r *rig) {
		runs := train(r)
		for _, busy := range []float64{0.31, 0.95, 0.87, 0.66, 0.92, 0.78, 0.87} {
			runs.goOn(map[string]run.Values{"r2": onGPU(0, busy, 9), "r3": onGPU(0, busy, 12.25)})
		}
	}},
}

var sizes = [][2]int{{80, 24}, {120, 40}, {200, 50}}

func TestGoldenFrames(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			within(t, fake.Scene, 80, 24, func(r *rig) {
				r.wait(6 * time.Second)
				s.lead(r)
				r.settle()
				for _, size := range sizes {
					name := fmt.Sprintf("%s_%dx%d", s.name, size[0], size[1])
					r.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]}, tea.ColorProfileMsg{Profile: colorprofile.ANSI256})
					golden(t, name+".ansi", r.frame()+"\n")
					r.send(tea.ColorProfileMsg{Profile: colorprofile.Ascii})
					golden(t, name+".txt", unpad(ansi.Strip(r.frame())))
				}
			})
		})
	}
}

// unpad drops blanks at line ends, which editors do too.
func unpad(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}
