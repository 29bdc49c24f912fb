package trainer

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/metric"
)

// Evaluate runs one part of a data set through the network in evaluation mode
// and returns its counts and, image by image, truth and prediction.
func Evaluate(ctx context.Context, prog engine.Program, set *data.Prepared, part data.Part, batch int) (run.Counts, run.Predictions, error) {
	judge := judgeOf(prog, set.Tasks, batch)
	loader, err := set.NewLoader(ctx, data.LoaderOptions{Part: part, Batch: judge.batch})
	if err != nil {
		return run.Counts{}, run.Predictions{}, err
	}
	tasks := set.Tasks
	counter := metric.NewCounter(tasks)
	pred := run.Predictions{DataDigest: set.DataDigest, Truth: make([][]int32, len(tasks)), Pred: make([][]int32, len(tasks))}
	err = loader.Each(func(b *data.Batch) error {
		classes, err := judge.add(counter, b)
		if err != nil {
			return err
		}
		for t := range tasks {
			pred.Truth[t] = append(pred.Truth[t], b.Labels[t]...)
			pred.Pred[t] = append(pred.Pred[t], classes[t]...)
		}
		return nil
	})
	if err != nil {
		return run.Counts{}, run.Predictions{}, fmt.Errorf("evaluate the %s split: %w", part, err)
	}
	return counter.Counts(), pred, nil
}

// judge predicts the classes of batches and counts them.
type judge struct {
	batch int // images at a time
	add   func(c *metric.Counter, b *data.Batch) (classes [][]int32, err error)
}

// judgeOf lets the device judge where it can, else the host by the logits.
func judgeOf(prog engine.Program, tasks []run.Task, batch int) judge {
	if s, ok := prog.(engine.Scorer); ok {
		batch = s.ScoreBatch()
		classes, losses := make([][]int32, len(tasks)), make([][]float32, len(tasks))
		return judge{batch, func(c *metric.Counter, b *data.Batch) ([][]int32, error) {
			for t := range tasks {
				classes[t] = slices.Grow(classes[t][:0], batch)[:b.Len()]
				losses[t] = slices.Grow(losses[t][:0], batch)[:b.Len()]
			}
			if err := s.Score(b, classes, losses); err != nil {
				return nil, err
			}
			return classes, c.AddScored(b.Labels, classes, losses)
		}}
	}
	logits, of := make([][]float32, len(tasks)), make([][]float32, len(tasks))
	for t, task := range tasks {
		logits[t] = make([]float32, batch*len(task.Classes))
	}
	return judge{batch, func(c *metric.Counter, b *data.Batch) ([][]int32, error) {
		if err := prog.Evaluate(b, logits); err != nil {
			return nil, err
		}
		for t, task := range tasks {
			of[t] = logits[t][:b.Len()*len(task.Classes)]
		}
		return c.AddLogits(b.Labels, of)
	}}
}

// test evaluates the test split with the best weights, once.
func (r *running) test(ctx context.Context) error {
	if r.at.Best == nil {
		return fmt.Errorf("no epoch had a finite %s, so there are no best weights to test", r.spec.BestMetric)
	}
	if err := r.loadBest(); err != nil {
		return err
	}
	counts, pred, err := Evaluate(ctx, r.prog, r.set, data.Test, r.spec.BatchSize)
	if err != nil {
		return err
	}
	const name = "test.json"
	err = writeFile(r.path(name), func(w io.Writer) error { return json.NewEncoder(w).Encode(pred) })
	if err != nil {
		return fmt.Errorf("keep the test predictions: %w", err)
	}
	r.deps.Emit(run.Event{
		Type: run.EventEpoch, Epoch: r.at.Best.Epoch, Step: r.at.Best.Epoch * r.perEpoch, Split: run.Test,
		Values: metric.Values(r.spec.Tasks, counts), Counts: &counts, File: name,
	})
	return nil
}
