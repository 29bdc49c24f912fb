package main

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// cell is a letter of the terminal with its look.
type cell struct {
	text string // empty: the right half of a wide letter
	wide bool
	look look
}

// look is what SGR sequences set. Colours are #rrggbb, empty for the terminal's own.
type look struct {
	fg, bg                          string
	bold, faint, underline, reverse bool
}

// parse turns a frame into rows of cells.
func parse(frame string) [][]cell {
	var rows [][]cell
	for line := range strings.SplitSeq(frame, "\n") {
		var row []cell
		var l look
		for len(line) > 0 {
			if rest, ok := strings.CutPrefix(line, "\x1b["); ok {
				end := strings.IndexFunc(rest, func(r rune) bool { return r >= 0x40 && r <= 0x7e })
				if end < 0 {
					break
				}
				if rest[end] == 'm' {
					l = l.apply(rest[:end])
				}
				line = rest[end+1:]
				continue
			}
			text, width := ansi.FirstGraphemeCluster(line, ansi.GraphemeWidth)
			row = append(row, cell{text: text, wide: width == 2, look: l})
			if width == 2 {
				row = append(row, cell{look: l})
			}
			line = line[len(text):]
		}
		rows = append(rows, row)
	}
	return rows
}

// apply reads the parameters of an SGR sequence.
func (l look) apply(params string) look {
	p := strings.FieldsFunc(params, func(r rune) bool { return r == ';' || r == ':' })
	if len(p) == 0 {
		return look{}
	}
	for i := 0; i < len(p); i++ {
		n, _ := strconv.Atoi(p[i])
		switch {
		case n == 0:
			l = look{}
		case n == 1:
			l.bold = true
		case n == 2:
			l.faint = true
		case n == 4:
			l.underline = true
		case n == 7:
			l.reverse = true
		case n == 22:
			l.bold, l.faint = false, false
		case n == 24:
			l.underline = false
		case n == 27:
			l.reverse = false
		case n >= 30 && n <= 37:
			l.fg = indexed(n - 30)
		case n >= 90 && n <= 97:
			l.fg = indexed(n - 90 + 8)
		case n == 39:
			l.fg = ""
		case n >= 40 && n <= 47:
			l.bg = indexed(n - 40)
		case n >= 100 && n <= 107:
			l.bg = indexed(n - 100 + 8)
		case n == 49:
			l.bg = ""
		case n == 38 || n == 48:
			color, used := extended(p[i+1:])
			i += used
			if n == 38 {
				l.fg = color
			} else {
				l.bg = color
			}
		}
	}
	return l
}

// extended reads a colour of the 256 or a true one, and how many parameters it took.
func extended(p []string) (string, int) {
	number := func(i int) int {
		if i >= len(p) {
			return 0
		}
		n, _ := strconv.Atoi(p[i])
		return n
	}
	switch number(0) {
	case 5:
		return indexed(number(1)), 2
	case 2:
		return rgb(number(1), number(2), number(3)), 4
	}
	return "", len(p)
}

func rgb(r, g, b int) string {
	return "#" + hex(r) + hex(g) + hex(b)
}

func hex(n int) string {
	s := strconv.FormatInt(int64(n&255), 16)
	if len(s) < 2 {
		s = "0" + s
	}
	return s
}

// indexed is a colour of the 256 as xterm has them.
func indexed(n int) string {
	basic := []string{
		"#1b1f23", "#d7464e", "#4aa564", "#c99a2e", "#4a86cf", "#a96bc6", "#3a9aa5", "#c8ccd1",
		"#6b7178", "#f0666e", "#6cc784", "#e5bd57", "#6ea6ef", "#c98be6", "#5fbac5", "#ffffff",
	}
	switch {
	case n < 16:
		return basic[max(n, 0)]
	case n < 232:
		level := func(k int) int {
			if k == 0 {
				return 0
			}
			return 55 + 40*k
		}
		n -= 16
		return rgb(level(n/36), level(n/6%6), level(n%6))
	}
	grey := 8 + 10*(min(n, 255)-232)
	return rgb(grey, grey, grey)
}
