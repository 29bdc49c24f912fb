package chart

// plot draws curves on a raster.
type plot struct {
	cells *cells
	place place
	scale scale
	trace []int // per cell column, the dot row of the curve drawn last, or -1
}

// curve draws a track of a series: per dot column a stroke from the least to the
// largest value in it, and lines between the columns, broken at gaps.
func (p *plot) curve(s *Series, t *track, pen uint16, l layer) {
	for i := range p.trace {
		p.trace[i] = -1
	}
	i, end := s.x.search(p.place.lo), s.x.after(p.place.hi)
	var before stroke
	joined := i > 0 && p.scale.shows(t.values[i-1]) // to the point before i
	if joined {
		before = p.point(s, t, i-1)
	}
	for i < end {
		column := p.place.column(s.x.at(i))
		next := max(i+1, min(end, s.x.search(p.place.x(float64(column)+0.5))))
		next = coarse(i, next, end)
		b := t.over(i, next)
		p.mark(column, &b, pen)
		now, ok := p.stroke(column, &b)
		if !ok {
			i, joined = next, false
			continue
		}
		// Single values are looked at only where they matter: in long series each
		// is a miss of the cache.
		whole := b.odd == 0 && (!p.scale.log || b.min > 0)
		joined = joined && (whole || p.scale.shows(t.values[i]))
		if joined && !now.touches(before) {
			p.line(before.column, p.level(t, i-1), column, p.level(t, i), pen, l)
		}
		alone := !joined && next == i+1 && !(next < s.Len() && p.scale.shows(t.values[next]))
		p.draw(now, alone, pen, l)
		before, joined = now, whole || p.scale.shows(t.values[next-1])
		i = next
	}
	if joined && end < s.Len() && p.scale.shows(t.values[end]) {
		after := p.point(s, t, end)
		p.line(before.column, p.level(t, end-1), after.column, p.level(t, end), pen, l)
	}
}

// stroke is what a curve covers of a dot column: rows from top down to bottom.
type stroke struct{ column, top, bottom int }

// touches says whether two strokes look connected.
func (s stroke) touches(o stroke) bool {
	return s.column-o.column <= 1 && s.top <= o.bottom+1 && o.top <= s.bottom+1
}

// level returns where point i is on the scale.
func (p *plot) level(t *track, i int) float64 { return p.scale.level(float64(t.values[i])) }

// point returns the stroke of a single point.
func (p *plot) point(s *Series, t *track, i int) stroke {
	row := p.scale.row(p.level(t, i))
	return stroke{p.place.column(s.x.at(i)), row, row}
}

// stroke returns the stroke of the values of one column; ok is false when none
// of them has a place on the scale.
func (p *plot) stroke(column int, b *block) (s stroke, ok bool) {
	lo := b.min
	if p.scale.log {
		lo = b.pos
	}
	if !(lo <= b.max) {
		return stroke{}, false
	}
	s = stroke{column: column, top: p.scale.row(p.scale.level(float64(b.max)))}
	s.bottom = s.top
	if lo < b.max {
		s.bottom = p.scale.row(p.scale.level(float64(lo)))
	}
	return s, true
}

// draw draws a stroke; one that is alone, a point without neighbours, larger
// than a dot where there is room.
func (p *plot) draw(s stroke, alone bool, pen uint16, l layer) {
	free := p.cells.free(s.column/2, s.top/4, l)
	p.cells.column(s.column, s.top, s.bottom, pen, l)
	if alone && free {
		p.cells.set(s.column/2, s.top/4, '•', pen, l)
	}
	p.leave(s.column, (s.top+s.bottom)/2)
}

// line draws from a level in one column to a level in another, column by column;
// the part in either half of a step belongs to the column on its side.
func (p *plot) line(from int, fromLevel float64, to int, toLevel float64, pen uint16, l layer) {
	if from >= to {
		p.cells.column(to, p.scale.row(fromLevel), p.scale.row(toLevel), pen, l)
		return
	}
	slope := (toLevel - fromLevel) / float64(to-from)
	row := func(column int) int { return p.scale.row(fromLevel + slope*float64(column-from)) }
	first, last := max(from, -1), min(to, 2*p.cells.w)
	y := row(first)
	for column := first; column < last; column++ {
		next := row(column + 1)
		middle := (y + next) / 2
		p.cells.column(column, y, middle, pen, l)
		p.cells.column(column+1, middle, next, pen, l)
		p.leave(column, y)
		y = next
	}
}

// mark shows at the edges what has no place on the scale.
func (p *plot) mark(column int, b *block, pen uint16) {
	if b.odd&hasPosInf != 0 {
		p.cells.set(column/2, 0, '▴', pen, layerMark)
	}
	if b.odd&hasNegInf != 0 || p.scale.log && b.min <= 0 {
		p.cells.set(column/2, p.cells.h-1, '▾', pen, layerMark)
	}
}

// leave remembers where the curve passes, for its letters.
func (p *plot) leave(column, row int) {
	if column >= 0 && column/2 < len(p.trace) && row >= 0 && row < 4*p.cells.h {
		p.trace[column/2] = row
	}
}

// letters writes a curve's marker at its end and now and then before, with an
// own rhythm for each curve.
func (p *plot) letters(marker rune, order int, pen uint16) {
	const apart = 24
	since := apart
	for x := len(p.trace) - 1; x >= 0; x-- {
		if p.trace[x] < 0 {
			continue
		}
		at := p.cells.grid[p.trace[x]/4*p.cells.w+x]
		if since >= apart && at.layer < layerMark {
			p.cells.set(x, p.trace[x]/4, marker, pen, layerMark)
			since = 5 * (order + 1) % apart / 2
			continue
		}
		since++
	}
}
