package sweep

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// Comparison returns the table ready to be shown.
func (t *Table) Comparison(pairs []Pair) Comparison {
	c := Comparison{Sweep: t.Sweep, By: t.By, Pairs: pairs}
	for _, column := range t.Columns {
		c.Columns = append(c.Columns, ComparisonColumn{Key: column.Key, Title: column.Title, N: column.N})
	}
	for _, row := range t.Rows {
		r := ComparisonRow{Key: row.Key, Title: row.Title}
		for i, best := range t.Best(row.Key) {
			cell := t.Cell(i, row.Key)
			r.Cells = append(r.Cells, ComparisonCell{Text: cell.Text(), Value: cell.Mean, Best: best})
		}
		c.Rows = append(c.Rows, r)
	}
	return c
}

// pairCache keeps the outcome of the last bootstraps, which take long and are
// asked for again whenever a screen is drawn anew.
type pairCache struct {
	mu    sync.Mutex
	pairs map[string][]Pair
}

// keptPairs bounds the cache; it is emptied when it is full.
const keptPairs = 32

func (c *pairCache) of(ctx context.Context, t *Table, score Score) ([]Pair, error) {
	if score == nil {
		return nil, nil
	}
	// Predictions change only together with the run's last event.
	var key strings.Builder
	fmt.Fprintf(&key, "%s", t.By)
	for _, r := range t.Results {
		if r.Test != nil {
			fmt.Fprintf(&key, " %s@%d", r.Record.Spec.ID, r.Record.Seq)
		}
	}
	c.mu.Lock()
	pairs, ok := c.pairs[key.String()]
	c.mu.Unlock()
	if ok {
		return pairs, nil
	}
	pairs, err := t.Indistinguishable(ctx, score)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pairs == nil || len(c.pairs) >= keptPairs {
		c.pairs = map[string][]Pair{}
	}
	c.pairs[key.String()] = pairs
	return pairs, nil
}
