package tui

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/backbone-sweep/sweep/tui/chart"
	"github.com/backbone-sweep/sweep/tui/theme"
)

// A view is a slice of lines. Every function here that takes a width gives lines
// of exactly that width in terminal cells.

// cells is the number of terminal cells of s; Korean letters take two.
func cells(s string) int { return ansi.StringWidth(s) }

// fit cuts or pads s to exactly width cells.
func fit(s string, width int) string { return chart.Fit(s, width) }

// fitRight is fit with the text at the right edge.
func fitRight(s string, width int) string {
	if n := cells(s); n < width {
		return strings.Repeat(" ", width-n) + s
	}
	return fit(s, width)
}

// spread puts left and right at the edges of a line; the left one yields.
func spread(left, right string, width int) string {
	r := cells(right)
	if r == 0 || r+2 > width {
		return fit(left, width)
	}
	return fit(left, width-r-1) + " " + right
}

// pad gives exactly height lines of width cells.
func pad(lines []string, width, height int) []string {
	out := make([]string, max(height, 0))
	for i := range out {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out[i] = fit(line, width)
	}
	return out
}

// box frames lines; the title stands in the upper border, the note at its right
// end. Boxes too small for a frame show their lines alone.
func box(title, note string, lines []string, width, height int, border lipgloss.Style, th *theme.Theme) []string {
	if width < 4 || height < 3 {
		return pad(lines, width, height)
	}
	return frame(title, note, pad(lines, width-2, height-2), border, th)
}

// frame is box for lines that all have the same width already: to measure them
// again would cost as much as to draw them.
func frame(title, note string, lines []string, border lipgloss.Style, th *theme.Theme) []string {
	width, height := cells(lines[0])+2, len(lines)+2
	inner := width - 2
	head := ""
	if title != "" {
		head = " " + ansi.Truncate(title, inner-3, "…") + " "
	}
	tail := ""
	if n := cells(note); n > 0 && cells(head)+n+4 <= inner {
		tail = " " + note + " "
	}
	fill := max(0, inner-cells(head)-cells(tail))
	out := make([]string, 0, height)
	top := border.Render("╭") + th.Title.Render(head) + border.Render(strings.Repeat("─", fill))
	if tail != "" {
		top += th.Faint.Render(tail)
	}
	out = append(out, top+border.Render("╮"))
	side := border.Render("│")
	for _, line := range lines {
		out = append(out, side+line+side)
	}
	return append(out, border.Render("╰"+strings.Repeat("─", inner)+"╯"))
}

// beside joins views of equal height from left to right.
func beside(views ...[]string) []string {
	if len(views) == 0 {
		return nil
	}
	out := make([]string, len(views[0]))
	var b strings.Builder
	for i := range out {
		b.Reset()
		for _, v := range views {
			if i < len(v) {
				b.WriteString(v[i])
			}
		}
		out[i] = b.String()
	}
	return out
}

// share cuts total into n parts that differ by one at most.
func share(total, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = (i+1)*total/n - i*total/n
	}
	return out
}

// over lays a smaller view into the middle of a larger one.
func over(ground, top []string, width int) []string {
	if len(top) == 0 {
		return ground
	}
	w := cells(top[0])
	x, y := max(0, (width-w)/2), max(0, (len(ground)-len(top))/2)
	out := append([]string(nil), ground...)
	for i, line := range top {
		if y+i >= len(out) {
			break
		}
		left := fit(ansi.Truncate(out[y+i], x, ""), x)
		right := ansi.TruncateLeft(out[y+i], x+w, "")
		if cells(right) > width-x-w { // half of a wide letter
			right = ansi.TruncateLeft(out[y+i], x+w+1, "")
		}
		right = strings.Repeat(" ", max(0, width-x-w-cells(right))) + right
		out[y+i] = left + line + right
	}
	return out
}

// wrap breaks a text at blanks into lines of at most width cells.
func wrap(s string, width int) []string {
	if width <= 0 {
		return nil
	}
	return strings.Split(ansi.Wrap(s, width, ""), "\n")
}

// window is the part of n rows that is in sight: it moves as little as it must
// so that row at is seen among height rows.
func window(top, at, n, height int) int {
	top = min(top, at)
	top = max(top, at-height+1)
	return max(0, min(top, n-height))
}
