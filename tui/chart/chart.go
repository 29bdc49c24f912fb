package chart

import (
	"github.com/backbone-sweep/sweep/tui/theme"
)

// Unit is what x counts.
type Unit int

// Units of x.
const (
	Steps  Unit = iota // whole optimiser steps
	Epochs             // epochs, of which there can be parts
)

// Line is one curve of a Chart.
type Line struct {
	Label  string // for the legend; may hold double-width letters
	Series *Series
	Style  theme.RunStyle // Theme.Runs keeps runs apart
	Hidden bool           // not drawn, not in the legend, no say in the range of y
	Pinned bool           // drawn on top and first in the legend
}

// Legend is when a chart names its curves.
type Legend int

// When a chart names its curves.
const (
	LegendAuto Legend = iota // when there is room, or a crosshair to give values for
	LegendOff
	LegendOn
)

// Chart is what to draw. Its fields may change between two Renders; the chart
// keeps only scratch memory. It is not for concurrent use.
type Chart struct {
	Title  string // first row; no row when empty
	Empty  string // shown in the middle while there is nothing to draw
	Lines  []Line // the later ones on top
	View   View
	Full   Extent // x of all charts that share the View; the own lines' when empty or zero
	Unit   Unit
	Log    bool                 // logarithmic y; values ≤ 0 are left out and marked ▾ below
	Smooth bool                 // the smoothed curves (Series.SetSmoothing), the raw ones faint behind
	Value  func(float64) string // formats values of the legend; nil: four significant digits
	Legend Legend

	cells cells // scratch
	trace []int
	size  int // bytes of the last frame
}

// Extent returns the x range of the lines that are not hidden.
func (c *Chart) Extent() Extent {
	e := NoExtent()
	for _, l := range c.Lines {
		if !l.Hidden && l.Series != nil {
			e = e.Union(l.Series.Extent())
		}
	}
	return e
}
