package chart

import (
	"math"
	"sort"
)

// Series is one curve: points with rising x, appended at the end. NaN in y is a
// gap; ±Inf is a gap that charts mark with ▴ or ▾. The zero Series is empty and
// ready. Values are kept as float32 (finite ones beyond its range as ±Inf), and
// evenly spaced x as a rule instead of numbers: about 5 bytes a point, 10 with
// smoothing. It is not for concurrent use.
type Series struct {
	x      axis
	raw    track
	smooth ema
}

// Append adds points; x and y have the same length (the longer one is cut).
// Points whose x is no number, or beyond ±2⁵³, are left out. When x goes back, as when
// a resumed run repeats steps, the points from there on are replaced.
func (s *Series) Append(x, y []float64) {
	for i := range min(len(x), len(y)) {
		s.Add(x[i], y[i])
	}
}

// AppendSteps is Append for whole steps.
func (s *Series) AppendSteps(step []int32, y []float64) {
	for i := range min(len(step), len(y)) {
		s.Add(float64(step[i]), y[i])
	}
}

// maxX is where float64 still tells whole numbers apart.
const maxX = 1 << 53

// Add appends one point.
func (s *Series) Add(x, y float64) {
	if !(math.Abs(x) <= maxX) {
		return
	}
	if n := s.Len(); n > 0 && x <= s.x.at(n-1) {
		s.truncate(s.x.search(x))
	}
	s.x.add(x)
	s.raw.add(float32(y))
	s.smooth.follow(&s.raw)
}

// truncate keeps the first n points.
func (s *Series) truncate(n int) {
	s.x.truncate(n)
	s.raw.truncate(n)
	s.smooth.restart(&s.raw)
}

// SetSmoothing keeps an exponential moving average beside the curve, whose
// weights halve every halfLife points; 0 drops it. It is debiased, so it starts
// at the first value, and passes over gaps. Changing it costs a pass over all
// points, appending after that only the new ones.
func (s *Series) SetSmoothing(halfLife float64) {
	if !(halfLife > 0) {
		halfLife = 0
	}
	if halfLife == s.smooth.halfLife {
		return
	}
	if halfLife == 0 {
		s.smooth = ema{}
		return
	}
	s.smooth.halfLife = halfLife
	s.smooth.restart(&s.raw)
}

// Smoothing returns the half-life in points; 0 without smoothing.
func (s *Series) Smoothing() float64 { return s.smooth.halfLife }

// Len returns the number of points, gaps included.
func (s *Series) Len() int { return len(s.raw.values) }

// At returns point i, counted from 0.
func (s *Series) At(i int) (x, y float64) { return s.x.at(i), float64(s.raw.values[i]) }

// Smoothed returns the smoothed value of point i: the raw one without smoothing.
func (s *Series) Smoothed(i int) float64 {
	if s.smooth.halfLife == 0 {
		return float64(s.raw.values[i])
	}
	return float64(s.smooth.track.values[i])
}

// Extent returns the x of the first and the last point.
func (s *Series) Extent() Extent {
	if s.Len() == 0 {
		return NoExtent()
	}
	return Extent{s.x.at(0), s.x.at(s.Len() - 1)}
}

// Last returns the last point that is no gap.
func (s *Series) Last() (x, y float64, ok bool) {
	for i := s.Len() - 1; i >= 0; i-- {
		if v := s.raw.values[i]; finite(v) {
			return s.x.at(i), float64(v), true
		}
	}
	return 0, 0, false
}

// Nearest returns the index of the point whose x is nearest; -1 when empty.
func (s *Series) Nearest(x float64) int {
	n := s.Len()
	i := s.x.search(x)
	switch {
	case n == 0:
		return -1
	case i == n:
		return n - 1
	case i > 0 && x-s.x.at(i-1) <= s.x.at(i)-x:
		return i - 1
	}
	return i
}

// Range returns the least and the largest finite y of the points whose x lies in
// the extent; ok is false when there are none.
func (s *Series) Range(e Extent) (lo, hi float64, ok bool) {
	b := s.raw.over(s.x.search(e.Lo), s.x.after(e.Hi))
	return float64(b.min), float64(b.max), b.min <= b.max
}

// axis holds rising x as stretches of equal steps: one for a whole run as a rule.
type axis struct {
	n         int
	stretches []stretch
}

// stretch is points from..., x0 + (i-from)·dx each, to the next stretch.
type stretch struct {
	from   int
	x0, dx float64 // dx 0: a single point so far
}

// add appends an x that is larger than the last.
func (a *axis) add(x float64) {
	if k := len(a.stretches) - 1; k >= 0 {
		s := &a.stretches[k]
		switch i := float64(a.n - s.from); {
		case s.dx == 0:
			s.dx = x - s.x0
			a.n++
			return
		// A stretch may stray by a millionth of a step: epochs as fractions
		// are not exact multiples.
		case math.Abs(s.x0+i*s.dx-x) <= 1e-6*s.dx:
			a.n++
			return
		}
	}
	a.stretches = append(a.stretches, stretch{from: a.n, x0: x})
	a.n++
}

func (a *axis) at(i int) float64 {
	s := a.stretches[a.stretchOf(i)]
	return s.x0 + float64(i-s.from)*s.dx
}

// stretchOf returns the stretch that holds point i.
func (a *axis) stretchOf(i int) int {
	if k := len(a.stretches) - 1; a.stretches[k].from <= i {
		return k
	}
	return sort.Search(len(a.stretches), func(k int) bool { return a.stretches[k].from > i }) - 1
}

// end returns the index after the last point of stretch k.
func (a *axis) end(k int) int {
	if k+1 < len(a.stretches) {
		return a.stretches[k+1].from
	}
	return a.n
}

// search returns the first point with an x of at least x; n when there is none.
func (a *axis) search(x float64) int {
	k := sort.Search(len(a.stretches), func(k int) bool { return a.stretches[k].x0 >= x }) - 1
	if k < 0 {
		return 0
	}
	s, end := a.stretches[k], a.end(k)
	if s.dx == 0 {
		return end
	}
	// Rounding may be off by one: step to the exact place.
	i := s.from + int(min(math.Ceil((x-s.x0)/s.dx), float64(end-s.from)))
	for i > s.from && s.x0+float64(i-1-s.from)*s.dx >= x {
		i--
	}
	for i < end && s.x0+float64(i-s.from)*s.dx < x {
		i++
	}
	return i
}

// after returns the first point with an x above x; n when there is none.
func (a *axis) after(x float64) int {
	return a.search(math.Nextafter(x, math.Inf(1)))
}

func (a *axis) truncate(n int) {
	for len(a.stretches) > 0 && a.stretches[len(a.stretches)-1].from >= n {
		a.stretches = a.stretches[:len(a.stretches)-1]
	}
	if k := len(a.stretches) - 1; k >= 0 && n-a.stretches[k].from == 1 {
		a.stretches[k].dx = 0
	}
	a.n = n
}
