package tui

import (
	"slices"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/tui/theme"
)

// field is a line of text that can be edited. Its cursor does not blink: that
// would send bytes for nothing.
type field struct {
	text []rune
	at   int
	only func(rune) bool // letters it takes; nil: all
}

func newField(text string) field { return field{text: []rune(text), at: len([]rune(text))} }

func (f *field) String() string { return string(f.text) }

func (f *field) set(s string) { f.text, f.at = []rune(s), len([]rune(s)) }

// key edits; it reports whether the key was one for editing.
func (f *field) key(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "left":
		f.at = max(0, f.at-1)
	case "right":
		f.at = min(len(f.text), f.at+1)
	case "home", "ctrl+a":
		f.at = 0
	case "end", "ctrl+e":
		f.at = len(f.text)
	case "backspace", "ctrl+h":
		if f.at > 0 {
			f.text = slices.Delete(f.text, f.at-1, f.at)
			f.at--
		}
	case "delete", "ctrl+d":
		if f.at < len(f.text) {
			f.text = slices.Delete(f.text, f.at, f.at+1)
		}
	case "ctrl+u":
		f.text, f.at = slices.Delete(f.text, 0, f.at), 0
	default:
		if k.Text == "" || k.Mod&^tea.ModShift != 0 {
			return false
		}
		f.insert(k.Text)
	}
	return true
}

// insert types or pastes a text.
func (f *field) insert(s string) {
	for _, r := range s {
		if unicode.IsControl(r) || (f.only != nil && !f.only(r)) {
			continue
		}
		f.text = slices.Insert(f.text, f.at, r)
		f.at++
	}
}

// view draws the field; what does not fit is cut off at the left of the cursor.
func (f *field) view(width int, focus bool, th *theme.Theme) string {
	if !focus {
		return fit(string(f.text), width)
	}
	from := 0
	for cells(string(f.text[from:f.at])) >= width && from < f.at {
		from++
	}
	under, rest := " ", ""
	if f.at < len(f.text) {
		under, rest = string(f.text[f.at]), string(f.text[f.at+1:])
	}
	return fit(string(f.text[from:f.at])+th.Cursor.Render(under)+rest, width)
}
