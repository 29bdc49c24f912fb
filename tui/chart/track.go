package chart

import (
	"math"
	"slices"
)

// fan is how many points, or blocks of the level below, make a block. 16 keeps
// the blocks at a byte a point and a query at a few dozen comparisons.
const fan = 16

// track is a column of values with, above it, levels of blocks: level 0 sums up
// fan values each, level k fan blocks of level k-1. The last block of a level
// may be unfinished, but is always right.
type track struct {
	values []float32
	levels [][]block
}

// block sums up a stretch of values.
type block struct {
	min, max float32 // over finite values; +Inf, -Inf when there are none
	pos      float32 // the least finite value above 0, for logarithmic y; else +Inf
	odd      oddness
}

// oddness says what a stretch holds that has no place on the curve.
type oddness uint32

const (
	hasNaN oddness = 1 << iota
	hasPosInf
	hasNegInf
)

func emptyBlock() block {
	inf := float32(math.Inf(1))
	return block{min: inf, max: -inf, pos: inf}
}

func finite(v float32) bool { return v-v == 0 }

func (b *block) take(v float32) {
	if !finite(v) {
		switch {
		case v != v:
			b.odd |= hasNaN
		case v > 0:
			b.odd |= hasPosInf
		default:
			b.odd |= hasNegInf
		}
		return
	}
	if v < b.min {
		b.min = v
	}
	if v > b.max {
		b.max = v
	}
	if v > 0 && v < b.pos {
		b.pos = v
	}
}

func (b *block) merge(o *block) {
	b.min = min(b.min, o.min)
	b.max = max(b.max, o.max)
	b.pos = min(b.pos, o.pos)
	b.odd |= o.odd
}

// add appends a value and lets it into the last block of every level.
func (t *track) add(v float32) {
	i := len(t.values)
	t.values = append(t.values, v)
	for k, size := 0, fan; ; k, size = k+1, size*fan {
		if k == len(t.levels) {
			if i+1 < size {
				return // too few points for a block of this level
			}
			t.levels = append(t.levels, nil)
			t.fill(k)
			continue
		}
		if i/size == len(t.levels[k]) {
			t.levels[k] = append(t.levels[k], emptyBlock())
		}
		t.levels[k][i/size].take(v)
	}
}

// fill computes a new level from what is below it.
func (t *track) fill(k int) {
	size := fan
	for range k {
		size *= fan
	}
	for from := 0; from < len(t.values); from += size {
		b := emptyBlock()
		for _, v := range t.values[from:min(from+size, len(t.values))] {
			b.take(v)
		}
		t.levels[k] = append(t.levels[k], b)
	}
}

// truncate keeps the first n values.
func (t *track) truncate(n int) {
	t.values = t.values[:n]
	size := 1
	for k := range t.levels {
		size *= fan
		whole := n / size
		t.levels[k] = t.levels[k][:whole]
		if whole*size < n {
			t.levels[k] = append(t.levels[k], t.over(whole*size, n))
		}
	}
}

// over sums up the values from i to before j.
func (t *track) over(i, j int) block {
	b := emptyBlock()
	for i < j && (i%fan != 0 || j-i < fan || i/fan >= t.blocks(0)) {
		b.take(t.values[i])
		i++
	}
	for i < j && j%fan != 0 {
		j--
		b.take(t.values[j])
	}
	if i < j {
		t.climb(&b, i/fan, j/fan, 0)
	}
	return b
}

// climb adds up the blocks from i to before j of a level: the ragged ends here,
// the rest one level up.
func (t *track) climb(b *block, i, j, level int) {
	blocks := t.levels[level]
	for i < j && (i%fan != 0 || j-i < fan || i/fan >= t.blocks(level+1)) {
		b.merge(&blocks[i])
		i++
	}
	for i < j && j%fan != 0 {
		j--
		b.merge(&blocks[j])
	}
	if i < j {
		t.climb(b, i/fan, j/fan, level+1)
	}
}

func (t *track) blocks(level int) int {
	if level >= len(t.levels) {
		return 0
	}
	return len(t.levels[level])
}

// coarse rounds the end of the stretch i…j up to the border of a block that is
// small beside the stretch, at most to end: sums then need no single values.
func coarse(i, j, end int) int {
	for size := fan; j-i >= 4*size && j < end; size *= fan {
		j = min(end, (j+size-1)/size*size)
	}
	return j
}

// ema is the exponential moving average of a track.
type ema struct {
	halfLife    float64
	track       track
	sum, weight float64
}

// restart computes it anew.
func (e *ema) restart(raw *track) {
	e.sum, e.weight = 0, 0
	e.track.truncate(0) // and keep the memory
	e.track.values = slices.Grow(e.track.values, len(raw.values))
	e.follow(raw)
}

// follow takes in what raw has more. A gap stays one and leaves the mean alone.
func (e *ema) follow(raw *track) {
	if e.halfLife == 0 {
		return
	}
	keep := math.Exp2(-1 / e.halfLife)
	for _, v := range raw.values[len(e.track.values):] {
		if finite(v) {
			e.sum = keep*e.sum + (1-keep)*float64(v)
			e.weight = keep*e.weight + (1 - keep)
			v = float32(e.sum / e.weight)
		}
		e.track.add(v)
	}
}
