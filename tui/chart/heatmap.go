package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/backbone-sweep/sweep/tui/theme"
)

// HeatMap is a confusion matrix: truth down, prediction across. Shades grow with
// the square root of a cell's share of its truth's images (Share), or of the
// largest count: mistakes are few, and must be seen beside the diagonal.
type HeatMap struct {
	Counts []int64  // [truth*len(Labels) + predicted]
	Labels []string // of the classes; may hold double-width letters
	Share  bool     // cells say the share of their truth's images in %, not counts
	Cursor Cell
}

// Cell is a place in a HeatMap. On is false for none.
type Cell struct {
	Truth, Predicted int
	On               bool
}

// Move moves the cursor by rows and columns and keeps it inside; the first move
// only shows it.
func (h *HeatMap) Move(down, right int) {
	n := len(h.Labels)
	if n == 0 {
		return
	}
	if h.Cursor.On {
		h.Cursor.Truth += down
		h.Cursor.Predicted += right
	}
	h.Cursor.On = true
	h.Cursor.Truth = min(max(h.Cursor.Truth, 0), n-1)
	h.Cursor.Predicted = min(max(h.Cursor.Predicted, 0), n-1)
}

// Caption says what is in the cursor's cell, figures first since labels may be
// long; without a cursor, what the figures are.
func (h *HeatMap) Caption() string {
	n := len(h.Labels)
	if c := h.Cursor; c.On && c.Truth < n && c.Predicted < n && c.Truth >= 0 && c.Predicted >= 0 {
		count, all := h.count(c.Truth, c.Predicted), h.support(c.Truth)
		share := "–"
		if all > 0 {
			share = strconv.FormatFloat(100*float64(count)/float64(all), 'f', 1, 64) + " %"
		}
		return fmt.Sprintf("%d of %d (%s) · truth %d %s → predicted %d %s",
			count, all, share, c.Truth, h.Labels[c.Truth], c.Predicted, h.Labels[c.Predicted])
	}
	if h.Share {
		return "truth ↓  predicted →  % of each truth's images"
	}
	return "truth ↓  predicted →  images"
}

// count returns a cell's images; 0 where counts are missing.
func (h *HeatMap) count(truth, predicted int) int64 {
	if i := truth*len(h.Labels) + predicted; i < len(h.Counts) {
		return h.Counts[i]
	}
	return 0
}

// support returns a truth's images.
func (h *HeatMap) support(truth int) int64 {
	var sum int64
	for j := range h.Labels {
		sum += h.count(truth, j)
	}
	return sum
}

// heatLayout is where things are in a heat map of some size.
type heatLayout struct {
	index, label     int // cells of the row heads
	cell             int // cells of a column
	firstRow, rows   int // classes in sight
	firstCol, cols   int
	header, captions int // rows
}

// left is the width of the row heads with the gap after them.
func (l *heatLayout) left() int {
	if l.label > 0 {
		return l.index + 1 + l.label
	}
	return l.index
}

func (h *HeatMap) layout(width, height int) heatLayout {
	n := len(h.Labels)
	l := heatLayout{index: len(strconv.Itoa(max(0, n-1)))}
	if height >= 3 {
		l.captions = 1
	}
	if height >= 2 {
		l.header = 1
	}
	l.rows = min(n, height-l.header-l.captions)
	want := max(l.index, len("100")) + 1
	if !h.Share {
		want = max(l.index, len(strconv.FormatInt(h.most(), 10))) + 1
	}
	// Figures need their width or go; two cells are the least for a shade.
	l.cell = min(want, max(2, l.index+1, (width-l.index)/max(n, 1)))
	l.cols = max(0, min(n, (width-l.index)/l.cell))
	for _, s := range h.Labels {
		l.label = max(l.label, cellWidth(s))
	}
	l.label = min(l.label, 30, width-l.index-1-l.cols*l.cell)
	if l.label < 3 {
		l.label = 0
	}
	if h.Cursor.On {
		l.firstRow = min(max(0, h.Cursor.Truth-l.rows+1), n-l.rows)
		l.firstCol = min(max(0, h.Cursor.Predicted-l.cols+1), n-l.cols)
	}
	return l
}

