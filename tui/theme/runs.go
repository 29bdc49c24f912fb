package theme

import (
	"hash/fnv"
	"strconv"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// RunStyle is how a run looks everywhere: in lists, legends and charts.
type RunStyle struct {
	Line   lipgloss.Style // its colour
	Dim    lipgloss.Style // the raw curve behind the smoothed one
	Marker rune           // a letter that stands for it where there are no colours
}

// markers are the letters a run can have, one cell each.
const markers = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Colors is how many colours runs can have.
const Colors = 10

// Run returns the style that belongs to a run's name: always the same one.
// Different names may share it; Runs keeps them apart.
func (t *Theme) Run(name string) RunStyle {
	c, m := t.slots(name)
	return t.runStyle(c, m)
}

// Runs returns the styles of several runs, in order. Each gets the style of its
// name, unless an earlier one has it: then the next free colour and letter. So
// appending names changes nothing before them, and up to Colors runs differ
// in colour and up to 52 in letter.
func (t *Theme) Runs(names []string) []RunStyle {
	out := make([]RunStyle, len(names))
	colors := make([]int, len(t.runs))   // how many runs have each
	letters := make([]int, len(markers)) // likewise
	for i, name := range names {
		c, m := t.slots(name)
		c, m = free(colors, c), free(letters, m)
		colors[c]++
		letters[m]++
		out[i] = t.runStyle(c, m)
	}
	return out
}

// free returns the first slot from want on that is used least.
func free(used []int, want int) int {
	best := want
	for k := range used {
		if i := (want + k) % len(used); used[i] < used[best] {
			best = i
		}
	}
	return best
}

// slots are the colour and the letter that a name hashes to.
func (t *Theme) slots(name string) (color, letter int) {
	h := fnv.New32a()
	h.Write([]byte(name))
	v := h.Sum32()
	v ^= v >> 15 // the low bits alone mix little over short names
	return int(v % uint32(len(t.runs))), int(v / 16 % uint32(len(markers)))
}

func (t *Theme) runStyle(color, letter int) RunStyle {
	s := t.runs[color]
	s.Marker = rune(markers[letter])
	return s
}

// runs builds the palette.
func (p picker) runs() []RunStyle {
	styles := make([]RunStyle, len(runTones))
	for i, r := range runTones {
		line := p.fg(r.line)
		dim := line.Faint(true)
		if p.profile >= colorprofile.ANSI256 {
			dim = lipgloss.NewStyle().Foreground(lipgloss.ANSIColor(r.dimPale))
			if p.dark {
				dim = lipgloss.NewStyle().Foreground(lipgloss.ANSIColor(r.dimDark))
			}
		}
		styles[i] = RunStyle{Line: line, Dim: dim}
	}
	return styles
}

func itoa(i uint8) string { return strconv.Itoa(int(i)) }
