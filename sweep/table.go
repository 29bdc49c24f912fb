package sweep

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Result is a run as the comparison table sees it.
type Result struct {
	Record      run.Record
	Test        run.Values       // of the test split at the best epoch; nil when the run has none
	Counts      *run.Counts      // of the same pass; nil when the run has none
	Predictions *run.Predictions // of the same pass; nil when the run has none
	Curve       []CurvePoint     // an epoch each
}

// CurvePoint is what is drawn of an epoch. NaN where there is no value.
type CurvePoint struct {
	Epoch   int
	Train   float64 // mean loss of its steps; NaN before LoadTraining
	Loss    float64 // of the validation split
	MacroF1 float64 // of the validation split
}

// By says what a column of the comparison table is.
type By string

// The columns of a table.
const (
	ByModel By = "model" // a backbone: the mean over its runs
	ByRun   By = "run"   // one run
)

// ParseBy reads the value of a --by flag.
func ParseBy(s string) (By, error) {
	switch by := By(s); by {
	case ByModel, ByRun:
		return by, nil
	}
	return "", fmt.Errorf("--by %q: want model or run", s)
}

// Table is the comparison of finished runs: metrics down, backbones across, of
// the test split at each run's best epoch. A run without test values counts for
// nothing; a column of such runs stays empty. Runs of another config, or on other
// images or labels, are never in one column, and the latter not compared.
type Table struct {
	Sweep   string
	By      By
	Tasks   []run.Task
	Rows    []run.Row // the metrics that people read; a subset of Keys
	Keys    []string  // every metric
	Columns []Column
	Results []Result
	groups  int // how many data sets the runs were tested on
}

// Column is one column of a Table.
type Column struct {
	Key     string // model or run id
	Title   string
	N       int // runs with test values
	model   string
	config  string // digest
	group   int    // of its runs, see group
	results []int
	cells   map[string]Cell
}

// Cell summarises one metric over the runs of a column.
type Cell struct {
	N    int
	Mean float64 // NaN when N is 0
	Std  float64 // of the sample (over N-1); NaN when N is below 2
}

// NewTable lays out results, whose order decides the order of the columns.
func NewTable(results []Result, by By) *Table {
	t := &Table{By: by, Results: results}
	for _, r := range results {
		if t.Sweep == "" {
			t.Sweep = r.Record.Spec.Sweep
		}
		for _, task := range r.Record.Spec.Tasks {
			if !slices.ContainsFunc(t.Tasks, func(have run.Task) bool { return have.Name == task.Name }) {
				t.Tasks = append(t.Tasks, task)
			}
		}
	}
	t.Rows, t.Keys = run.TableRows(t.Tasks), run.MetricKeys(t.Tasks)
	group := t.group()
	for i, r := range results {
		t.column(r, group[i]).add(i, group[i])
	}
	for i := range t.Columns {
		t.fill(&t.Columns[i])
	}
	return t
}

// column is the column that a result belongs to; it is made where there is none.
func (t *Table) column(r Result, group int) *Column {
	spec := r.Record.Spec
	c := Column{Key: spec.Model, Title: DisplayName(spec.Model), model: spec.Model, config: spec.ConfigDigest, group: group}
	if t.By == ByRun {
		c.Key = r.Record.Spec.ID
	}
	for i := range t.Columns {
		have := &t.Columns[i]
		if have.model == c.model && have.config == c.config && (have.group == group || have.group == untested || group == untested) &&
			(t.By == ByModel || have.Key == c.Key) {
			return have
		}
	}
	c.Key = t.freeKey(c, r.Record.Provenance.DataDigest)
	t.Columns = append(t.Columns, c)
	return &t.Columns[len(t.Columns)-1]
}

// freeKey is the key of a new column: the plain one for the first column of a
// backbone, then with what sets it apart.
func (t *Table) freeKey(c Column, data string) string {
	taken := func(key string) bool {
		return slices.ContainsFunc(t.Columns, func(have Column) bool { return have.Key == key })
	}
	if !taken(c.Key) {
		return c.Key
	}
	apart := c.config
	if slices.ContainsFunc(t.Columns, func(have Column) bool { return have.model == c.model && have.config == c.config }) {
		apart = data
	}
	if key := c.Key + "@" + short(apart); !taken(key) {
		return key
	}
	return c.Key + "@" + short(c.config) + "@" + short(data)
}

