package sweep

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Formats are the formats that Export knows.
func Formats() []string { return []string{"md", "csv", "json", "html"} }

// Export writes the table in one of Formats. pairs is what Indistinguishable
// found; csv has no place for it. A page needs LoadTraining for all its curves.
func (t *Table) Export(w io.Writer, format string, pairs []Pair) error {
	switch format {
	case "md":
		return t.markdownReport(w, pairs)
	case "csv":
		return t.CSV(w)
	case "json":
		return t.JSON(w, pairs)
	case "html":
		return t.HTML(w, pairs)
	}
	return fmt.Errorf("--format %q: want %s", format, strings.Join(Formats(), ", "))
}

// markdownReport writes the table and below it, as lists, how it is to be read
// and what the runs rest on.
func (t *Table) markdownReport(w io.Writer, pairs []Pair) error {
	var b strings.Builder
	if err := t.Markdown(&b); err != nil {
		return err
	}
	list(&b, t.statements(pairs))
	list(&b, t.provenanceNotes())
	_, err := io.WriteString(w, b.String())
	return err
}

// Markdown writes the table alone, as GitHub reads it, aligned for reading as text.
func (t *Table) Markdown(w io.Writer) error {
	grid := [][]string{{"Metric"}}
	for _, c := range t.Columns {
		grid[0] = append(grid[0], escapeMarkdown(c.Title))
	}
	for _, row := range t.Rows {
		line := []string{bold(escapeMarkdown(row.Title))}
		for c, best := range t.Best(row.Key) {
			text := t.Cell(c, row.Key).Text()
			if best {
				text = bold(text)
			}
			line = append(line, text)
		}
		grid = append(grid, line)
	}
	widths := make([]int, len(grid[0]))
	for _, line := range grid {
		for c, text := range line {
			widths[c] = max(widths[c], cells(text), 3)
		}
	}
	var b strings.Builder
	for i, line := range grid {
		for c, text := range line {
			b.WriteString("| " + padRight(text, widths[c]) + " ")
		}
		b.WriteString("|\n")
		if i == 0 {
			for _, n := range widths {
				b.WriteString("|" + strings.Repeat("-", n+2))
			}
			b.WriteString("|\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func bold(s string) string { return "**" + s + "**" }

// escapeMarkdown keeps a name from ending its cell or starting markup. Within a
// word, where names have it, an underscore is plain text.
func escapeMarkdown(s string) string {
	s = strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "`", "\\`", "<", "&lt;", "[", `\[`).Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// CSV writes one line a metric, every metric, and one column a column of the
// table, headed by model or run id, in full precision. Where a column is a mean
// of several runs, the columns <model>_std and <model>_n follow at the end.
// Missing values are empty.
func (t *Table) CSV(w io.Writer) error {
	header := []string{"metric"}
	spread := false
	for _, c := range t.Columns {
		header = append(header, c.Key)
		spread = spread || c.N > 1
	}
	if spread {
		for _, c := range t.Columns {
			header = append(header, c.Key+"_std")
		}
		for _, c := range t.Columns {
			header = append(header, c.Key+"_n")
		}
	}
	out := csv.NewWriter(w)
	_ = out.Write(header) // Error below reports it
	for _, key := range t.Keys {
		line := []string{key}
		for c := range t.Columns {
			line = append(line, fullPrecision(t.Cell(c, key).Mean))
		}
		if spread {
			for c := range t.Columns {
				line = append(line, fullPrecision(t.Cell(c, key).Std))
			}
			for c := range t.Columns {
				line = append(line, strconv.Itoa(t.Cell(c, key).N))
			}
		}
		_ = out.Write(line)
	}
	out.Flush()
	return out.Error()
}

// TidyCSV writes one line a run: what it is, its test values and what they rest
// on. Missing values are empty.
func (t *Table) TidyCSV(w io.Writer) error {
	header := []string{"run", "sweep", "model", "seed", "state", "best_epoch", "epochs"}
	header = append(header, t.Keys...)
	out := csv.NewWriter(w)
	_ = out.Write(append(header, "config", "data", "weights", "version", "engine", "device")) // Error below reports it
	for _, r := range t.Results {
		spec, p, epoch := r.Record.Spec, r.Record.Provenance, ""
		if r.Record.Best != nil {
			epoch = strconv.Itoa(r.Record.Best.Epoch)
		}
		line := []string{spec.ID, spec.Sweep, spec.Model, strconv.FormatUint(spec.Seed, 10), string(r.Record.State), epoch, strconv.Itoa(spec.Epochs)}
		for _, key := range t.Keys {
			value := math.NaN()
			if v, ok := r.Test.Get(key); ok {
				value = v
			}
			line = append(line, fullPrecision(value))
		}
		_ = out.Write(append(line, p.ConfigDigest, p.DataDigest, p.WeightsDigest, p.Version, p.Engine, p.Device))
	}
	out.Flush()
	return out.Error()
}

func fullPrecision(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// JSON writes everything that is known of the compared runs as one object.
func (t *Table) JSON(w io.Writer, pairs []Pair) error {
	doc := tableJSON{
		Sweep: t.Sweep, Metrics: t.Keys, Runs: []runJSON{}, Models: []modelJSON{},
		Indistinguishable: [][]any{}, Provenance: t.sharedProvenance(),
		Bootstrap: bootstrapJSON{Metric: "macro_f1", Resamples: resamples, Level: significance, Pairs: t.comparable()},
		Notes:     append([]string{}, t.statements(pairs)...),
	}
	for _, r := range t.Results {
		doc.Runs = append(doc.Runs, runJSON{
			Listing: NewListing(r.Record), Values: t.ordered(r.Test), Provenance: r.Record.Provenance,
		})
	}
	models := t
	if t.By != ByModel {
		models = NewTable(t.Results, ByModel)
	}
	for c, column := range models.Columns {
		m := modelJSON{Model: column.Key, N: column.N, Seeds: []uint64{}}
		for _, i := range column.results {
			if t.Results[i].Test != nil {
				m.Seeds = append(m.Seeds, t.Results[i].Record.Spec.Seed)
			}
		}
		for _, key := range t.Keys {
			cell := models.Cell(c, key)
			m.Mean = append(m.Mean, valueOf(key, cell.Mean))
			m.Std = append(m.Std, valueOf(key, cell.Std))
		}
		doc.Models = append(doc.Models, m)
	}
	for _, p := range pairs {
		doc.Indistinguishable = append(doc.Indistinguishable, []any{p.A, p.B, p.P})
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(doc)
}

// columnTitle is the title of the column with this key.
func (t *Table) columnTitle(key string) string {
	if i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key }); i >= 0 {
		return t.Columns[i].Title
	}
	return key
}
