package chart

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"
)

// cells is a raster that braille dots and letters are drawn on. A cell has one
// colour, so it belongs to the highest layer drawn there; dots of the same layer
// add up and take the colour of the last.
type cells struct {
	w, h int
	grid []cell // h rows of w
	pens []pen  // pens[0] is plain
}

type cell struct {
	r     rune // 0: blank
	pen   uint16
	layer layer
}

// layer says what hides what.
type layer uint8

const (
	layerCross layer = 1 + iota
	layerRaw         // raw curves behind smoothed ones
	layerCurve
	layerMark
)

// pen is a style reduced to the escape sequences around it: styling a stretch
// costs a copy, not a Render.
type pen struct {
	open, close string
	ground      bool // shows on blanks too
}

func newPen(s lipgloss.Style) pen {
	open, closing, _ := strings.Cut(s.Render("x"), "x")
	_, bare := s.GetBackground().(lipgloss.NoColor)
	return pen{open: open, close: closing, ground: !bare || s.GetReverse() || s.GetUnderline()}
}

// put writes text in the pen's style.
func (p pen) put(b *strings.Builder, text string) {
	if text == "" {
		return
	}
	b.WriteString(p.open)
	b.WriteString(text)
	b.WriteString(p.close)
}

// reset makes the raster w×h and blank.
func (c *cells) reset(w, h int) {
	c.w, c.h = w, h
	if n := w * h; n <= cap(c.grid) {
		c.grid = c.grid[:n]
		clear(c.grid)
	} else {
		c.grid = make([]cell, n)
	}
	c.pens = append(c.pens[:0], pen{})
}

// pen registers a style and returns its number.
func (c *cells) pen(s lipgloss.Style) uint16 {
	c.pens = append(c.pens, newPen(s))
	return uint16(len(c.pens) - 1)
}

// set puts a letter of one cell's width on a layer.
func (c *cells) set(x, y int, r rune, pen uint16, l layer) {
	if x < 0 || y < 0 || x >= c.w || y >= c.h {
		return
	}
	if at := &c.grid[y*c.w+x]; at.layer <= l {
		*at = cell{r, pen, l}
	}
}

// free says whether a cell holds nothing of this layer or above.
func (c *cells) free(x, y int, l layer) bool {
	return x >= 0 && y >= 0 && x < c.w && y < c.h && c.grid[y*c.w+x].layer < l
}

// dots are the braille bits of the two dot columns of a cell, from the top.
var dots = [2][4]rune{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

// column draws the dots of dot column x from row y0 to y1, both included, what is
// off the raster left out.
func (c *cells) column(x, y0, y1 int, pen uint16, l layer) {
	if y0 > y1 {
		y0, y1 = y1, y0
	}
	y0, y1 = max(y0, 0), min(y1, 4*c.h-1)
	if x < 0 || x >= 2*c.w {
		return
	}
	bits := &dots[x&1]
	for y := y0; y <= y1; {
		at := &c.grid[y/4*c.w+x/2]
		var mask rune
		for end := min(y|3, y1); y <= end; y++ {
			mask |= bits[y&3]
		}
		if at.layer > l {
			continue
		}
		if at.layer < l {
			*at = cell{layer: l}
		}
		at.r = runes.CombineBraillePatterns(at.r, runes.BrailleBlockOffset|mask)
		at.pen = pen
	}
}

// writeRow appends row y. Blanks keep the style of what is before them where
// that does not show: fewer escape sequences.
func (c *cells) writeRow(b *strings.Builder, y int) {
	var now uint16
	for _, at := range c.grid[y*c.w : (y+1)*c.w] {
		r := at.r
		if r == 0 {
			r = ' '
		}
		if at.pen != now && (r != ' ' || c.pens[at.pen].ground || c.pens[now].ground) {
			b.WriteString(c.pens[now].close)
			b.WriteString(c.pens[at.pen].open)
			now = at.pen
		}
		b.WriteRune(r)
	}
	b.WriteString(c.pens[now].close)
}
