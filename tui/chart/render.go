package chart

import (
	"strings"

	"github.com/backbone-sweep/sweep/tui/theme"
)

// Render draws the chart as height lines of width cells each, without a newline
// at the end. It copes with any size; from 20×5 on it has axes.
func (c *Chart) Render(width, height int, th *theme.Theme) string {
	if width <= 0 || height <= 0 {
		return ""
	}
	l := c.layout(width, height)
	c.cells.reset(l.w, l.h)
	if cap(c.trace) < l.w {
		c.trace = make([]int, l.w)
	}
	full := c.full()
	f := frame{
		layout: l,
		width:  width,
		pens:   c.linePens(&l, th),
		axis:   newPen(th.Axis),
		faint:  newPen(th.Faint),
		strong: newPen(th.Crosshair.Bold(true).Reverse(th.NoColor)),
		title:  newPen(th.Title),
	}
	window := c.View.Window(full)
	f.empty = full.Empty()
	if f.empty {
		window = Extent{0, 1}
	}
	p := plot{cells: &c.cells, place: newPlace(window, 2*l.w), trace: c.trace[:l.w]}
	f.place = p.place
	lo, hi, ok := c.rangeOf(&l, Extent{p.place.lo, p.place.hi})
	f.void = !ok
	p.scale = newScale(lo, hi, ok, c.Log, 4*l.h)
	f.scale = p.scale
	f.cross = -1
	if x, crossed := c.View.Cross(); crossed && !f.empty && x >= p.place.lo && x <= p.place.hi {
		f.cross, f.crossAt = p.place.column(x)/2, x
		ink := c.cells.pen(th.Crosshair)
		for y := range l.h {
			c.cells.set(f.cross, y, '│', ink, layerCross)
		}
	}
	c.drawLines(&p, &f)
	return c.compose(&f, height)
}

// frame is one picture being put together.
type frame struct {
	layout
	width                      int
	empty                      bool // no point at all
	void                       bool // no value in the window
	place                      place
	scale                      scale
	cross                      int // cell column of the crosshair in the plot, or -1
	crossAt                    float64
	pens                       []linePens
	axis, faint, strong, title pen
}

// drawLines draws raw curves behind smoothed ones, then all others, then letters.
func (c *Chart) drawLines(p *plot, f *frame) {
	for k, i := range f.order {
		if s := c.Lines[i].Series; c.smoothed(s) {
			p.curve(s, &s.raw, f.pens[k].dimInk, layerRaw)
		}
	}
	for k, i := range f.order {
		s := c.Lines[i].Series
		t := &s.raw
		if c.smoothed(s) {
			t = &s.smooth.track
		}
		p.curve(s, t, f.pens[k].lineInk, layerCurve)
		if f.pens[k].letter {
			p.letters(f.pens[k].marker, k, f.pens[k].lineInk)
		}
	}
}

func (c *Chart) smoothed(s *Series) bool { return c.Smooth && s.Smoothing() > 0 }

// rangeOf returns the range of y over the lines on screen. Raw values count even
// where smoothed ones are shown: the raw curve is behind them.
func (c *Chart) rangeOf(l *layout, window Extent) (lo, hi float64, ok bool) {
	sum := emptyBlock()
	for _, i := range l.order {
		s := c.Lines[i].Series
		from, to := s.x.search(window.Lo), s.x.after(window.Hi)
		if from == to && from > 0 && to < s.Len() {
			from, to = from-1, to+1 // between two points: the line that passes
		}
		b := s.raw.over(from, to)
		sum.merge(&b)
	}
	if c.Log {
		return float64(sum.pos), float64(sum.max), sum.pos <= sum.max
	}
	return float64(sum.min), float64(sum.max), sum.min <= sum.max
}

// compose puts the rows together.
func (c *Chart) compose(f *frame, height int) string {
	var b strings.Builder
	b.Grow(max(2*f.width*height, c.size+c.size/8)) // the frame before is the best guess
	if f.layout.title > 0 {
		c.writeTitle(&b, f)
	}
	c.writeLegend(&b, &f.layout, f.width, f.pens, f.faint)
	labels := f.yLabels()
	for y := range f.h {
		if f.left > 0 {
			f.axis.put(&b, labels[y])
		}
		if f.empty && y == f.h/2 {
			f.faint.put(&b, centre(c.Empty, f.w))
		} else {
			c.cells.writeRow(&b, y)
		}
		if y+1 < f.h || f.bottom > 0 {
			b.WriteByte('\n')
		}
	}
	if f.bottom > 0 {
		f.writeBottom(&b, c.Unit)
	}
	c.size = b.Len()
	return b.String()
}

// writeTitle appends the title, with the crosshair's x at the right.
func (c *Chart) writeTitle(b *strings.Builder, f *frame) {
	title := c.Title
	if c.Log {
		title += " · log"
	}
	right := ""
	if x, crossed := c.View.Cross(); crossed {
		right = c.Unit.noun() + " " + c.Unit.exact(x, &f.place)
	}
	if w := cellWidth(right); w > 0 && w+4 <= f.width {
		f.title.put(b, Fit(title, f.width-w-1))
		b.WriteByte(' ')
		f.strong.put(b, right)
	} else {
		f.title.put(b, Fit(title, f.width))
	}
	b.WriteByte('\n')
}
