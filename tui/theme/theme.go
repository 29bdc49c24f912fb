// Package theme holds every colour and text style of the terminal app, by what
// it means (Best, Failed, Selection), never by how it looks. A Theme is made for
// one terminal: dark or light, 256 colours, 16 or none. The 256-colour cube
// serves true-colour terminals too: its escape sequences are half as long.
//
// Without colours only bold, faint, underline and reverse are used, and whoever
// draws must tell runs apart by their markers: see Theme.NoColor.
package theme

import (
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Theme is the set of styles for one terminal. It is immutable; share it freely.
type Theme struct {
	Dark    bool // the background is dark
	NoColor bool // no colours: tell things apart by glyphs and markers
	Few     bool // 16 colours or none: shades must come from glyphs

	Text   lipgloss.Style // plain text
	Faint  lipgloss.Style // units, hints, what matters less
	Title  lipgloss.Style // headings
	Accent lipgloss.Style // what is active
	Key    lipgloss.Style // a key's name in help

	Border    lipgloss.Style // frames
	Focus     lipgloss.Style // the frame that has the keyboard
	Selection lipgloss.Style // the row under the cursor
	Cursor    lipgloss.Style // the cell under the cursor

	Best        lipgloss.Style // the best value of a row
	Queued      lipgloss.Style
	Running     lipgloss.Style
	Done        lipgloss.Style
	Stopped     lipgloss.Style // stopped or interrupted: can be resumed
	Failed      lipgloss.Style
	Warning     lipgloss.Style // needs a look: silent worker, lost link
	Axis        lipgloss.Style // chart axes and their labels
	Crosshair   lipgloss.Style
	BarFull     lipgloss.Style // done part of bars
	BarEmpty    lipgloss.Style // open part of bars
	runs        []RunStyle
	heat, right []lipgloss.Style // confusion cells by level: wrong and right ones
}

// New returns the theme for a terminal with a dark or light background and a
// colour profile. colorprofile.Ascii and below give a theme without colours.
func New(dark bool, profile colorprofile.Profile) *Theme {
	p := picker{dark: dark, profile: profile}
	style := lipgloss.NewStyle
	t := &Theme{
		Dark:    dark,
		NoColor: profile < colorprofile.ANSI,
		Few:     profile < colorprofile.ANSI256,

		Text:   style(),
		Faint:  p.faint(),
		Title:  style().Bold(true),
		Accent: p.fg(accent),
		Key:    p.fg(accent).Bold(true),

		Border: p.line(),
		Focus:  p.fg(accent),

		Best:      p.fg(good).Bold(true),
		Queued:    p.faint(),
		Running:   p.fg(accent),
		Done:      p.fg(good),
		Stopped:   p.fg(caution),
		Failed:    p.fg(bad).Bold(true),
		Warning:   p.fg(caution).Bold(true),
		Axis:      p.faint(),
		Crosshair: p.faint(),
		BarFull:   p.fg(accent),
		BarEmpty:  p.line(),
	}
	t.Selection = style().Reverse(true)
	t.Cursor = style().Reverse(true).Bold(true)
	if !t.Few {
		t.Selection = style().Bold(true).Background(p.color(selectionGround))
	}
	t.runs = p.runs()
	t.heat = p.ramp(wrongRamp)
	t.right = p.ramp(rightRamp)
	return t
}

// Mark is a state's glyph, one cell wide, and its style.
type Mark struct {
	Glyph string
	Style lipgloss.Style
}

// State returns the mark of a run's state. The glyphs differ, so that a state
// can be read without colours.
func (t *Theme) State(s run.State) Mark {
	switch s {
	case run.Queued:
		return Mark{"○", t.Queued}
	case run.Preparing:
		return Mark{"◌", t.Running}
	case run.Running:
		return Mark{"●", t.Running}
	case run.Stopping:
		return Mark{"◐", t.Stopped}
	case run.Done:
		return Mark{"✓", t.Done}
	case run.Stopped:
		return Mark{"■", t.Stopped}
	case run.Interrupted:
		return Mark{"!", t.Stopped}
	case run.Failed:
		return Mark{"✗", t.Failed}
	}
	return Mark{"?", t.Faint}
}

// HeatMap returns the style of a confusion cell with a level in 0…1; diagonal
// says that truth and prediction agree. A level of 0 or NaN is the faint ground.
func (t *Theme) HeatMap(level float64, diagonal bool) lipgloss.Style {
	ramp := t.heat
	if diagonal {
		ramp = t.right
	}
	if !(level > 0) {
		return ramp[0]
	}
	steps := len(ramp) - 1
	return ramp[1+min(int(level*float64(steps)), steps-1)]
}
