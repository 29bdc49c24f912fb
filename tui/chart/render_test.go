package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/backbone-sweep/sweep/tui/theme"
)

func themes() map[string]*theme.Theme {
	return map[string]*theme.Theme{
		"dark":  theme.New(true, colorprofile.ANSI256),
		"light": theme.New(false, colorprofile.TrueColor),
		"basic": theme.New(true, colorprofile.ANSI),
		"plain": theme.New(true, colorprofile.Ascii),
	}
}

// style matches what may stand between the letters: colours and attributes.
var style = regexp.MustCompile("\x1b\\[[0-9;]*m")

// checkSize fails unless text is height lines of width cells without anything
// but letters and styles.
func checkSize(t *testing.T, text string, width, height int) {
	t.Helper()
	lines := strings.Split(text, "\n")
	if len(lines) != height {
		t.Fatalf("%d×%d: %d lines", width, height, len(lines))
	}
	for y, line := range lines {
		if w := lipgloss.Width(line); w != width {
			t.Fatalf("%d×%d: line %d has %d cells: %q", width, height, y, w, line)
		}
		for _, r := range style.ReplaceAllString(line, "") {
			if r < ' ' {
				t.Fatalf("%d×%d: line %d holds the control character %q", width, height, y, r)
			}
		}
	}
}

func TestEveryFrameHasItsSize(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	all := themes()
	labels := []string{"resnet50", "고양이 행동", "허리를 아치로 세우는 동작", "", "two\nlines\tand tabs", strings.Repeat("long", 30)}
	for round := range 600 {
		c := Chart{
			Log: r.IntN(2) == 0, Smooth: r.IntN(2) == 0,
			Unit: Unit(r.IntN(2)), Legend: Legend(r.IntN(3)), Empty: "no step yet",
		}
		if r.IntN(2) == 0 {
			c.Title = labels[r.IntN(len(labels))]
		}
		for range r.IntN(14) {
			s := &Series{}
			s.SetSmoothing(float64(r.IntN(3)))
			scale := math.Pow(10, float64(r.IntN(90)-45))
			x := r.NormFloat64() * 100
			for range r.IntN(400) {
				x += r.ExpFloat64()
				s.Add(x, float64(wild(r))*scale)
			}
			c.Lines = append(c.Lines, Line{
				Label: labels[r.IntN(len(labels))], Series: s,
				Hidden: r.IntN(6) == 0, Pinned: r.IntN(6) == 0,
			})
		}
		full := c.Extent()
		if r.IntN(2) == 0 && !full.Empty() {
			c.View = c.View.ZoomAt(full, 1+r.ExpFloat64()*20, full.Lo+r.Float64()*full.span())
		}
		if r.IntN(2) == 0 {
			c.View = c.View.SetCross(r.NormFloat64() * 200)
		}
		width, height := 1+r.IntN(300), 1+r.IntN(80)
		if round%2 == 0 {
			width, height = 1+r.IntN(40), 1+r.IntN(15)
		}
		for _, th := range all {
			checkSize(t, c.Render(width, height, th), width, height)
		}
	}
}

// lit says whether a frame's plot has a dot, and where the plot starts.
type picture struct {
	rows []string
	l    layout
	p    place
	s    scale
}

// pictureOf renders and gives access to single dots.
func pictureOf(c *Chart, width, height int) picture {
	text := ansi.Strip(c.Render(width, height, theme.New(true, colorprofile.ANSI256)))
	l := c.layout(width, height)
	window := c.View.Window(c.full())
	lo, hi, ok := c.rangeOf(&l, window)
	return picture{
		rows: strings.Split(text, "\n"), l: l,
		p: newPlace(window, 2*l.w), s: newScale(lo, hi, ok, c.Log, 4*l.h),
	}
}

func (p *picture) lit(column, row int) bool {
	if column < 0 || column >= 2*p.l.w {
		return false
	}
	letter := []rune(p.rows[p.l.title+p.l.legend+row/4])[p.l.left+column/2]
	if letter == '•' {
		return true
	}
	return letter >= 0x2800 && letter <= 0x28ff && letter&dots[column&1][row&3] != 0
}

// TestEveryPointIsOnScreen is the promise behind "a spike never vanishes": each
// point in the window lights its dot. A column of many points may end up to a
// quarter of a dot late, so the dot may be the one before.
func TestEveryPointIsOnScreen(t *testing.T) {
	for _, n := range []int{1, 2, 30, 400, 5_000, 100_000} {
		for _, log := range []bool{false, true} {
			c := Chart{Log: log, Lines: []Line{{Series: noisy(n, uint64(n), 0)}}}
			for _, zoom := range []float64{1, 3.7, 50} {
				c.View = View{}.ZoomAt(c.Extent(), zoom, float64(n)*0.6)
				pic := pictureOf(&c, 90, 20)
				w := c.View.Window(c.Extent())
				for i := range n {
					x, y := c.Lines[0].Series.At(i)
					if x < w.Lo || x > w.Hi {
						continue
					}
					column, row := pic.p.column(x), pic.s.row(pic.s.level(y))
					if !pic.lit(column, row) && !pic.lit(column-1, row) {
						t.Fatalf("n=%d log=%v zoom=%v: point %d (%v, %v) is not on screen", n, log, zoom, i, x, y)
					}
				}
			}
		}
	}
}

