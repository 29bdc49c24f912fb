package sweep

import (
	"fmt"
	"strconv"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Geometry of a confusion matrix in the report.
const (
	cellSize   = 26
	labelUnit  = 5.9 // width of a terminal cell of a label's text
	mostLabel  = 56  // cells of a label that are shown
	matrixHead = 22  // above the cells
)

// svgMatrix is a confusion matrix of a column and a task: rows are the truth.
type svgMatrix struct {
	Column, Task string
	Images       int64
	Width        int
	Height       int
	Left, Side   int // where the cells begin, and how far they reach
	Heads        []matrixHeading
	Rows         []matrixRow
}

type matrixHeading struct {
	X    int
	Text string
}

type matrixRow struct {
	Y      int // of the cells' upper edge
	TextY  int
	Label  string // shortened, with the class's index
	Full   string
	Recall string
	Cells  []matrixCell
}

// matrixCell is one that is not empty.
type matrixCell struct {
	X, TextX int
	Count    int64
	Share    string // of the row, 0 to 1
	Dark     bool   // the number on it must be light
	Right    bool   // on the diagonal
	Title    string
}

// matrices draws one matrix a task for every column with counts; of several
// seeds the counts are added.
func (t *Table) matrices() (out []svgMatrix, leftAside int) {
	for c, column := range t.Columns {
		if c >= mostMatrices {
			return out, len(t.Columns) - mostMatrices
		}
		sum, tasks := t.columnCounts(column)
		for k, task := range tasks {
			out = append(out, drawMatrix(column.Title, task, sum[k]))
		}
	}
	return out, 0
}

// columnCounts adds up the confusion counts of a column's runs, which are all on
// the same data.
func (t *Table) columnCounts(c Column) (sum [][]int64, tasks []run.Task) {
	for _, i := range c.results {
		r := t.Results[i]
		if r.Counts == nil || !fits(r.Counts, r.Record.Spec.Tasks) {
			continue
		}
		if sum == nil {
			tasks = r.Record.Spec.Tasks
			sum = make([][]int64, len(tasks))
			for k := range tasks {
				sum[k] = make([]int64, len(r.Counts.Tasks[k].Confusion))
			}
		}
		for k := range sum {
			for j, n := range r.Counts.Tasks[k].Confusion {
				sum[k][j] += n
			}
		}
	}
	return sum, tasks
}

func fits(c *run.Counts, tasks []run.Task) bool {
	if len(c.Tasks) != len(tasks) {
		return false
	}
	for k, t := range c.Tasks {
		if n := len(tasks[k].Classes); t.Classes != n || len(t.Confusion) != n*n {
			return false
		}
	}
	return true
}

func drawMatrix(column string, task run.Task, counts []int64) svgMatrix {
	n := len(task.Classes)
	wide := 0
	labels := make([]string, n)
	for i, class := range task.Classes {
		labels[i] = fmt.Sprintf("%s  %d", fit(class, mostLabel), i)
		wide = max(wide, cells(labels[i]))
	}
	m := svgMatrix{Column: column, Task: task.Name, Left: int(float64(wide)*labelUnit) + 10, Side: n * cellSize}
	m.Width, m.Height = m.Left+m.Side+54, matrixHead+m.Side+4
	for i := range n {
		m.Heads = append(m.Heads, matrixHeading{m.Left + i*cellSize + cellSize/2, strconv.Itoa(i)})
		m.Rows = append(m.Rows, drawRow(&m, task, labels[i], i, counts[i*n:(i+1)*n]))
	}
	return m
}

func drawRow(m *svgMatrix, task run.Task, label string, truth int, counts []int64) matrixRow {
	total := int64(0)
	for _, k := range counts {
		total += k
	}
	m.Images += total
	y := matrixHead + truth*cellSize
	row := matrixRow{Y: y, TextY: y + cellSize/2, Label: label, Full: task.Classes[truth], Recall: missing}
	if total > 0 {
		row.Recall = fmt.Sprintf("%.1f %%", 100*float64(counts[truth])/float64(total))
	}
	for j, k := range counts {
		if k == 0 {
			continue
		}
		share := float64(k) / float64(total)
		x := m.Left + j*cellSize
		row.Cells = append(row.Cells, matrixCell{
			X: x, TextX: x + cellSize/2, Count: k, Share: strconv.FormatFloat(0.08+0.92*share, 'f', 2, 64),
			Dark: share > 0.5, Right: j == truth,
			Title: fmt.Sprintf("%s → %s: %d of %d", task.Classes[truth], task.Classes[j], k, total),
		})
	}
	return row
}
