package chart

import "github.com/backbone-sweep/sweep/tui/theme"

// HeatMap is a confusion matrix: truth down, prediction across.
type HeatMap struct {
	Counts []int64  // [truth*Classes + predicted]
	Labels []string // of the classes; their number is the number of classes
	Share  bool     // cells show the share of their truth's images in %, not counts
	Cursor Cell
}

// Cell is a place in a HeatMap. On is false for none.
type Cell struct {
	Truth, Predicted int
	On               bool
}

// Move moves the cursor by rows and columns and keeps it inside; the first move
// only shows it.
func (h *HeatMap) Move(down, right int) {}

// Caption says what is in the cursor's cell, or what the shades mean.
func (h *HeatMap) Caption() string { return "" }

// Render draws the matrix as height lines of width cells, its caption last. What
// does not fit is scrolled so that the cursor's cell is in sight.
func (h *HeatMap) Render(width, height int, th *theme.Theme) string { return "" }
