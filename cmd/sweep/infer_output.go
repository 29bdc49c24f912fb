package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer"
)

// predictionWriter writes predictions in one of infer's formats.
type predictionWriter struct {
	w      io.Writer
	format string
	tasks  []run.Task
	logits bool
	top    int // most probable labels to add; 0 none
	csv    *csv.Writer
	seen   [][]int // [task][class] images
}

func newPredictionWriter(w io.Writer, format string, tasks []run.Task, logits bool, top int) *predictionWriter {
	p := &predictionWriter{w: w, format: format, tasks: tasks, logits: logits, top: top}
	for _, t := range tasks {
		p.seen = append(p.seen, make([]int, len(t.Classes)))
	}
	if format == "csv" {
		p.csv = csv.NewWriter(w)
		header := []string{"image_path"}
		for _, t := range tasks {
			header = append(header, t.Name)
		}
		for _, t := range tasks {
			for k := range min(top, len(t.Classes)) {
				header = append(header, fmt.Sprintf("%s_top%d", t.Name, k+1), fmt.Sprintf("%s_top%d_prob", t.Name, k+1))
			}
		}
		_ = p.csv.Write(header) // an error stays in the writer until close
	}
	return p
}

func (p *predictionWriter) write(name string, q trainer.Prediction) error {
	for t, c := range q.Class {
		p.seen[t][c]++
	}
	switch p.format {
	case "json":
		line, err := p.json(name, q)
		if err != nil {
			return err
		}
		_, err = p.w.Write(append(line, '\n'))
		return err
	case "csv":
		if q.Err != nil {
			return nil // stderr has it: a row without labels would be no prediction
		}
		row := []string{name}
		for t, c := range q.Class {
			row = append(row, p.tasks[t].Classes[c])
		}
		for t := range q.Class {
			for _, c := range p.ranked(q, t) {
				row = append(row, p.tasks[t].Classes[c], strconv.FormatFloat(q.Prob[t][c], 'g', 6, 64))
			}
		}
		return p.csv.Write(row)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "[%s]\n", name)
	if q.Err != nil {
		fmt.Fprintf(&b, "  error: %v\n", q.Err)
	}
	for t, c := range q.Class {
		fmt.Fprintf(&b, "  %s: %s\n", p.tasks[t].Name, p.tasks[t].Classes[c])
		// The number first: labels are of any width on a terminal.
		for _, c := range p.ranked(q, t) {
			fmt.Fprintf(&b, "    %.4f  %s\n", q.Prob[t][c], p.tasks[t].Classes[c])
		}
	}
	b.WriteByte('\n')
	_, err := p.w.Write(b.Bytes())
	return err
}

// ranked are the most probable classes of a task, as many as asked for; of equal
// ones the first is what the network was taken to say.
func (p *predictionWriter) ranked(q trainer.Prediction, t int) []int {
	order := make([]int, len(q.Prob[t]))
	for c := range order {
		order[c] = c
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(q.Logits[t][b], q.Logits[t][a]) })
	return order[:min(p.top, len(order))]
}

// json writes the members in the order of the tasks.
func (p *predictionWriter) json(name string, q trainer.Prediction) ([]byte, error) {
	var o object
	o.add("image", name)
	if q.Err != nil {
		o.add("error", q.Err.Error())
		return o.bytes()
	}
	var labels, index, prob, logits, top object
	for t, c := range q.Class {
		task := p.tasks[t]
		labels.add(task.Name, task.Classes[c])
		index.add(task.Name, c)
		prob.add(task.Name, q.Prob[t])
		logits.add(task.Name, q.Logits[t])
		best := []rankedLabel{}
		for _, c := range p.ranked(q, t) {
			best = append(best, rankedLabel{task.Classes[c], c, q.Prob[t][c]})
		}
		top.add(task.Name, best)
	}
	o.add("labels", &labels)
	o.add("index", &index)
	o.add("prob", &prob)
	if p.logits {
		o.add("logits", &logits)
	}
	if p.top > 0 {
		o.add("top", &top)
	}
	return o.bytes()
}

// rankedLabel is one of the most probable labels.
type rankedLabel struct {
	Label string  `json:"label"`
	Index int     `json:"index"`
	Prob  float64 `json:"prob"`
}

// close ends the output; text ends with how often each label came.
func (p *predictionWriter) close() error {
	switch p.format {
	case "csv":
		return flush(p.csv)
	case "json":
		return nil
	}
	var b bytes.Buffer
	for t, task := range p.tasks {
		fmt.Fprintf(&b, "%s\n", task.Name)
		order := make([]int, len(task.Classes))
		for c := range order {
			order[c] = c
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.seen[t][b], p.seen[t][a]) })
		for _, c := range order {
			if n := p.seen[t][c]; n > 0 {
				fmt.Fprintf(&b, "  %6d  %s\n", n, task.Classes[c])
			}
		}
	}
	_, err := p.w.Write(b.Bytes())
	return err
}

// object is a JSON object whose members keep their order.
type object struct {
	b   bytes.Buffer
	err error
}

func (o *object) add(key string, value any) {
	k, err := json.Marshal(key)
	if err == nil {
		var v []byte
		if v, err = json.Marshal(value); err == nil {
			if o.b.Len() > 0 {
				o.b.WriteByte(',')
			}
			o.b.Write(k)
			o.b.WriteByte(':')
			o.b.Write(v)
		}
	}
	if o.err == nil {
		o.err = err
	}
}

func (o *object) bytes() ([]byte, error) {
	return slices.Concat([]byte("{"), o.b.Bytes(), []byte("}")), o.err
}

// MarshalJSON makes objects nest.
func (o *object) MarshalJSON() ([]byte, error) { return o.bytes() }
