package store

import (
	"math"
	"slices"
)

// Columns are the step events of a run, column by column; all have the same
// length. Values[k][i] is the value under Keys[k] at point i, NaN where there is none.
type Columns struct {
	Keys       []string
	Seq        []int64
	Time       []int64 // nanoseconds since 1970, UTC
	Step       []int64
	Epoch      []int64
	LR         []float64
	ImagesPerS []float64
	DataWait   []float64 // share, 0…1
	Values     [][]float64
}

// Len returns the number of points.
func (c *Columns) Len() int { return len(c.Seq) }

// Columns returns all step events that count, column by column; the fast way to
// a chart. from skips the events before that sequence number, for catching up.
func (s *Store) Columns(id string, from int64) (*Columns, error) {
	var c *Columns
	err := s.viewRun(id, func(b runBucket, r *record) error {
		blocks, err := b.countBlocks(keySteps, from)
		if err != nil {
			return err
		}
		c = newColumns(blocks * stepsPerBlock)
		return b.stepBlocks(max(from, 1), func(block *stepBlock) bool {
			c.addKeys(block.Keys)
			block.eachKept(from, r, func(i, end int) { c.join(&block.Columns, i, end) })
			return true
		})
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// newColumns makes empty columns with room for n points.
func newColumns(n int) *Columns {
	ints, floats := make([]int64, 4*n), make([]float64, 3*n)
	c := new(Columns)
	for i, col := range []*[]int64{&c.Seq, &c.Time, &c.Step, &c.Epoch} {
		*col = ints[i*n : i*n : (i+1)*n]
	}
	for i, col := range []*[]float64{&c.LR, &c.ImagesPerS, &c.DataWait} {
		*col = floats[i*n : i*n : (i+1)*n]
	}
	return c
}

// addKeys adds a column for each key that has none, without a value so far.
func (c *Columns) addKeys(keys []string) {
	for _, key := range keys {
		if slices.Contains(c.Keys, key) {
			continue
		}
		c.Keys = append(c.Keys, key)
		c.Values = append(c.Values, appendNaN(make([]float64, 0, cap(c.Seq)), c.Len()))
	}
}

func appendNaN(vs []float64, n int) []float64 {
	for range n {
		vs = append(vs, math.NaN())
	}
	return vs
}

// eachKept calls fn with every range of points, end excluded, that lie at or
// after from and still count.
func (b *stepBlock) eachKept(from int64, r *record, fn func(i, end int)) {
	keep := func(i int) bool { return b.Seq[i] >= from && r.keepsStep(b.Seq[i], int(b.Step[i])) }
	for i := 0; i < b.Len(); {
		end := i
		for end < b.Len() && keep(end) {
			end++
		}
		if end > i {
			fn(i, end)
		}
		i = end + 1
	}
}

// join appends points i to end, excluded, of o, whose keys c has.
func (c *Columns) join(o *Columns, i, end int) {
	c.Seq = append(c.Seq, o.Seq[i:end]...)
	c.Time = append(c.Time, o.Time[i:end]...)
	c.Step = append(c.Step, o.Step[i:end]...)
	c.Epoch = append(c.Epoch, o.Epoch[i:end]...)
	c.LR = append(c.LR, o.LR[i:end]...)
	c.ImagesPerS = append(c.ImagesPerS, o.ImagesPerS[i:end]...)
	c.DataWait = append(c.DataWait, o.DataWait[i:end]...)
	for k, key := range c.Keys {
		if from := slices.Index(o.Keys, key); from >= 0 {
			c.Values[k] = append(c.Values[k], o.Values[from][i:end]...)
		} else {
			c.Values[k] = appendNaN(c.Values[k], end-i)
		}
	}
}
