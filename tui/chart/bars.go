package chart

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"
	"github.com/charmbracelet/x/ansi"

	"github.com/backbone-sweep/sweep/tui/theme"
)

// Bar draws a horizontal bar of width cells for a share in 0…1, exact to an
// eighth of a cell. A share that is not a number is an empty bar.
func Bar(share float64, width int, style lipgloss.Style) string {
	if width <= 0 {
		return ""
	}
	full, rest := cut(share, width)
	var b strings.Builder
	for range full {
		b.WriteRune(runes.FullBlock)
	}
	n := full
	if r := runes.LeftBlockElementFromFloat64(rest); full < width && r != runes.Null {
		b.WriteRune(r)
		n++
	}
	return style.Render(b.String()) + strings.Repeat(" ", width-n)
}

// ProgressBar draws done/open cells, as in ██████▌░░░, exact to half a cell.
func ProgressBar(share float64, width int, th *theme.Theme) string {
	if width <= 0 {
		return ""
	}
	full, rest := cut(share, width)
	done := strings.Repeat("█", full)
	if full < width && rest >= 0.5 {
		done += "▌"
		full++
	}
	out := ""
	if done != "" {
		out = th.BarFull.Render(done)
	}
	if full < width {
		out += th.BarEmpty.Render(strings.Repeat("░", width-full))
	}
	return out
}

// cut splits a share of width cells into whole cells and the rest of one.
func cut(share float64, width int) (full int, rest float64) {
	if !(share > 0) {
		return 0, 0
	}
	cells := min(share, 1) * float64(width)
	full = int(cells)
	return full, cells - float64(full)
}

// Sparkline draws the last width values as ▁▂▃▄▅▆▇█ between lo and hi, the
// newest at the right. Values that are not a number are blanks.
func Sparkline(values []float64, lo, hi float64, width int, style lipgloss.Style) string {
	if width <= 0 {
		return ""
	}
	values = values[max(0, len(values)-width):]
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", width-len(values)))
	for _, v := range values {
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		level := 0
		if hi > lo {
			level = int(min(max((v-lo)/(hi-lo), 0), 1) * 8)
		}
		b.WriteRune(runes.LowerBlockOne + rune(min(level, 7)))
	}
	return style.Render(b.String())
}

// Fit cuts or pads s to exactly width cells; what is cut ends in an ellipsis.
// Styles inside s survive, newlines and tabs become blanks.
func Fit(s string, width int) string {
	if width <= 0 {
		return ""
	}
	if strings.ContainsAny(s, "\n\r\t") {
		s = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(s)
	}
	if ansi.StringWidth(s) > width {
		s = ansi.Truncate(s, width, "…")
	}
	return s + strings.Repeat(" ", max(0, width-ansi.StringWidth(s)))
}