// most returns the largest count.
func (h *HeatMap) most() int64 {
	var most int64
	for _, c := range h.Counts {
		most = max(most, c)
	}
	return most
}

// figure returns the text of a cell with count of its truth's images.
func (h *HeatMap) figure(count, support int64) string {
	if !h.Share {
		return strconv.FormatInt(count, 10)
	}
	share := 100 * float64(count) / float64(support)
	if share < 0.5 {
		return "<1"
	}
	return strconv.Itoa(int(math.Round(share)))
}

// Render draws the matrix as height lines of width cells, its caption last. What
// does not fit is scrolled so that the cursor's cell is in sight.
func (h *HeatMap) Render(width, height int, th *theme.Theme) string {
	if width <= 0 || height <= 0 {
		return ""
	}
	l := h.layout(width, height)
	most := h.most()
	lines := make([]string, 0, height)
	if l.header > 0 {
		lines = append(lines, h.header(&l, width, th))
	}
	for i := l.firstRow; i < l.firstRow+l.rows; i++ {
		var b strings.Builder
		b.WriteString(h.head(&l, i, th))
		support := h.support(i)
		whole := most
		if h.Share {
			whole = support
		}
		for j := l.firstCol; j < l.firstCol+l.cols; j++ {
			b.WriteString(h.cell(&l, Cell{i, j, true}, support, whole, th))
		}
		lines = append(lines, Fit(b.String(), width))
	}
	for len(lines) < height-l.captions {
		lines = append(lines, strings.Repeat(" ", width))
	}
	if l.captions > 0 {
		lines = append(lines, th.Faint.Render(Fit(h.Caption(), width)))
	}
	return strings.Join(lines, "\n")
}

// header is the row of the predicted classes' indices.
func (h *HeatMap) header(l *heatLayout, width int, th *theme.Theme) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", l.left()))
	for j := l.firstCol; j < l.firstCol+l.cols; j++ {
		style := th.Faint
		if h.Cursor.On && j == h.Cursor.Predicted {
			style = th.Title
		}
		b.WriteString(style.Render(right(strconv.Itoa(j), l.cell)))
	}
	return Fit(b.String(), width)
}

// head is a truth's index and label.
func (h *HeatMap) head(l *heatLayout, truth int, th *theme.Theme) string {
	index, label := th.Faint, th.Text
	if h.Cursor.On && truth == h.Cursor.Truth {
		index, label = th.Title, th.Title
	}
	head := index.Render(right(strconv.Itoa(truth), l.index))
	if l.label > 0 {
		head += " " + label.Render(Fit(h.Labels[truth], l.label))
	}
	return head
}

// shades stand for figures where these do not fit and colours do not tell.
const shades = "░▒▓█"

// cell draws one cell of the matrix. Its shade is its part of whole.
func (h *HeatMap) cell(l *heatLayout, at Cell, support, whole int64, th *theme.Theme) string {
	count := h.count(at.Truth, at.Predicted)
	level := 0.0
	if count > 0 {
		level = math.Sqrt(float64(count) / float64(whole))
	}
	style := th.HeatMap(level, at.Truth == at.Predicted)
	if h.Cursor == at {
		style = th.Cursor
	}
	text := "·"
	if count > 0 {
		text = h.figure(count, support)
	}
	if len(text) >= l.cell && count > 0 {
		text = ""
		if th.Few {
			shade := []rune(shades)[min(int(level*4), 3)]
			text = strings.Repeat(string(shade), l.cell-1)
		}
	}
	return style.Render(right(text, l.cell))
}

// CellAt returns the cell that a map of this size shows at a place on screen
// (column and row from 0), for the mouse; On is false beside the cells.
func (h *HeatMap) CellAt(column, row, width, height int) Cell {
	l := h.layout(width, height)
	i, j := row-l.header, column-l.left()
	if i < 0 || i >= l.rows || j < 0 || j >= l.cols*l.cell {
		return Cell{}
	}
	return Cell{Truth: l.firstRow + i, Predicted: l.firstCol + j/l.cell, On: true}
}