func TestASpikeAmongAMillionPoints(t *testing.T) {
	const n = 1_000_000
	s := &Series{}
	r := rand.New(rand.NewPCG(9, 1))
	for i := range n {
		s.Add(float64(i), 1+r.Float64())
	}
	c := Chart{Lines: []Line{{Series: s}}}
	calm := c.Render(120, 30, theme.New(true, colorprofile.ANSI256))
	for range 20 {
		i := r.IntN(n)
		was := s.raw.values[i]
		poke(&s.raw, i, 50)
		if c.Render(120, 30, theme.New(true, colorprofile.ANSI256)) == calm {
			t.Errorf("a spike at %d changes nothing", i)
		}
		pic := pictureOf(&c, 120, 30)
		if column := pic.p.column(float64(i)); !pic.lit(column, 0) && !pic.lit(column-1, 0) {
			t.Errorf("the spike at %d does not reach the top of column %d", i, column)
		}
		poke(&s.raw, i, was)
	}
	if c.Render(120, 30, theme.New(true, colorprofile.ANSI256)) != calm {
		t.Error("the picture did not come back")
	}
}

// poke changes a value and the blocks above it.
func poke(t *track, i int, v float32) {
	t.values[i] = v
	size := fan
	for k := range t.levels {
		from := i / size * size
		t.levels[k][i/size] = naive(t.values[from:min(from+size, len(t.values))])
		size *= fan
	}
}

func TestGapsStayOpen(t *testing.T) {
	s := &Series{}
	for i := range 101 {
		y := 1.0
		if i > 40 && i < 60 {
			y = math.NaN()
		}
		s.Add(float64(i), y)
	}
	c := Chart{Lines: []Line{{Series: s}}}
	pic := pictureOf(&c, 109, 12)
	row := pic.s.row(1)
	for _, c := range []struct {
		x    float64
		want bool
	}{{20, true}, {40, true}, {42, false}, {50, false}, {58, false}, {60, true}, {80, true}} {
		if got := pic.lit(pic.p.column(c.x), row); got != c.want {
			t.Errorf("at x=%v: lit %v, want %v", c.x, got, c.want)
		}
	}
}

func TestWhatHasNoPlaceIsMarked(t *testing.T) {
	for _, c := range []struct {
		y    float64
		log  bool
		want rune
	}{
		{math.Inf(1), false, '▴'},
		{math.Inf(-1), false, '▾'},
		{math.Inf(1), true, '▴'},
		{0, true, '▾'},
		{-3, true, '▾'},
		{-3, false, 0},
		{math.NaN(), false, 0},
	} {
		s := &Series{}
		s.Append([]float64{1, 2, 3, 4, 5}, []float64{1, 2, c.y, 2, 1})
		chart := Chart{Log: c.log, Lines: []Line{{Series: s}}}
		text := chart.Render(40, 10, theme.New(true, colorprofile.Ascii))
		for _, mark := range "▴▾" {
			if got, want := strings.ContainsRune(text, mark), mark == c.want; got != want {
				t.Errorf("y=%v log=%v: %c shown %v, want %v", c.y, c.log, mark, got, want)
			}
		}
	}
}

func TestALinePassesAWindowBetweenItsPoints(t *testing.T) {
	s := &Series{}
	s.Append([]float64{0, 1000}, []float64{1, 2})
	c := Chart{Lines: []Line{{Series: s}}, Full: Extent{0, 1000}}
	c.View = View{}.ZoomAt(c.Full, 100, 500)
	pic := pictureOf(&c, 60, 12)
	found := false
	for row := range 4 * pic.l.h {
		found = found || pic.lit(pic.l.w, row)
	}
	if !found {
		t.Error("no line between two points that are both out of sight")
	}
}

func TestOnePointIsADot(t *testing.T) {
	s := &Series{}
	s.Add(7, 0.5)
	c := Chart{Lines: []Line{{Label: "a", Series: s}}}
	if text := ansi.Strip(c.Render(40, 10, theme.New(true, colorprofile.ANSI256))); strings.Count(text, "•") != 1 {
		t.Errorf("a single point is drawn as\n%s", text)
	}
}

func TestHiddenLinesHaveNoSay(t *testing.T) {
	calm, wildOne := noisy(100, 1, 0), &Series{}
	wildOne.Append([]float64{1, 5000}, []float64{1e6, 1e9})
	th := theme.New(true, colorprofile.ANSI256)
	both := Chart{Lines: []Line{{Label: "a", Series: calm}, {Label: "b", Series: wildOne, Hidden: true}}}
	alone := Chart{Lines: []Line{{Label: "a", Series: calm}}}
	if both.Render(80, 20, th) != alone.Render(80, 20, th) {
		t.Error("a hidden line changes the picture")
	}
}

