package main

import (
	"fmt"
	"html"
	"strings"
)

// A cell is cellW×cellH units; the picture has a margin around the cells.
const (
	cellW  = 8.0
	cellH  = 17.0
	margin = 10.0
	ground = "#101418"
	ink    = "#d5dae0"
)

// draw makes the picture of a frame.
func draw(rows [][]cell) string {
	across := 0
	for _, r := range rows {
		across = max(across, len(r))
	}
	w, h := 2*margin+cellW*float64(across), 2*margin+cellH*float64(len(rows))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK KR','Noto Sans CJK KR',monospace" font-size="13">`, n(w), n(h))
	fmt.Fprintf(&b, "\n<rect width=\"%s\" height=\"%s\" rx=\"8\" fill=\"%s\"/>\n", n(w), n(h), ground)
	for y, row := range rows {
		drawRow(&b, row, margin+cellH*float64(y))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// drawRow draws stretches of equal look together.
func drawRow(b *strings.Builder, row []cell, y float64) {
	for i := 0; i < len(row); {
		j := i + 1
		for j < len(row) && row[j].look == row[i].look {
			j++
		}
		stretch(b, row[i:j], margin+cellW*float64(i), y)
		i = j
	}
}

func stretch(b *strings.Builder, cells []cell, x, y float64) {
	l := cells[0].look
	fg, bg := l.fg, l.bg
	if fg == "" {
		fg = ink
	}
	if l.reverse {
		if bg == "" {
			bg = ground
		}
		fg, bg = bg, fg
	}
	if bg != "" {
		fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`, n(x), n(y), n(cellW*float64(len(cells))), n(cellH), bg)
	}
	var shapes strings.Builder
	for i := 0; i < len(cells); {
		at := x + cellW*float64(i)
		if path, ok := shape(cells[i].text, at, y); ok {
			shapes.WriteString(path)
			i++
			continue
		}
		j := i
		for j < len(cells) {
			if _, ok := shape(cells[j].text, 0, 0); ok {
				break
			}
			j++
		}
		write(b, cells[i:j], at, y, l, fg)
		i = j
	}
	if shapes.Len() > 0 {
		fmt.Fprintf(b, `<path fill="%s"%s d="%s"/>`, fg, faintness(l), shapes.String())
	}
	if bg != "" || shapes.Len() > 0 {
		b.WriteByte('\n')
	}
}

func faintness(l look) string {
	if l.faint {
		return ` opacity="0.6"`
	}
	return ""
}

// write draws letters, each at its own place: fonts differ in their widths.
func write(b *strings.Builder, cells []cell, x, y float64, l look, fg string) {
	style := faintness(l)
	if l.bold {
		style += ` font-weight="bold"`
	}
	if l.underline {
		style += ` text-decoration="underline"`
	}
	var text, places strings.Builder
	flush := func() {
		if text.Len() > 0 {
			fmt.Fprintf(b, `<text y="%s" fill="%s"%s x="%s">%s</text>`+"\n",
				n(y+12.5), fg, style, strings.TrimSpace(places.String()), html.EscapeString(text.String()))
		}
		text.Reset()
		places.Reset()
	}
	for i, c := range cells {
		switch c.text {
		case "": // the right half of the letter before
		case " ":
			flush()
		default:
			text.WriteString(c.text)
			places.WriteString(n(x+cellW*float64(i)) + " ")
		}
	}
	flush()
}

// n writes a length without needless digits.
func n(v float64) string {
	s := fmt.Sprintf("%.2f", v)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
