package chart

import "math"

// scale maps values to dot rows, 0 at the top.
type scale struct {
	log    bool
	lo, hi float64 // at the bottom and the top row; logarithms (base 10) when log
	rows   int
}

// newScale fits a scale to the values from lo to hi; ok says that there are any.
// A single value gets the middle.
func newScale(lo, hi float64, ok, log bool, rows int) scale {
	switch {
	case !ok && log:
		lo, hi = 0.1, 1
	case !ok:
		lo, hi = 0, 1
	}
	if log {
		lo, hi = math.Log10(lo), math.Log10(hi)
	}
	if pad := math.Abs(hi) * 1e-9; hi-lo <= pad {
		pad = 0.5
		if !log && hi != 0 {
			pad = math.Abs(hi) * 0.05
		}
		lo, hi = lo-pad, hi+pad
	}
	return scale{log: log, lo: lo, hi: hi, rows: rows}
}

// shows says whether a value has a place.
func (s *scale) shows(v float32) bool { return finite(v) && (!s.log || v > 0) }

// level returns where on the scale a shown value is, in the unit of lo and hi.
func (s *scale) level(v float64) float64 {
	if s.log {
		return math.Log10(v)
	}
	return v
}

// value is the inverse of level.
func (s *scale) value(level float64) float64 {
	if s.log {
		return math.Pow(10, level)
	}
	return level
}

// row returns the dot row of a level, which may be outside.
func (s *scale) row(level float64) int {
	y := (s.hi - level) / (s.hi - s.lo) * float64(s.rows-1)
	return nearest(y, 1e6)
}

// place maps x to dot columns.
type place struct {
	lo, hi  float64
	columns int
}

// newPlace fits a place to a window; a window of one x gets the middle.
func newPlace(w Extent, columns int) place {
	if !(w.Hi > w.Lo) {
		return place{w.Lo - 1, w.Lo + 1, columns}
	}
	return place{w.Lo, w.Hi, columns}
}

// column returns the dot column of x, which may be outside.
func (p *place) column(x float64) int {
	c := (x - p.lo) / (p.hi - p.lo) * float64(p.columns-1)
	return nearest(c, 1e9)
}

// nearest rounds to a whole number within ±limit.
func nearest(v, limit float64) int {
	switch {
	case v >= limit:
		return int(limit)
	case v <= -limit:
		return -int(limit)
	}
	return int(math.Floor(v + 0.5))
}

// x returns the x in the middle of a dot column; half a column more is the
// border to the next.
func (p *place) x(column float64) float64 {
	return p.lo + column*(p.hi-p.lo)/float64(max(p.columns-1, 1))
}
