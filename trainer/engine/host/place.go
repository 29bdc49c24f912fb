package host

import (
	"cmp"
	"slices"
)

// align is the granularity of places in float32s: a cache line.
const align = 16

// placement says where in the slab each value lies.
type placement struct {
	offset []int // per value; -1 when it is not in the slab
	size   int   // float32s of the slab
}

// span is a stretch of the slab and the calls during which it is taken: one
// value, or several that overwrite each other.
type span struct {
	first, last int // calls
	size        int
	offset      int
	values      []int
}

// place gives every computed value a place, so that no two values that are
// needed at the same time overlap. Large ones are placed first, each at the
// lowest offset that is free all through its life (as in Pisarchyk and Lee 2020,
// greedy by size).
func place(s *schedule) placement {
	spans := s.spans()
	slices.SortStableFunc(spans, func(a, b *span) int {
		return cmp.Or(-cmp.Compare(a.size, b.size), cmp.Compare(a.first, b.first))
	})
	p := placement{offset: make([]int, len(s.values))}
	for i := range p.offset {
		p.offset[i] = -1
	}
	var placed []*span // by offset
	for _, sp := range spans {
		for _, q := range placed {
			if q.last < sp.first || sp.last < q.first {
				continue
			}
			if sp.offset+sp.size <= q.offset {
				break
			}
			sp.offset = max(sp.offset, q.offset+q.size)
		}
		at, _ := slices.BinarySearchFunc(placed, sp.offset, func(q *span, o int) int { return cmp.Compare(q.offset, o) })
		placed = slices.Insert(placed, at, sp)
		p.size = max(p.size, sp.offset+sp.size)
		for _, v := range sp.values {
			p.offset[v] = sp.offset
		}
	}
	return p
}

// spans finds the life of every computed value and joins an output with the
// input that it may overwrite, when nobody reads that input afterwards.
func (s *schedule) spans() []*span {
	last := make([]int, len(s.values)) // the last call that reads the value
	for i, c := range s.calls {
		last[c.out] = i
		for _, v := range c.in {
			last[v] = i
		}
	}
	for v := range s.values {
		if s.values[v].output {
			last[v] = len(s.calls)
		}
	}
	of := make([]*span, len(s.values))
	var spans []*span
	for i, c := range s.calls {
		if sp := s.overwritten(c, i, last, of); sp != nil {
			sp.last = last[c.out]
			sp.values = append(sp.values, c.out)
			of[c.out] = sp
			continue
		}
		size := (s.values[c.out].size + align - 1) / align * align
		of[c.out] = &span{first: i, last: last[c.out], size: size, values: []int{c.out}}
		spans = append(spans, of[c.out])
	}
	return spans
}

// overwritten returns the span of the input that call i may write its output
// over, nil when there is none.
func (s *schedule) overwritten(c call, i int, last []int, of []*span) *span {
	for _, k := range c.Overwrites {
		v := c.in[k]
		uses := 0
		for _, w := range c.in {
			if w == v {
				uses++
			}
		}
		if of[v] != nil && last[v] == i && uses == 1 && s.values[v].size == s.values[c.out].size {
			return of[v]
		}
	}
	return nil
}
