package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/metric"
)

func newScore(e *env) *cobra.Command {
	var truth, pred, config string
	cmd := &cobra.Command{
		Use:   "score --truth T.csv --pred P.csv --config FILE",
		Short: "Score somebody's predictions by the program's metrics",
		Long: `score pairs the rows of two csv files by image_path and prints every metric.
Both files have the column image_path and one column per task of the config.
There is no loss: labels alone do not tell it.

Formats: text, json, csv.`,
		Args: needs(),
		RunE: func(*cobra.Command, []string) error {
			format, err := e.oneOf("text", "json", "csv")
			if err != nil {
				return err
			}
			cfg, err := loadConfig(e, config)
			if err != nil {
				return err
			}
			tasks := sweep.Tasks(cfg)
			values, err := score(tasks, truth, pred)
			if err != nil {
				return err
			}
			return writeValues(e.stdout, format, values)
		},
	}
	cmd.Flags().StringVar(&truth, "truth", "", "csv `file` with the true labels")
	cmd.Flags().StringVar(&pred, "pred", "", "csv `file` with the predicted labels")
	cmd.Flags().StringVar(&config, "config", "", "config `file` that holds the label names")
	for _, name := range []string{"truth", "pred", "config"} {
		must(cmd.MarkFlagRequired(name))
	}
	return cmd
}

// score computes every label metric of two label tables.
func score(tasks []run.Task, truthFile, predFile string) (run.Values, error) {
	truth, err := readLabels(truthFile, tasks)
	if err != nil {
		return nil, err
	}
	pred, err := readLabels(predFile, tasks)
	if err != nil {
		return nil, err
	}
	if len(truth.order) == 0 {
		return nil, usagef("%s has no rows", truthFile)
	}
	var problems []error
	for _, path := range truth.order {
		if _, ok := pred.rows[path]; !ok {
			problems = append(problems, fmt.Errorf("%s: no row for %s, which is in %s", predFile, path, truthFile))
		}
	}
	for _, path := range pred.order {
		if _, ok := truth.rows[path]; !ok {
			problems = append(problems, fmt.Errorf("%s: no row for %s, which is in %s", truthFile, path, predFile))
		}
	}
	if len(problems) > 0 {
		return nil, withCode(exitUsage, firstFew(problems, 10))
	}
	columns := func(table *labelTable) [][]int32 {
		out := make([][]int32, len(tasks))
		for t := range tasks {
			out[t] = make([]int32, len(truth.order))
			for i, path := range truth.order {
				out[t][i] = table.rows[path][t]
			}
		}
		return out
	}
	counter := metric.NewCounter(tasks)
	if err := counter.Add(columns(truth), columns(pred)); err != nil {
		return nil, err
	}
	var values run.Values
	for _, kv := range metric.Values(tasks, counter.Counts()) {
		if kv.Key != "loss" {
			values = append(values, kv)
		}
	}
	return values, nil
}

// labelTable is a csv of labels, by image.
type labelTable struct {
	order []string
	rows  map[string][]int32 // class index per task
}

func readLabels(file string, tasks []run.Task) (*labelTable, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, withCode(exitUsage, err)
	}
	defer f.Close()
	table, err := parseLabels(f, file, tasks)
	if err != nil {
		return nil, withCode(exitUsage, err)
	}
	return table, nil
}

func parseLabels(r io.Reader, file string, tasks []run.Task) (*labelTable, error) {
	in := csv.NewReader(skipBOM(r))
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is empty; want a header line with image_path and the tasks", file)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	column := map[string]int{}
	for i, name := range header {
		if _, twice := column[name]; twice {
			return nil, fmt.Errorf("%s:1: column %q is there twice", file, name)
		}
		column[name] = i
	}
	at, ok := column["image_path"]
	if !ok {
		return nil, fmt.Errorf("%s:1: no column image_path", file)
	}
	index := make([]map[string]int32, len(tasks))
	for t, task := range tasks {
		if _, ok := column[task.Name]; !ok {
			return nil, fmt.Errorf("%s:1: no column %s", file, task.Name)
		}
		index[t] = make(map[string]int32, len(task.Classes))
		for c, name := range task.Classes {
			index[t][name] = int32(c)
		}
		for label, class := range task.Merged {
			index[t][label] = index[t][class]
		}
	}
	table := &labelTable{rows: map[string][]int32{}}
	var problems []error
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		line, _ := in.FieldPos(0)
		path := row[at]
		if _, twice := table.rows[path]; twice {
			problems = append(problems, fmt.Errorf("%s:%d: %s is there twice", file, line, path))
			continue
		}
		labels := make([]int32, len(tasks))
		for t, task := range tasks {
			value := row[column[task.Name]]
			c, ok := index[t][value]
			if !ok {
				problems = append(problems, fmt.Errorf("%s:%d: %q is no label of %s", file, line, value, task.Name))
			}
			labels[t] = c
		}
		table.order = append(table.order, path)
		table.rows[path] = labels
	}
	return table, firstFew(problems, 10)
}

// firstFew joins the first n errors and says how many more there are.
func firstFew(errs []error, n int) error {
	if len(errs) > n {
		errs = append(errs[:n:n], fmt.Errorf("… and %d more like these", len(errs)-n))
	}
	return errors.Join(errs...)
}

func writeValues(w io.Writer, format string, values run.Values) error {
	switch format {
	case "json":
		return json.NewEncoder(w).Encode(values)
	case "csv":
		out := csv.NewWriter(w)
		var keys, row []string
		for _, kv := range values {
			keys = append(keys, kv.Key)
			row = append(row, strconv.FormatFloat(kv.V, 'g', -1, 64))
		}
		return errors.Join(out.Write(keys), out.Write(row), flush(out))
	}
	width := 0
	for _, kv := range values {
		width = max(width, len(kv.Key))
	}
	for _, kv := range values {
		if _, err := fmt.Fprintf(w, "%-*s  %.4f\n", width, kv.Key, kv.V); err != nil {
			return err
		}
	}
	return nil
}

func flush(w *csv.Writer) error {
	w.Flush()
	return w.Error()
}
