package theme

import (
	"image/color"
	"math"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// tone is a colour for each kind of terminal: indices of the 256-colour cube and
// of the 16 basic colours.
type tone struct{ dark, light, dark16, light16 uint8 }

var (
	accent          = tone{75, 26, 14, 4}
	good            = tone{114, 28, 10, 2}
	caution         = tone{221, 130, 11, 5}
	bad             = tone{203, 160, 9, 1}
	muted           = tone{246, 241, 0, 0}
	rule            = tone{240, 248, 0, 0}
	selectionGround = tone{237, 254, 0, 0}
)

// runTone is a run's colour and the dimmed one of its raw curve behind the
// smoothed one. The 16-colour terminals dim by the faint attribute.
type runTone struct {
	line             tone
	dimDark, dimPale uint8
}

// runTones are ordered so that neighbours differ most.
var runTones = [Colors]runTone{
	{tone{75, 26, 12, 4}, 24, 117},   // blue
	{tone{215, 130, 11, 3}, 94, 222}, // orange
	{tone{114, 28, 10, 2}, 22, 151},  // green
	{tone{211, 162, 13, 5}, 89, 218}, // pink
	{tone{80, 30, 14, 6}, 23, 116},   // cyan
	{tone{203, 160, 9, 1}, 88, 217},  // red
	{tone{141, 92, 5, 13}, 54, 183},  // violet
	{tone{228, 94, 3, 0}, 58, 187},   // yellow, brown
	{tone{252, 238, 15, 8}, 240, 250},
	{tone{173, 88, 1, 9}, 52, 181}, // copper, maroon
}

// ramps lead from faint to full; the first entry is the ground and has no colour.
type ramp struct {
	dark, light     []uint8
	basic           uint8
	underlineGround bool
}

var (
	wrongRamp = ramp{dark: []uint8{52, 88, 124, 166, 208}, light: []uint8{224, 223, 216, 209, 203}, basic: 1}
	rightRamp = ramp{dark: []uint8{17, 18, 25, 32, 75}, light: []uint8{195, 153, 117, 75, 32}, basic: 4, underlineGround: true}
)

// picker chooses among a tone's colours for one terminal.
type picker struct {
	dark    bool
	profile colorprofile.Profile
}

func (p picker) color(t tone) color.Color {
	switch {
	case p.profile < colorprofile.ANSI:
		return lipgloss.NoColor{}
	case p.profile == colorprofile.ANSI && p.dark:
		return lipgloss.Color(itoa(t.dark16))
	case p.profile == colorprofile.ANSI:
		return lipgloss.Color(itoa(t.light16))
	case p.dark:
		return lipgloss.ANSIColor(t.dark)
	}
	return lipgloss.ANSIColor(t.light)
}

func (p picker) fg(t tone) lipgloss.Style {
	s := lipgloss.NewStyle()
	if p.profile < colorprofile.ANSI {
		return s
	}
	return s.Foreground(p.color(t))
}

// faint is grey where there are greys. The basic "bright black" is invisible in
// some schemes, so 16-colour terminals get the attribute.
func (p picker) faint() lipgloss.Style {
	if p.profile < colorprofile.ANSI256 {
		return lipgloss.NewStyle().Faint(true)
	}
	return p.fg(muted)
}

func (p picker) line() lipgloss.Style {
	if p.profile < colorprofile.ANSI256 {
		return lipgloss.NewStyle().Faint(true)
	}
	return p.fg(rule)
}

// ramp builds the styles of a heat map, ground first.
func (p picker) ramp(r ramp) []lipgloss.Style {
	plain := lipgloss.NewStyle()
	switch {
	case p.profile < colorprofile.ANSI:
		// The diagonal is underlined: it must be found without colours.
		s := plain.Underline(r.underlineGround)
		return []lipgloss.Style{s.Faint(true), s, s, s, s.Bold(true), s.Bold(true)}
	case p.profile == colorprofile.ANSI:
		c := lipgloss.Color(itoa(r.basic))
		fg := plain.Foreground(c)
		bg := plain.Background(c).Foreground(lipgloss.BrightWhite).Bold(true)
		return []lipgloss.Style{plain.Faint(true), fg, fg, fg.Bold(true), bg, bg}
	}
	indices := r.light
	if p.dark {
		indices = r.dark
	}
	styles := []lipgloss.Style{p.faint()}
	for _, i := range indices {
		styles = append(styles, plain.Background(lipgloss.ANSIColor(i)).Foreground(readable(lipgloss.ANSIColor(i))))
	}
	return styles
}

// readable returns black or white, whichever reads better on a background.
func readable(background color.Color) color.Color {
	black, white := lipgloss.ANSIColor(16), lipgloss.ANSIColor(231)
	if contrast(black, background) >= contrast(white, background) {
		return black
	}
	return white
}

// contrast is the ratio of WCAG 2: 1 for equal colours, 21 for black on white.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.03928 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
