package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// line is the width of box-drawing lines.
const line = 1.0

// shape is the path of a letter that is drawn, not written; ok is false for all
// others.
func shape(text string, x, y float64) (path string, ok bool) {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 || size != len(text) {
		return "", false
	}
	switch {
	case r >= 0x2800 && r <= 0x28ff:
		return braille(r, x, y), true
	case r >= 0x2581 && r <= 0x2588: // ▁ to █
		h := cellH * float64(r-0x2580) / 8
		return rect(x, y+cellH-h, cellW, h), true
	case r >= 0x2589 && r <= 0x258f: // ▉ to ▏
		return rect(x, y, cellW*float64(0x2590-r)/8, cellH), true
	case r == '░':
		return shade(x, y), true
	}
	arms, ok := boxes(r)
	if !ok {
		return "", false
	}
	return box(arms, x, y), true
}

func rect(x, y, w, h float64) string {
	return fmt.Sprintf("M%s %sh%sv%sh-%sz", n(x), n(y), n(w), n(h), n(w))
}

// braille draws the dots of a pattern: bits 0…7 are dots 1…8.
func braille(r rune, x, y float64) string {
	var b strings.Builder
	places := [8][2]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}}
	for i, p := range places {
		if (r-0x2800)&(1<<i) != 0 {
			cx, cy := x+cellW*(0.25+0.5*float64(p[0])), y+cellH*(0.125+0.25*float64(p[1]))
			b.WriteString(rect(cx-1, cy-1, 2, 2))
		}
	}
	return b.String()
}

func shade(x, y float64) string {
	var b strings.Builder
	for row := range 4 {
		for col := range 2 {
			b.WriteString(rect(x+cellW*(0.15+0.5*float64(col)), y+cellH*(0.08+0.25*float64(row)), 1.2, 1.2))
		}
	}
	return b.String()
}

// arms of a box-drawing letter: which edges of the cell its lines reach.
type arms struct{ left, right, up, down bool }

func boxes(r rune) (arms, bool) {
	switch r {
	case '─', '━':
		return arms{left: true, right: true}, true
	case '│':
		return arms{up: true, down: true}, true
	case '╭', '┌':
		return arms{right: true, down: true}, true
	case '╮', '┐':
		return arms{left: true, down: true}, true
	case '╰', '└':
		return arms{right: true, up: true}, true
	case '╯', '┘':
		return arms{left: true, up: true}, true
	case '├':
		return arms{right: true, up: true, down: true}, true
	case '┤':
		return arms{left: true, up: true, down: true}, true
	case '┬':
		return arms{left: true, right: true, down: true}, true
	case '┴':
		return arms{left: true, right: true, up: true}, true
	case '┼':
		return arms{true, true, true, true}, true
	}
	return arms{}, false
}

func box(a arms, x, y float64) string {
	cx, cy := x+cellW/2, y+cellH/2
	var b strings.Builder
	if a.left {
		b.WriteString(rect(x, cy-line/2, cellW/2+line/2, line))
	}
	if a.right {
		b.WriteString(rect(cx-line/2, cy-line/2, cellW/2+line/2, line))
	}
	if a.up {
		b.WriteString(rect(cx-line/2, y, line, cellH/2+line/2))
	}
	if a.down {
		b.WriteString(rect(cx-line/2, cy-line/2, line, cellH/2+line/2))
	}
	return b.String()
}
