package chart

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/backbone-sweep/sweep/tui/theme"
)

func TestBar(t *testing.T) {
	for _, c := range []struct {
		share float64
		want  string
	}{
		{0, "    "},
		{1, "████"},
		{0.5, "██  "},
		{1.0 / 32, "▏   "},
		{0.375, "█▌  "},
		{0.99, "████"},
		{2, "████"},
		{-1, "    "},
		{math.NaN(), "    "},
		{math.Inf(1), "████"},
	} {
		if got := Bar(c.share, 4, lipgloss.NewStyle()); got != c.want {
			t.Errorf("Bar(%v) = %q, want %q", c.share, got, c.want)
		}
	}
}

func TestProgressBar(t *testing.T) {
	th := theme.New(true, colorprofile.Ascii)
	for _, c := range []struct {
		share float64
		want  string
	}{
		{0, "░░░░"},
		{0.5, "██░░"},
		{0.625, "██▌░"},
		{0.99, "███▌"}, // never full before the end
		{1, "████"},
		{7, "████"},
		{math.NaN(), "░░░░"},
	} {
		if got := ansi.Strip(ProgressBar(c.share, 4, th)); got != c.want {
			t.Errorf("ProgressBar(%v) = %q, want %q", c.share, got, c.want)
		}
	}
}

func TestSparkline(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		values []float64
		lo, hi float64
		want   string
	}{
		{[]float64{0, 0.5, 1}, 0, 1, "  ▁▅█"},
		{[]float64{9, 9, 9, 0, 1, 2, 3, 4}, 0, 4, "▁▃▅▇█"},
		{[]float64{nan, 1, nan}, 0, 1, "   █ "},
		{[]float64{5, 5}, 5, 5, "   ▁▁"},
		{[]float64{-9, 99}, 0, 1, "   ▁█"},
		{nil, 0, 1, "     "},
	} {
		if got := Sparkline(c.values, c.lo, c.hi, 5, lipgloss.NewStyle()); got != c.want {
			t.Errorf("Sparkline(%v) = %q, want %q", c.values, got, c.want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		s     string
		width int
		want  string
	}{
		{"loss", 6, "loss  "},
		{"macro-F1", 5, "macr…"},
		{"동작", 4, "동작"},
		{"동작", 3, "동…"},
		{"걷는 동작", 4, "걷… "}, // half of a letter cannot be shown
		{"a\nb\tc", 5, "a b c"},
		{"loss", 0, ""},
		{"", 2, "  "},
	} {
		if got := Fit(c.s, c.width); got != c.want {
			t.Errorf("Fit(%q, %d) = %q, want %q", c.s, c.width, got, c.want)
		}
	}
}

func TestBarsAndMapsHaveTheirSize(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 1))
	for range 300 {
		width, height := 1+r.IntN(120), 1+r.IntN(40)
		n := r.IntN(40)
		h := HeatMap{Share: r.IntN(2) == 0}
		var items []BarItem
		for i := range n {
			label := korean[r.IntN(len(korean))][:3*r.IntN(3)]
			h.Labels = append(h.Labels, label)
			items = append(items, BarItem{Label: label, Value: r.NormFloat64(), Note: strings.Repeat("n", r.IntN(9))})
			for range n {
				h.Counts = append(h.Counts, int64(r.ExpFloat64()*math.Pow(10, float64(i%7))/3))
			}
		}
		for range r.IntN(50) {
			h.Move(r.IntN(5)-2, r.IntN(5)-2)
		}
		for _, th := range themes() {
			checkSize(t, h.Render(width, height, th), width, height)
			if n > 0 {
				checkSize(t, strings.Join(Bars(items, 1, width, th), "\n"), width, n)
			}
			checkSize(t, ProgressBar(r.Float64(), width, th)+"\n"+Bar(r.Float64(), width, th.Done), width, 2)
		}
	}
}

func TestHeatMapKeepsTheCursorInSight(t *testing.T) {
	th := theme.New(true, colorprofile.ANSI256)
	const n, width, height = 40, 50, 12
	h := HeatMap{Labels: make([]string, n), Counts: make([]int64, n*n)}
	for i := range h.Counts {
		h.Counts[i] = int64(i)
	}
	h.Move(0, 0)
	for range 200 {
		h.Move(3, 7)
		text := h.Render(width, height, th)
		if h.Cursor.Truth >= n || h.Cursor.Predicted >= n {
			t.Fatalf("cursor at %+v of %d classes", h.Cursor, n)
		}
		open, _, _ := strings.Cut(th.Cursor.Render("x"), "x")
		if !strings.Contains(text, open) {
			t.Fatalf("cursor at %+v is out of sight", h.Cursor)
		}
	}
	// What the mouse points at is what is drawn there.
	for y := range height {
		for x := range width {
			at := h.CellAt(x, y, width, height)
			if !at.On {
				continue
			}
			moved := h
			moved.Cursor = at
			if moved.CellAt(x, y, width, height) != at {
				continue // moving there scrolled
			}
			lines := strings.Split(moved.Render(width, height, th), "\n")
			open, _, _ := strings.Cut(th.Cursor.Render("x"), "x")
			if !strings.Contains(lines[y], open) {
				t.Fatalf("cell %+v at %d,%d is drawn in another row", at, x, y)
			}
		}
	}
}

func TestCaption(t *testing.T) {
	h := goldenMatrix()
	h.Cursor = Cell{Truth: 1, Predicted: 1, On: true}
	if got, want := h.Caption(), "140 of 150 (93.3 %) · truth 1 걷거나 달리는 동작 → predicted 1 걷거나 달리는 동작"; got != want {
		t.Errorf("caption %q, want %q", got, want)
	}
	empty := HeatMap{Labels: []string{"sit"}, Counts: []int64{0}, Cursor: Cell{On: true}}
	if got, want := empty.Caption(), "0 of 0 (–) · truth 0 sit → predicted 0 sit"; got != want {
		t.Errorf("caption %q, want %q", got, want)
	}
}
