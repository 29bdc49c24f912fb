package sweep

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Summary writes the Markdown report of a sweep for a CI job: the table, how
// each run ended, what the numbers cannot tell apart, and the bounds missed.
func (t *Table) Summary(w io.Writer, pairs []Pair, missed []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", escapeMarkdown(t.Sweep))
	if err := t.Markdown(&b); err != nil {
		return err
	}
	list(&b, t.statements(pairs))
	b.WriteString("\n")
	b.WriteString("| Run | State | Best epoch | Validation | Time |\n|---|---|---:|---|---:|\n")
	for _, r := range t.Results {
		epoch, best := missing, missing
		if r.Record.Best != nil {
			epoch = fmt.Sprintf("%d/%d", r.Record.Best.Epoch, r.Record.Spec.Epochs)
			best = escapeMarkdown(MetricName(r.Record.Best.Metric)) + " " + decimals4(r.Record.Best.Value)
		}
		state := string(r.Record.State)
		if r.Record.State != run.Done && r.Record.Reason != "" {
			state += ": " + r.Record.Reason
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.Record.Spec.ID, escapeMarkdown(state), epoch, best, took(r.Record))
	}
	list(&b, t.provenanceNotes())
	if len(missed) > 0 {
		b.WriteString("\n**Bounds missed**\n")
		list(&b, missed)
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func list(b *strings.Builder, items []string) {
	if len(items) == 0 {
		return
	}
	b.WriteString("\n")
	for _, item := range items {
		b.WriteString("- " + escapeMarkdown(item) + "\n")
	}
}

// took is how long a run worked, – when it has not both begun and ended.
func took(r run.Record) string {
	if r.Started.IsZero() || r.Ended.Before(r.Started) {
		return missing
	}
	return duration(r.Ended.Sub(r.Started).Round(time.Second))
}

// AppendSummary appends the report to a file, which is made when it is missing.
func (t *Table) AppendSummary(path string, pairs []Pair, missed []string) (err error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("summary %s: %w", path, err)
	}
	defer func() {
		if e := f.Close(); e != nil {
			err = errors.Join(err, fmt.Errorf("summary %s: %w", path, e))
		}
	}()
	if err := t.Summary(f, pairs, missed); err != nil {
		return fmt.Errorf("summary %s: %w", path, err)
	}
	return nil
}
