package chart

// plot draws curves on a raster.
type plot struct {
	cells *cells
	place place
	scale scale
	trace []int // per cell column, the dot row of the curve drawn last, or -1
}

// spot is an end of a line in dots.
type spot struct {
	column int
	level  float64
}

// curve draws a track of a series: per dot column a stroke from the least to the
// largest value in it, and lines between the columns, broken at gaps.
func (p *plot) curve(s *Series, t *track, pen uint16, l layer) {
	for i := range p.trace {
		p.trace[i] = -1
	}
	i, end := s.x.search(p.place.lo), s.x.after(p.place.hi)
	var from spot
	joined := false // from holds the value just before point i
	if i > 0 && p.scale.shows(t.values[i-1]) {
		from, joined = p.spot(s, t, i-1), true
	}
	for i < end {
		column := p.place.column(s.x.at(i))
		next := max(i+1, min(end, s.x.search(p.place.x(float64(column)+0.5))))
		b := t.over(i, next)
		p.mark(column, &b, pen)
		lone := !joined && next == i+1 && !(next < s.Len() && p.scale.shows(t.values[next]))
		if joined && p.scale.shows(t.values[i]) {
			p.line(from, spot{column, p.scale.level(float64(t.values[i]))}, pen, l)
		}
		p.stroke(column, &b, lone, pen, l)
		if joined = p.scale.shows(t.values[next-1]); joined {
			from = spot{column, p.scale.level(float64(t.values[next-1]))}
			p.leave(column, p.scale.row(from.level))
		}
		i = next
	}
	if joined && end < s.Len() && p.scale.shows(t.values[end]) {
		p.line(from, p.spot(s, t, end), pen, l)
	}
}

func (p *plot) spot(s *Series, t *track, i int) spot {
	return spot{p.place.column(s.x.at(i)), p.scale.level(float64(t.values[i]))}
}

// stroke draws the range of the values of one column; a lone value, without
// neighbours, larger than a dot where there is room.
func (p *plot) stroke(column int, b *block, lone bool, pen uint16, l layer) {
	lo := b.min
	if p.scale.log {
		lo = b.pos
	}
	if !(lo <= b.max) {
		return
	}
	top, bottom := p.scale.row(p.scale.level(float64(b.max))), p.scale.row(p.scale.level(float64(lo)))
	free := p.cells.free(column/2, top/4, l)
	p.cells.column(column, top, bottom, pen, l)
	if lone && free {
		p.cells.set(column/2, top/4, '•', pen, l)
	}
}

// line draws from one spot to another, column by column; the part in either half
// of a step belongs to the column on its side.
func (p *plot) line(a, b spot, pen uint16, l layer) {
	if a.column >= b.column {
		p.cells.column(b.column, p.scale.row(a.level), p.scale.row(b.level), pen, l)
		return
	}
	slope := (b.level - a.level) / float64(b.column-a.column)
	row := func(column int) int { return p.scale.row(a.level + slope*float64(column-a.column)) }
	first, last := max(a.column, -1), min(b.column, 2*p.cells.w)
	y := row(first)
	for column := first; column < last; column++ {
		to := row(column + 1)
		middle := (y + to) / 2
		p.cells.column(column, y, middle, pen, l)
		p.cells.column(column+1, middle, to, pen, l)
		p.leave(column, y)
		y = to
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
