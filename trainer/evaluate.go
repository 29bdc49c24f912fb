package trainer

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/metric"
)

// Evaluate runs one part of a data set through the network in evaluation mode
// and returns its counts and, image by image, truth and prediction.
func Evaluate(ctx context.Context, prog engine.Program, set *data.Prepared, part data.Part, batch int) (run.Counts, run.Predictions, error) {
	loader, err := set.NewLoader(ctx, data.LoaderOptions{Part: part, Batch: batch})
	if err != nil {
		return run.Counts{}, run.Predictions{}, err
	}
	tasks := set.Tasks
	counter := metric.NewCounter(tasks)
	logits := make([][]float32, len(tasks))
	pred := run.Predictions{DataDigest: set.DataDigest, Truth: make([][]int32, len(tasks)), Pred: make([][]int32, len(tasks))}
	for t, task := range tasks {
		logits[t] = make([]float32, batch*len(task.Classes))
	}
	err = loader.Each(func(b *data.Batch) error {
		if err := prog.Evaluate(b, logits); err != nil {
			return err
		}
		of := make([][]float32, len(tasks))
		for t, task := range tasks {
			of[t] = logits[t][:b.Len()*len(task.Classes)]
		}
		classes, err := counter.AddLogits(b.Labels, of)
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