func TestPinnedLinesComeFirstAndOnTop(t *testing.T) {
	th := theme.New(true, colorprofile.ANSI256)
	styles := th.Runs([]string{"alpha", "beta"})
	s := noisy(50, 1, 0)
	c := Chart{Legend: LegendOn, Lines: []Line{
		{Label: "alpha", Series: s, Style: styles[0], Pinned: true},
		{Label: "beta", Series: s, Style: styles[1]},
	}}
	text := c.Render(80, 20, th)
	if plain := ansi.Strip(text); strings.Index(plain, "alpha") > strings.Index(plain, "beta") {
		t.Error("the pinned line is not first in the legend")
	}
	// The curves are the same, so the upper one hides the other: only the dash
	// in the legend is left of beta's colour.
	open, _, _ := strings.Cut(styles[1].Line.Render("x"), "x")
	if n := strings.Count(text, open); n != 1 {
		t.Errorf("the colour of the line below is used %d times, want once", n)
	}
}

func TestCrosshairIsAtTheSameXInEveryChart(t *testing.T) {
	th := theme.New(true, colorprofile.Ascii)
	full := Extent{0, 400}
	view := View{}.SetCross(100)
	short := &Series{}
	for i := range 11 {
		short.Add(float64(20*i), float64(i))
	}
	a := Chart{Title: "loss", Lines: []Line{{Label: "a", Series: noisy(400, 1, 0)}}, View: view, Full: full}
	b := Chart{Title: "macro-F1", Lines: []Line{{Label: "a", Series: short}}, View: view, Full: full}
	column := func(c *Chart) int {
		rows := strings.Split(ansi.Strip(c.Render(80, 14, th)), "\n")
		for x, r := range []rune(rows[len(rows)-2]) {
			if r == '┴' {
				return x
			}
		}
		return -1
	}
	if ca, cb := column(&a), column(&b); ca != cb || ca < 0 {
		t.Errorf("crosshair in columns %d and %d", ca, cb)
	}
	text := ansi.Strip(b.Render(80, 14, th))
	if !strings.Contains(text, "step 100") || !strings.Contains(text, " 5.000") {
		t.Errorf("want the step and the value 5 at the crosshair:\n%s", text)
	}
	b.View = b.View.SetCross(390)
	if text := ansi.Strip(b.Render(80, 14, th)); !strings.Contains(text, " –") {
		t.Errorf("want no value where the curve has ended:\n%s", text)
	}
}

func TestXAtInvertsTheCrosshair(t *testing.T) {
	c := Chart{Title: "loss", Log: true, Lines: []Line{{Label: "a", Series: noisy(1000, 1, 0)}}}
	c.View = View{}.Zoom(c.Extent(), 3)
	const width, height = 70, 16
	th := theme.New(true, colorprofile.Ascii)
	seen := 0
	for column := range width {
		x, ok := c.XAt(column, width, height)
		if !ok {
			continue
		}
		seen++
		d := c
		d.View = c.View.SetCross(x)
		rows := strings.Split(ansi.Strip(d.Render(width, height, th)), "\n")
		if got := strings.IndexRune(rows[height-2], '┴'); len([]rune(rows[height-2][:got])) != column {
			t.Fatalf("x=%v of column %d puts the crosshair elsewhere:\n%s", x, column, strings.Join(rows, "\n"))
		}
	}
	if seen != width-labelWidth-1 {
		t.Errorf("%d columns have an x, want the plot's %d", seen, width-labelWidth-1)
	}
}

func TestCurvesCanBeToldApartWithoutColours(t *testing.T) {
	th := theme.New(true, colorprofile.Ascii)
	var names []string
	for i := range 20 {
		names = append(names, fmt.Sprint("run", i))
	}
	c := Chart{Legend: LegendOn}
	for i, st := range th.Runs(names) {
		s := &Series{}
		for x := range 50 {
			s.Add(float64(x), float64(i)+float64(x)/100)
		}
		c.Lines = append(c.Lines, Line{Label: names[i], Series: s, Style: st})
	}
	text := ansi.Strip(c.Render(150, 60, th))
	l := c.layout(150, 60)
	plot := strings.Join(strings.Split(text, "\n")[l.legend:], "\n")
	for _, line := range c.Lines {
		if !strings.Contains(text, string(line.Style.Marker)+" "+line.Label) {
			t.Errorf("the legend does not explain %c", line.Style.Marker)
		}
		if !strings.ContainsRune(plot, line.Style.Marker) {
			t.Errorf("no %c at the curve of %s", line.Style.Marker, line.Label)
		}
	}
}

func TestRenderLeavesNoTrace(t *testing.T) {
	th := theme.New(true, colorprofile.ANSI256)
	c := noisyChart(3, 500, true)
	first := c.Render(100, 30, th)
	c.Render(20, 6, th)
	c.Render(300, 80, th)
	if c.Render(100, 30, th) != first {
		t.Error("a frame depends on the ones before")
	}
}
