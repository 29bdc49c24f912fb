package chart

import "github.com/backbone-sweep/sweep/tui/theme"

// labelWidth is the room of the y labels: the same for every chart, so that
// charts above each other line up and nothing jumps when the range changes.
const labelWidth = 7

// layout is where things are in a chart of some size.
type layout struct {
	title  int // rows
	legend int // rows
	left   int // columns before the plot: labels and axis
	bottom int // rows below the plot: axis and labels
	w, h   int // the plot, in cells
	order  []int
	grid   legendGrid
}

// layout divides the space. What is drawn first when there is little: the plot,
// then axes, title, legend.
func (c *Chart) layout(width, height int) layout {
	l := layout{order: c.order()}
	if width >= 20 && height >= 5 {
		l.left = labelWidth + 1
		l.bottom = 1
		if height >= 12 {
			l.bottom = 2 // an axis line besides the labels
		}
	}
	if c.Title != "" && height >= 4 {
		l.title = 1
	}
	l.w, l.h = width-l.left, height-l.title-l.bottom
	_, crossed := c.View.Cross()
	if c.Legend == LegendOn || c.Legend == LegendAuto && (crossed || height >= 10 && len(l.order) > 1) {
		l.grid = c.legendGrid(width, len(l.order))
		l.legend = min(l.grid.rows, max(1, height/5), max(0, l.h-3))
		l.h -= l.legend
	}
	return l
}

// order returns the indices of the lines to draw, pinned ones last.
func (c *Chart) order() []int {
	order := make([]int, 0, len(c.Lines))
	for _, pinned := range []bool{false, true} {
		for i, l := range c.Lines {
			if !l.Hidden && l.Series != nil && l.Pinned == pinned {
				order = append(order, i)
			}
		}
	}
	return order
}

// full returns the x of all data that the view is about.
func (c *Chart) full() Extent {
	if c.Full.Empty() || c.Full == (Extent{}) {
		return c.Extent()
	}
	return c.Full
}

// lettered says whether curves carry letters: without colours, and with more
// curves than colours.
func (c *Chart) lettered(th *theme.Theme, curves int) bool {
	return th.NoColor || curves > theme.Colors
}

// XAt returns the x that a chart of this size shows in a column (0 is the
// leftmost cell), for the mouse; ok is false beside the plot.
func (c *Chart) XAt(column, width, height int) (x float64, ok bool) {
	l, window := c.layout(width, height), c.View.Window(c.full())
	if column -= l.left; column < 0 || column >= l.w || window.Empty() {
		return 0, false
	}
	p := newPlace(window, 2*l.w)
	return min(max(p.x(float64(2*column)+0.5), window.Lo), window.Hi), true
}
