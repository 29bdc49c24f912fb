package sweep

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Geometry of a chart in the report, in the units of its viewBox.
const (
	chartW, chartH             = 560.0, 320.0
	plotL, plotR, plotT, plotB = 56.0, 548.0, 12.0, 284.0
)

// svgChart is one metric over the epochs, a line a run.
type svgChart struct {
	Title  string
	X, Y   []svgTick
	Lines  []svgLine
	Points []svgPoint
}

// svgTick is a mark on an axis at its place.
type svgTick struct{ At, Text string }

// svgLine is a path; Colour numbers the column of backbones, Dash the run in it.
type svgLine struct {
	Path         string
	Title        string
	Colour, Dash int
	Faint        bool
}

type svgPoint struct {
	X, Y, Title string
	Colour      int
}

type legendItem struct {
	Text         string
	Colour, Dash int
}

// The page's style has this many colours and dashes; more take turns.
const colours, dashes = 8, 4

// charts draws loss and validation macro-F1 of the runs that have epochs.
func (t *Table) charts() ([]svgChart, []legendItem) {
	var legend []legendItem
	loss := chartData{title: "Loss"}
	f1 := chartData{title: "Validation macro-F1", lo: math.NaN(), hi: math.NaN()}
	models := t
	if t.By != ByModel {
		models = NewTable(t.Results, ByModel)
	}
	for colour, column := range models.Columns {
		for dash, i := range column.results {
			r := t.Results[i]
			if len(r.Curve) == 0 {
				continue
			}
			item := legendItem{Text: t.runTitle(i), Colour: colour % colours, Dash: dash % dashes}
			legend = append(legend, item)
			loss.add(item, " validation", false, r.Curve, func(p CurvePoint) float64 { return p.Loss })
			loss.add(item, " training", true, r.Curve, func(p CurvePoint) float64 { return p.Train })
			f1.add(item, "", false, r.Curve, func(p CurvePoint) float64 { return p.MacroF1 })
			if r.Record.Best != nil {
				f1.best(item, r.Curve, r.Record.Best.Epoch)
			}
		}
	}
	if len(legend) == 0 {
		return nil, nil
	}
	return []svgChart{loss.draw(), f1.draw()}, legend
}

// chartData is a chart before its axes are known.
type chartData struct {
	title  string
	lo, hi float64 // of the values; loss begins at 0
	epochs int
	series []series
	marks  []mark
}

type series struct {
	item   legendItem
	title  string
	faint  bool
	epochs []int
	values []float64
}

type mark struct {
	item  legendItem
	epoch int
	value float64
}

func (c *chartData) add(item legendItem, kind string, faint bool, curve []CurvePoint, of func(CurvePoint) float64) {
	s := series{item: item, title: item.Text + kind, faint: faint}
	any := false
	for _, p := range curve {
		v := of(p)
		s.epochs, s.values = append(s.epochs, p.Epoch), append(s.values, v)
		c.epochs = max(c.epochs, p.Epoch)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		any = true
		if math.IsNaN(c.lo) || v < c.lo {
			c.lo = v
		}
		if math.IsNaN(c.hi) || v > c.hi {
			c.hi = v
		}
	}
	if any {
		c.series = append(c.series, s)
	}
}

func (c *chartData) best(item legendItem, curve []CurvePoint, epoch int) {
	for _, p := range curve {
		if p.Epoch == epoch && !math.IsNaN(p.MacroF1) {
			c.marks = append(c.marks, mark{item, epoch, p.MacroF1})
		}
	}
}

func (c *chartData) draw() svgChart {
	if math.IsNaN(c.lo) {
		c.lo, c.hi = 0, 1
	}
	ticks := niceTicks(c.lo, c.hi, 5)
	c.lo, c.hi = math.Min(c.lo, ticks[0]), math.Max(c.hi, ticks[len(ticks)-1])
	x := func(epoch int) string {
		return coordinate(plotL + (plotR-plotL)*(float64(epoch)-1)/math.Max(1, float64(c.epochs-1)))
	}
	y := func(v float64) string { return coordinate(plotB - (plotB-plotT)*(v-c.lo)/(c.hi-c.lo)) }
	chart := svgChart{Title: c.title}
	for _, v := range ticks {
		chart.Y = append(chart.Y, svgTick{y(v), strconv.FormatFloat(v, 'g', 4, 64)})
	}
	step := max(1, int(math.Ceil(float64(c.epochs)/12)))
	for e := 1; e <= c.epochs; e += step {
		chart.X = append(chart.X, svgTick{x(e), strconv.Itoa(e)})
	}
	for _, s := range c.series {
		var path strings.Builder
		pen := "M"
		for i, v := range s.values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				pen = "M" // a gap
				continue
			}
			fmt.Fprintf(&path, "%s%s %s", pen, x(s.epochs[i]), y(v))
			if pen == "M" {
				path.WriteString("h0") // a lone point is a dot: caps are round
			}
			pen = "L"
		}
		chart.Lines = append(chart.Lines, svgLine{path.String(), s.title, s.item.Colour, s.item.Dash, s.faint})
	}
	for _, m := range c.marks {
		title := fmt.Sprintf("%s: %s in epoch %d, the best", m.item.Text, decimals4(m.value), m.epoch)
		chart.Points = append(chart.Points, svgPoint{x(m.epoch), y(m.value), title, m.item.Colour})
	}
	return chart
}

func coordinate(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// niceTicks are about n round numbers from lo to hi or a little beyond, at least
// two.
func niceTicks(lo, hi float64, n int) []float64 {
	span := hi - lo
	if span <= 0 {
		span = math.Max(math.Abs(hi), 1e-3)
	}
	step := math.Pow(10, math.Floor(math.Log10(span/float64(n))))
	for _, f := range []float64{1, 2, 5, 10} {
		if span/(step*f) <= float64(n) {
			step *= f
			break
		}
	}
	var ticks []float64
	first := math.Floor(lo/step + 1e-9)
	for i := first; i <= math.Ceil(hi/step-1e-9) || len(ticks) < 2; i++ {
		ticks = append(ticks, i*step)
	}
	return ticks
}
