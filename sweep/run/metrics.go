package run

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// Value is one named number. NaN stands for a value that does not exist.
type Value struct {
	Key string
	V   float64
}

// Values is an ordered list of named numbers; in JSON an object in that order
// whose NaN and infinite values are null.
type Values []Value

// Get returns the value under key; ok is false when there is none.
func (vs Values) Get(key string) (v float64, ok bool) {
	for _, kv := range vs {
		if kv.Key == key {
			return kv.V, true
		}
	}
	return math.NaN(), false
}

// MarshalJSON writes the values as an object in their order.
func (vs Values) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, kv := range vs {
		if i > 0 {
			b.WriteByte(',')
		}
		writeMember(&b, kv.Key, kv.V)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads an object of numbers and nulls, keeping its order.
func (vs *Values) UnmarshalJSON(data []byte) error {
	*vs = nil
	d := json.NewDecoder(bytes.NewReader(data))
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return fmt.Errorf("values: want an object, got %v", t)
	}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return err
		}
		v, err := d.Token()
		if err != nil {
			return err
		}
		switch v := v.(type) {
		case float64:
			*vs = append(*vs, Value{k.(string), v})
		case nil:
			*vs = append(*vs, Value{k.(string), math.NaN()})
		default:
			return fmt.Errorf("values: %q is no number", k)
		}
	}
	_, err = d.Token()
	return err
}

func writeMember(b *bytes.Buffer, key string, v float64) {
	k, _ := json.Marshal(key)
	b.Write(k)
	b.WriteByte(':')
	writeNumber(b, v)
}

func writeNumber(b *bytes.Buffer, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		b.WriteString("null")
		return
	}
	n, _ := json.Marshal(v)
	b.Write(n)
}

// MetricKeys lists the metric keys in the order of tables and files:
// loss, macro_f1 … exact_match, then acc_<task> and f1_<task> for each task.
func MetricKeys(tasks []Task) []string {
	keys := []string{
		"loss", "macro_f1", "macro_f1_pooled", "macro_f1_tasks", "micro_f1",
		"partial_match", "mean_match", "exact_match",
	}
	for _, t := range tasks {
		keys = append(keys, "acc_"+t.Name)
	}
	for _, t := range tasks {
		keys = append(keys, "f1_"+t.Name)
	}
	return keys
}

// Row is a line of the comparison table.
type Row struct{ Key, Title string }

// TableRows lists the rows of the comparison table.
func TableRows(tasks []Task) []Row {
	rows := []Row{
		{"loss", "Loss"},
		{"macro_f1", "Macro F1"},
		{"micro_f1", "Micro F1"},
		{"partial_match", "Partial Match Score"},
		{"exact_match", "Exact Match Accuracy"},
	}
	for _, t := range tasks {
		rows = append(rows, Row{"acc_" + t.Name, "Acc (" + title(t.Name) + ")"})
	}
	return rows
}

// LowerIsBetter reports whether a smaller value of the metric is the better one.
func LowerIsBetter(key string) bool { return key == "loss" || strings.HasPrefix(key, "loss_") }

func title(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// Counts is all that is kept of a pass over a split; every metric but the loss
// follows from the integers in it.
type Counts struct {
	Images  int64        `json:"images"`
	Tasks   []TaskCounts `json:"tasks"`
	Matched []int64      `json:"matched"` // Matched[k]: images with exactly k tasks right, len T+1
}

// TaskCounts is one task's share of Counts.
type TaskCounts struct {
	Classes   int     `json:"classes"`
	Confusion []int64 `json:"confusion"` // [truth*Classes + predicted], Classes² values
	Loss      float64 `json:"loss"`      // mean cross-entropy; NaN is written as null
}

// MarshalJSON writes a NaN or infinite loss as null.
func (c TaskCounts) MarshalJSON() ([]byte, error) {
	type wire struct {
		Classes   int      `json:"classes"`
		Confusion []int64  `json:"confusion"`
		Loss      *float64 `json:"loss"`
	}
	w := wire{Classes: c.Classes, Confusion: c.Confusion}
	if !math.IsNaN(c.Loss) && !math.IsInf(c.Loss, 0) {
		w.Loss = &c.Loss
	}
	return json.Marshal(w)
}

// UnmarshalJSON is the reverse of MarshalJSON.
func (c *TaskCounts) UnmarshalJSON(data []byte) error {
	var w struct {
		Classes   int      `json:"classes"`
		Confusion []int64  `json:"confusion"`
		Loss      *float64 `json:"loss"`
	}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*c = TaskCounts{Classes: w.Classes, Confusion: w.Confusion, Loss: math.NaN()}
	if w.Loss != nil {
		c.Loss = *w.Loss
	}
	return nil
}

// Predictions of the test split at the best epoch, kept so that two runs can be
// compared image by image. Task-major: Truth[t][i], Pred[t][i].
type Predictions struct {
	DataDigest string    `json:"data"`
	Truth      [][]int32 `json:"truth"`
	Pred       [][]int32 `json:"pred"`
}
