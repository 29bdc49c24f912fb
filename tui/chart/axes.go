package chart

import (
	"math"
	"strings"
)

func (u Unit) noun() string {
	if u == Epochs {
		return "epoch"
	}
	return "step"
}

// least returns the smallest step between ticks.
func (u Unit) least() float64 {
	if u == Epochs {
		return 0
	}
	return 1
}

// exact writes an x as exactly as a column can tell.
func (u Unit) exact(x float64, p *place) string {
	if u == Steps {
		return exactX(math.Round(x), 1)
	}
	return exactX(x, min(0.1, (p.hi-p.lo)/float64(p.columns)*2))
}

// yLabels returns, for every row of the plot, label and axis.
func (f *frame) yLabels() []string {
	rows := make([]string, f.h)
	if f.left == 0 {
		return rows
	}
	blank := strings.Repeat(" ", labelWidth) + "│"
	for y := range rows {
		rows[y] = blank
	}
	if f.void {
		return rows
	}
	count := min(max(2, (f.h+1)/2), 10)
	ticks, step := []float64(nil), 0.0
	if f.scale.log {
		ticks = logTicks(f.scale.lo, f.scale.hi, count)
	} else {
		ticks, step = linearTicks(f.scale.lo, f.scale.hi, count, 0)
	}
	placed, last, seen := 0, math.MaxInt, ""
	place := func(v float64) {
		y := f.scale.row(f.scale.level(v)) / 4
		label := tickLabel(v, step, labelWidth)
		if y < 0 || y >= f.h || y == last || label == seen {
			return
		}
		rows[y] = strings.Repeat(" ", max(0, labelWidth-len(label))) + label + "┤"
		placed, last, seen = placed+1, y, label
	}
	for _, v := range ticks {
		if !f.scale.log || v > 0 {
			place(v)
		}
	}
	if placed < 2 {
		// One label tells no scale: name the ends instead.
		for y := range rows {
			rows[y] = blank
		}
		step, last, seen = 0, math.MaxInt, ""
		place(f.scale.value(f.scale.lo))
		place(f.scale.value(f.scale.hi))
	}
	return rows
}

// writeBottom appends the x axis and its labels.
func (f *frame) writeBottom(b *strings.Builder, u Unit) {
	line := make([]rune, f.w)
	text := []rune(strings.Repeat(" ", f.width))
	for i := range line {
		line[i] = '─'
	}
	var ticks []float64
	step := 0.0
	if !f.empty {
		ticks, step = linearTicks(f.place.lo, f.place.hi, max(2, f.w/10), u.least())
	}
	label, from, to := f.crossLabel(u)
	free := 0 // where the next label may start
	for _, x := range ticks {
		column := f.place.column(x) / 2
		if column < 0 || column >= f.w {
			continue
		}
		tick := xLabel(x, step, f.place.hi)
		at := min(max(0, f.left+column-len(tick)/2), f.width-len(tick))
		if at < free || to > from && at < to+1 && at+len(tick) > from-1 {
			continue
		}
		line[column] = '┬'
		copy(text[at:], []rune(tick))
		free = at + len(tick) + 2
	}
	if f.cross >= 0 {
		line[f.cross] = '┴'
	}
	if f.bottom > 1 {
		f.axis.put(b, strings.Repeat(" ", labelWidth)+"└"+string(line))
		b.WriteByte('\n')
	}
	if to > from {
		f.axis.put(b, string(text[:from]))
		f.strong.put(b, label)
		f.axis.put(b, string(text[to:]))
		return
	}
	f.axis.put(b, string(text))
}

// crossLabel returns the label under the crosshair and the columns it takes.
func (f *frame) crossLabel(u Unit) (label string, from, to int) {
	if f.cross < 0 {
		return "", 0, 0
	}
	label = u.exact(f.crossAt, &f.place)
	if len(label) > f.width {
		return "", 0, 0
	}
	from = min(max(0, f.left+f.cross-len(label)/2), f.width-len(label))
	return label, from, from + len(label)
}

// centre puts text in the middle of width cells.
func centre(text string, width int) string {
	text = Fit(text, min(width, cellWidth(text)))
	left := (width - cellWidth(text)) / 2
	return Fit(strings.Repeat(" ", left)+text, width)
}
