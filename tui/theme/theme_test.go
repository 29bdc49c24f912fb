package theme

import (
	"fmt"
	"image/color"
	"regexp"
	"slices"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// grounds are backgrounds that terminals come with.
var grounds = map[bool][]color.Color{
	true:  {lipgloss.Color("#000000"), lipgloss.Color("#1e1e2e"), lipgloss.Color("#282c34")},
	false: {lipgloss.Color("#ffffff"), lipgloss.Color("#fdf6e3"), lipgloss.Color("#eeeeee")},
}

// TestColoursCanBeRead holds text to a contrast of 4 and lines, which are
// larger, to 3 (the bounds of WCAG 2 are 4.5 and 3, on pure black and white).
func TestColoursCanBeRead(t *testing.T) {
	for dark, backgrounds := range grounds {
		th := New(dark, colorprofile.TrueColor)
		text := map[string]lipgloss.Style{
			"Accent": th.Accent, "Key": th.Key, "Best": th.Best, "Running": th.Running, "Done": th.Done,
			"Stopped": th.Stopped, "Failed": th.Failed, "Warning": th.Warning,
		}
		lines := map[string]lipgloss.Style{"Faint": th.Faint, "Focus": th.Focus, "BarFull": th.BarFull}
		for i, r := range th.runs {
			lines[fmt.Sprint("run ", i)] = r.Line
		}
		check := func(name string, s lipgloss.Style, least float64) {
			for _, ground := range backgrounds {
				if c := contrast(s.GetForeground(), ground); c < least {
					t.Errorf("dark=%v: %s has a contrast of %.1f on %v, want %v", dark, name, c, ground, least)
				}
			}
		}
		for name, s := range text {
			check(name, s, 4)
		}
		for name, s := range lines {
			check(name, s, 3)
		}
		for _, ramp := range [][]lipgloss.Style{th.heat, th.right} {
			for i, s := range ramp[1:] {
				if c := contrast(s.GetForeground(), s.GetBackground()); c < 4.5 {
					t.Errorf("dark=%v: figures of heat level %d have a contrast of %.1f", dark, i+1, c)
				}
			}
		}
		if c := contrast(th.Selection.GetBackground(), backgrounds[0]); c < 1.15 {
			t.Errorf("dark=%v: the selection cannot be seen: contrast %.2f", dark, c)
		}
	}
}

func TestDimIsBehindTheLine(t *testing.T) {
	for dark, backgrounds := range grounds {
		for i, r := range New(dark, colorprofile.ANSI256).runs {
			line := contrast(r.Line.GetForeground(), backgrounds[0])
			dim := contrast(r.Dim.GetForeground(), backgrounds[0])
			if dim >= line*0.8 || dim < 1.2 {
				t.Errorf("dark=%v: run %d has contrasts %.1f, dim %.1f", dark, i, line, dim)
			}
		}
	}
}

// sequence matches the parameters of a style.
var sequence = regexp.MustCompile("\x1b\\[([0-9;]*)m")

func TestProfilesAreRespected(t *testing.T) {
	attributes := regexp.MustCompile(`^(|[0-9](;[0-9])*)$`)                                      // bold, faint, underline, reverse
	basic := regexp.MustCompile(`^(|([0-9]|[349][0-7]|10[0-7])(;([0-9]|[349][0-7]|10[0-7]))*)$`) // and 16 colours
	for _, c := range []struct {
		profile colorprofile.Profile
		allowed *regexp.Regexp
	}{{colorprofile.NoTTY, attributes}, {colorprofile.Ascii, attributes}, {colorprofile.ANSI, basic}} {
		for _, dark := range []bool{true, false} {
			th := New(dark, c.profile)
			for name, s := range everyStyle(th) {
				for _, m := range sequence.FindAllStringSubmatch(s.Render("x"), -1) {
					if !c.allowed.MatchString(m[1]) {
						t.Errorf("%v: %s uses %q", c.profile, name, m[1])
					}
				}
			}
		}
	}
}

func everyStyle(th *Theme) map[string]lipgloss.Style {
	all := map[string]lipgloss.Style{
		"Text": th.Text, "Faint": th.Faint, "Title": th.Title, "Accent": th.Accent, "Key": th.Key,
		"Border": th.Border, "Focus": th.Focus, "Selection": th.Selection, "Cursor": th.Cursor,
		"Best": th.Best, "Queued": th.Queued, "Running": th.Running, "Done": th.Done, "Stopped": th.Stopped,
		"Failed": th.Failed, "Warning": th.Warning, "Axis": th.Axis, "Crosshair": th.Crosshair,
		"BarFull": th.BarFull, "BarEmpty": th.BarEmpty,
	}
	for i, r := range th.runs {
		all[fmt.Sprint("run ", i)], all[fmt.Sprint("dim ", i)] = r.Line, r.Dim
	}
	for i := range th.heat {
		all[fmt.Sprint("heat ", i)], all[fmt.Sprint("right ", i)] = th.heat[i], th.right[i]
	}
	return all
}

func TestRunColoursDiffer(t *testing.T) {
	for _, profile := range []colorprofile.Profile{colorprofile.ANSI, colorprofile.ANSI256} {
		for _, dark := range []bool{true, false} {
			seen := map[string]int{}
			for i, r := range New(dark, profile).runs {
				s := r.Line.Render("x")
				if j, ok := seen[s]; ok {
					t.Errorf("%v dark=%v: runs %d and %d look the same", profile, dark, i, j)
				}
				seen[s] = i
			}
		}
	}
}

func TestRunKeepsItsLook(t *testing.T) {
	dark, plain := New(true, colorprofile.ANSI256), New(false, colorprofile.Ascii)
	// Fixed for ever: colours in people's memory and pictures depend on it.
	for name, marker := range map[string]rune{"resnet18": 'j', "resnet50": 'x', "efficientnet_b4": 'G', "convnext_base": 'S'} {
		if got := dark.Run(name).Marker; got != marker {
			t.Errorf("%s has the letter %c, want %c", name, got, marker)
		}
		if got := plain.Run(name).Marker; got != marker {
			t.Errorf("%s has the letter %c without colours, want %c", name, got, marker)
		}
	}
	if got := dark.Runs([]string{"resnet50"})[0].Line.Render("x"); got != dark.Run("resnet50").Line.Render("x") {
		t.Error("a single run does not have the colour of its name")
	}
}

func TestRunsKeepsThemApart(t *testing.T) {
	th := New(true, colorprofile.ANSI256)
	var names []string
	for i := range 60 {
		names = append(names, fmt.Sprint("run-", i))
	}
	all := th.Runs(names)
	letters, colours := map[rune]bool{}, map[string]bool{}
	for i, r := range all {
		letters[r.Marker], colours[r.Line.Render("x")] = true, true
		if i == Colors-1 && len(colours) != Colors {
			t.Errorf("the first %d runs have %d colours", Colors, len(colours))
		}
		if i == len(markers)-1 && len(letters) != len(markers) {
			t.Errorf("the first %d runs have %d letters", len(markers), len(letters))
		}
	}
	for n := range names {
		same := slices.EqualFunc(th.Runs(names[:n]), all[:n], func(a, b RunStyle) bool {
			return a.Marker == b.Marker && a.Line.Render("x") == b.Line.Render("x")
		})
		if !same {
			t.Fatalf("of %d runs some change when more come", n)
		}
	}
}

func TestStatesDifferWithoutColours(t *testing.T) {
	th := New(true, colorprofile.Ascii)
	seen := map[string]run.State{}
	for _, s := range []run.State{
		run.Queued, run.Preparing, run.Running, run.Stopping, run.Done, run.Stopped, run.Failed, run.Interrupted, "new one",
	} {
		m := th.State(s)
		if w := lipgloss.Width(m.Glyph); w != 1 {
			t.Errorf("the glyph of %s takes %d cells", s, w)
		}
		if other, ok := seen[m.Glyph]; ok {
			t.Errorf("%s and %s have the glyph %s", s, other, m.Glyph)
		}
		seen[m.Glyph] = s
	}
}

func TestHeatMapLevels(t *testing.T) {
	th := New(true, colorprofile.ANSI256)
	nan := 0.0
	nan /= nan
	for _, c := range []struct {
		level float64
		want  int
	}{{-1, 0}, {0, 0}, {nan, 0}, {1e-9, 1}, {0.19, 1}, {0.21, 2}, {0.5, 3}, {0.99, 5}, {1, 5}, {7, 5}} {
		if got := th.HeatMap(c.level, false).Render("x"); got != th.heat[c.want].Render("x") {
			t.Errorf("level %v looks like %q, want step %d", c.level, got, c.want)
		}
	}
	if th.HeatMap(1, true).Render("x") == th.HeatMap(1, false).Render("x") {
		t.Error("the diagonal looks like a mistake")
	}
}
