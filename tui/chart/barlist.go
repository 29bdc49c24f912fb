package chart

import (
	"math"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/backbone-sweep/sweep/tui/theme"
)

// BarItem is one row of Bars.
type BarItem struct {
	Label string
	Value float64        // NaN: no value
	Note  string         // after the value, faint: the support, for instance
	Style lipgloss.Style // of the bar
}

// Bars draws a row per item: label, bar from 0 to top, value with three
// decimals, note. All rows have width cells and their columns line up. Notes go
// first when there is little room, then bars shrink, then labels.
func Bars(items []BarItem, top float64, width int, th *theme.Theme) []string {
	const (
		valueWidth = 6 // 0.931 and a blank before it
		leastBar   = 8
	)
	label, note := 1, 0
	for _, item := range items {
		label = max(label, cellWidth(item.Label))
		note = max(note, cellWidth(item.Note)+1)
	}
	if note == 1 || note > width/4 {
		note = 0
	}
	label = min(label, max(4, width-valueWidth-note-1-leastBar), max(width/2, 4))
	bar := max(0, width-label-1-valueWidth-note)
	faint := newPen(th.Faint)
	rows := make([]string, len(items))
	for i, item := range items {
		var b strings.Builder
		b.WriteString(Fit(item.Label, label))
		b.WriteByte(' ')
		b.WriteString(Bar(item.Value/top, bar, item.Style))
		value := "–"
		if !math.IsNaN(item.Value) {
			if value = strconv.FormatFloat(item.Value, 'f', 3, 64); len(value) >= valueWidth {
				value = tickLabel(item.Value, 0, valueWidth-1)
			}
		}
		b.WriteString(right(value, valueWidth))
		if note > 0 {
			faint.put(&b, right(item.Note, note))
		}
		rows[i] = Fit(b.String(), width)
	}
	return rows
}

// right fits s into width cells, flush right.
func right(s string, width int) string {
	return strings.Repeat(" ", max(0, width-cellWidth(s))) + Fit(s, min(width, cellWidth(s)))
}
