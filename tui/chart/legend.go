package chart

import (
	"math"
	"strconv"
	"strings"

	"github.com/backbone-sweep/sweep/tui/theme"
)

// legendGrid is how the entries of a legend lie: in columns of equal width.
type legendGrid struct {
	label, value  int // cells
	columns, rows int
}

// entry has a letter or dash before the label and blanks after label and value.
const entryGaps = 2 + 1 + 2

// legendGrid fits n entries into width cells.
func (c *Chart) legendGrid(width, n int) legendGrid {
	g := legendGrid{value: 9} // fits -1.234e-5
	for _, l := range c.Lines {
		if !l.Hidden && l.Series != nil {
			g.label = max(g.label, cellWidth(l.Label))
		}
	}
	// The smoothed value comes too, where that does not cost a column.
	if columns := (width + 2) / (g.label + 10 + g.value + entryGaps); c.Smooth && columns > 0 && (columns > 1 || n == 1) {
		g.value += 10
	}
	g.label = max(1, min(g.label, 28, width-g.value-entryGaps))
	g.columns = max(1, (width+2)/(g.label+g.value+entryGaps))
	g.rows = (n + g.columns - 1) / g.columns
	return g
}

// writeLegend appends the rows of the legend, each followed by a newline.
func (c *Chart) writeLegend(b *strings.Builder, l *layout, width int, pens []linePens, faint pen) {
	letters := len(pens) > 0 && pens[0].letter
	room, pinned := l.legend*l.grid.columns, c.pinned()
	for row := range l.legend {
		left := width
		for column := range l.grid.columns {
			// Pinned lines are drawn last, but named first.
			at := row*l.grid.columns + column
			if at >= len(l.order) {
				break
			}
			if at == room-1 && len(l.order) > room && room > 1 {
				more := Fit("+"+strconv.Itoa(len(l.order)-at)+" more", min(left, l.grid.label+l.grid.value+entryGaps-2))
				faint.put(b, more)
				left -= cellWidth(more)
				break
			}
			k := (at + len(l.order) - pinned) % len(l.order)
			line := &c.Lines[l.order[k]]
			mark := "━ "
			if letters {
				mark = string(pens[k].marker) + " "
			}
			value := c.valueOf(line, l)
			text := Fit(line.Label, l.grid.label) + " " + Fit(value, l.grid.value)
			if left < 4 {
				break
			}
			pens[k].line.put(b, mark)
			text = Fit(text, min(left-2, cellWidth(text)))
			b.WriteString(text)
			left -= 2 + cellWidth(text)
			if left >= 2 && column+1 < l.grid.columns {
				b.WriteString("  ")
				left -= 2
			}
		}
		b.WriteString(strings.Repeat(" ", left))
		b.WriteByte('\n')
	}
}

// pinned counts the pinned lines on screen.
func (c *Chart) pinned() int {
	n := 0
	for _, l := range c.Lines {
		if l.Pinned && !l.Hidden && l.Series != nil {
			n++
		}
	}
	return n
}

// valueOf returns what the legend says about a line: its value under the
// crosshair, else its last one.
func (c *Chart) valueOf(line *Line, l *layout) string {
	format := c.Value
	if format == nil {
		format = FormatValue
	}
	i, ok := line.Series.Len()-1, line.Series.Len() > 0
	if x, crossed := c.View.Cross(); crossed {
		// Beside a curve's ends there is no value; half a cell is forgiven.
		window := c.View.Window(c.full())
		slack := window.span() / float64(max(l.w, 1)) / 2
		e := line.Series.Extent()
		if ok = !e.Empty() && x >= e.Lo-slack && x <= e.Hi+slack; ok {
			i = line.Series.Nearest(x)
		}
	}
	if !ok {
		return "–"
	}
	_, v := line.Series.At(i)
	text := format(v)
	if l.grid.value > 9 && c.smoothed(line.Series) && !math.IsNaN(v) {
		text += " ~" + format(line.Series.Smoothed(i))
	}
	return text
}

// linePens are the pens of one drawn line.
type linePens struct {
	line, dim       pen
	lineInk, dimInk uint16
	marker          rune
	letter          bool // the curve carries its marker
}

// linePens registers the pens of the lines to draw, in drawing order.
func (c *Chart) linePens(l *layout, th *theme.Theme) []linePens {
	pens := make([]linePens, len(l.order))
	letter := c.lettered(th, len(l.order))
	for k, i := range l.order {
		line := &c.Lines[i]
		style := line.Style
		if style.Marker == 0 {
			style = th.Run(line.Label)
		}
		if line.Pinned {
			style.Line = style.Line.Bold(true)
		}
		p := linePens{lineInk: c.cells.pen(style.Line), dimInk: c.cells.pen(style.Dim), marker: style.Marker, letter: letter}
		p.line, p.dim = c.cells.pens[p.lineInk], c.cells.pens[p.dimInk]
		pens[k] = p
	}
	return pens
}
