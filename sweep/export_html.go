package sweep

import (
	"embed"
	"fmt"
	"html/template"
	"io"

	"github.com/backbone-sweep/sweep/sweep/run"
)

//go:embed table.html
var htmlFiles embed.FS

// page is what the template of the report shows.
type page struct {
	Sweep     string
	Columns   []Column
	Lines     []pageLine
	Notes     []string
	Origins   []string // heads of the provenance table
	Runs      []pageRun
	Charts    []svgChart
	Legend    []legendItem
	Matrices  []svgMatrix
	LeftAside int // columns without matrices
}

type pageLine struct {
	Title string
	Cells []pageCell
}

type pageCell struct {
	Text string
	Best bool
}

type pageRun struct {
	ID, State, Best, Validation, Took string
	Seed                              uint64
	Origins                           []origin
}

// mostMatrices bounds the columns whose confusion matrices are drawn.
const mostMatrices = 24

// HTML writes a report as a page that needs no other file and runs no script:
// the table, what it cannot tell, curves, confusion matrices and provenance.
func (t *Table) HTML(w io.Writer, pairs []Pair) error {
	p := page{Sweep: t.Sweep, Columns: t.Columns, Notes: t.statements(pairs)}
	for _, row := range t.Rows {
		l := pageLine{Title: row.Title}
		for c, best := range t.Best(row.Key) {
			l.Cells = append(l.Cells, pageCell{t.Cell(c, row.Key).Text(), best})
		}
		p.Lines = append(p.Lines, l)
	}
	for _, o := range origins(run.Record{}) {
		p.Origins = append(p.Origins, o.name)
	}
	for _, r := range t.Results {
		p.Runs = append(p.Runs, newPageRun(r.Record))
	}
	p.Charts, p.Legend = t.charts()
	p.Matrices, p.LeftAside = t.matrices()
	tmpl, err := template.ParseFS(htmlFiles, "table.html")
	if err != nil {
		return fmt.Errorf("read the page's template: %w", err)
	}
	return tmpl.Execute(w, p)
}

func newPageRun(r run.Record) pageRun {
	p := pageRun{
		ID: r.Spec.ID, Seed: r.Spec.Seed, State: string(r.State), Best: missing, Validation: missing, Took: took(r),
		Origins: make([]origin, len(origins(r))),
	}
	if r.State != run.Done && r.Reason != "" {
		p.State += ": " + r.Reason
	}
	if r.Best != nil {
		p.Best = fmt.Sprintf("%d/%d", r.Best.Epoch, r.Spec.Epochs)
		p.Validation = MetricName(r.Best.Metric) + " " + decimals4(r.Best.Value)
	}
	if r.Provenance != (run.Provenance{}) {
		p.Origins = origins(r)
	}
	return p
}