func (c *Column) add(result, group int) {
	c.results = append(c.results, result)
	if c.group == untested {
		c.group = group
	}
}

func (t *Table) fill(c *Column) {
	c.cells = make(map[string]Cell, len(t.Keys))
	for _, i := range c.results {
		if t.Results[i].Test != nil {
			c.N++
		}
	}
	for _, key := range t.Keys {
		var values []float64
		for _, i := range c.results {
			if v, ok := t.Results[i].Test.Get(key); ok && !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		c.cells[key] = summarise(values)
	}
	switch {
	case t.By == ByRun:
		c.Title = t.runTitle(c.results[0])
	case c.N > 1:
		c.Title += fmt.Sprintf(" (n=%d)", c.N)
	}
	if t.groups > 1 && c.group != untested {
		tested := slices.IndexFunc(c.results, func(i int) bool { return t.Results[i].Test != nil })
		c.Title += " · data " + short(t.Results[c.results[tested]].Record.Provenance.DataDigest)
	}
	if t.By == ByModel && slices.ContainsFunc(t.Columns, func(x Column) bool { return x.model == c.model && x.config != c.config }) {
		c.Title += " · config " + short(c.config)
	}
}

// runTitle names result i by backbone and seed, and by its launch where another
// run has both.
func (t *Table) runTitle(i int) string {
	spec := t.Results[i].Record.Spec
	title := fmt.Sprintf("%s · %d", DisplayName(spec.Model), spec.Seed)
	if t.sameModelAndSeed(i) {
		title += " · " + spec.Launch
	}
	return title
}

// sameModelAndSeed reports whether another run looks like result i.
func (t *Table) sameModelAndSeed(i int) bool {
	s := t.Results[i].Record.Spec
	for j, r := range t.Results {
		if j != i && r.Record.Spec.Model == s.Model && r.Record.Spec.Seed == s.Seed {
			return true
		}
	}
	return false
}

func summarise(values []float64) Cell {
	c := Cell{N: len(values), Mean: math.NaN(), Std: math.NaN()}
	if c.N == 0 {
		return c
	}
	// Deviations from the first value keep the mean of equal values exact.
	sum := 0.0
	for _, v := range values {
		sum += v - values[0]
	}
	c.Mean = values[0] + sum/float64(c.N)
	if c.N > 1 {
		squares := 0.0
		for _, v := range values {
			squares += (v - c.Mean) * (v - c.Mean)
		}
		c.Std = math.Sqrt(squares / float64(c.N-1))
	}
	return c
}

// Cell returns the summary of a metric in column c.
func (t *Table) Cell(c int, key string) Cell {
	if cell, ok := t.Columns[c].cells[key]; ok {
		return cell
	}
	return Cell{Mean: math.NaN(), Std: math.NaN()}
}

// Text is the cell as the table shows it: 0.9650, 0.9650 ± 0.0012 or –.
func (c Cell) Text() string {
	if c.N > 1 {
		return decimals4(c.Mean) + " ± " + decimals4(c.Std)
	}
	return decimals4(c.Mean)
}

// Best reports for each column whether it has the best value of the row, among
// the columns on the same data. Values are compared as they are shown, with four
// decimals: what looks equal is equally good, and then every one of them is the
// best.
func (t *Table) Best(key string) []bool {
	best := make([]bool, len(t.Columns))
	shown := func(c int) float64 {
		v, err := strconv.ParseFloat(decimals4(t.Cell(c, key).Mean), 64)
		if err != nil {
			return math.NaN()
		}
		return v
	}
	top := map[int]float64{} // by group
	for c, column := range t.Columns {
		v := shown(c)
		have, ok := top[column.group]
		if !ok || math.IsNaN(have) || (run.LowerIsBetter(key) && v < have) || (!run.LowerIsBetter(key) && v > have) {
			top[column.group] = v
		}
	}
	for c, column := range t.Columns {
		best[c] = shown(c) == top[column.group]
	}
	return best
}
