package sweep

import (
	"embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed table.html
var htmlFiles embed.FS

// HTML writes the table as a page that needs no other file.
func (t *Table) HTML(w io.Writer, pairs []Pair) error {
	type cell struct {
		Text string
		Best bool
	}
	type line struct {
		Title string
		Cells []cell
	}
	type source struct{ ID, Data, Config, Version, Engine string }
	page := struct {
		Sweep   string
		Columns []Column
		Lines   []line
		Notes   []string
		Sources []source
	}{Sweep: t.Sweep, Columns: t.Columns, Notes: t.pairNotes(pairs)}
	for _, row := range t.Rows {
		l := line{Title: row.Title}
		for c, best := range t.Best(row.Key) {
			l.Cells = append(l.Cells, cell{t.Cell(c, row.Key).Text(), best})
		}
		page.Lines = append(page.Lines, l)
	}
	for _, r := range t.Results {
		p := r.Record.Provenance
		page.Sources = append(page.Sources, source{r.Record.Spec.ID, p.DataDigest, p.ConfigDigest, p.Version, p.Engine})
	}
	tmpl, err := template.ParseFS(htmlFiles, "table.html")
	if err != nil {
		return fmt.Errorf("read the page's template: %w", err)
	}
	return tmpl.Execute(w, page)
}

// pairNotes says in words which columns cannot be told apart.
func (t *Table) pairNotes(pairs []Pair) []string {
	var notes []string
	for _, p := range pairs {
		notes = append(notes, fmt.Sprintf("%s ≈ %s: the test images cannot tell their macro-F1 apart (paired bootstrap, p = %.2f)",
			t.columnTitle(p.A), t.columnTitle(p.B), p.P))
	}
	return notes
}
