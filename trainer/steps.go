package trainer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

// epoch does the steps of an epoch that are not done yet. When ctx ends, the
// steps that were submitted are finished and reported first.
func (r *running) epoch(ctx context.Context, epoch int) error {
	done := r.at.Step - (epoch-1)*r.perEpoch
	if done == r.perEpoch {
		return nil // stopped between the last step and validation
	}
	// The loader is not ended by ctx: a step that has begun gets its batch.
	loader, err := r.set.NewLoader(context.WithoutCancel(ctx), data.LoaderOptions{
		Part: data.Train, Batch: r.spec.BatchSize, Seed: r.spec.Seed, Epoch: epoch,
		Shuffle: true, HFlip: r.spec.HFlip, Start: done,
	})
	if err != nil {
		return err
	}
	defer loader.Close()
	s := r.newSteps(epoch, loader)
	for ctx.Err() == nil {
		batch, err := loader.Next()
		if errors.Is(err, io.EOF) {
			return s.report(true)
		} else if err != nil {
			return errors.Join(s.report(true), err)
		}
		if err := s.submit(batch); err != nil {
			if late := s.report(true); late != nil { // of a step before it, or the same
				return late
			}
			return err
		}
		if err := s.report(false); err != nil {
			return err
		}
	}
	if err := s.report(true); err != nil {
		return err
	}
	return ctx.Err()
}

// steps takes the steps of an epoch through a queue: submitted in order, reported
// in order, the latter some steps later where the device works ahead.
type steps struct {
	*running
	queue  engine.Queue
	epoch  int
	keys   []string
	waited func() time.Duration // for data, all in all

	flight []flying    // submitted and not reported
	losses [][]float64 // of one report, [step][task]
	began  time.Time   // of the time that the next report is about
	before time.Duration
}

// flying is a step on its way.
type flying struct {
	lr     float64
	images int
}

func (r *running) newSteps(epoch int, loader *data.Loader) *steps {
	s := &steps{running: r, epoch: epoch, keys: lossKeys(r.spec.Tasks), began: r.deps.Now()}
	if q, ok := r.prog.(engine.Queue); ok {
		s.queue, s.waited = q, q.Idle
	} else {
		s.queue, s.waited = &inOrder{prog: r.prog, losses: make([]float64, len(r.spec.Tasks))}, loader.Waited
	}
	s.before = s.waited()
	return s
}

func (s *steps) submit(b *data.Batch) error {
	step := s.at.Step + len(s.flight) + 1
	lr := learningRate(s.spec.Schedule, s.spec.LearningRate, step, s.steps())
	if err := s.queue.Submit(b, lr); err != nil {
		return fmt.Errorf("step %d: %w", s.at.Step+1, err)
	}
	s.flight = append(s.flight, flying{lr, b.Len()})
	return nil
}

// report emits the steps that have ended, all that were submitted when all is set.
func (s *steps) report(all bool) error {
	n := 0
	err := s.queue.Finish(all, func(losses []float64) {
		if n == len(s.losses) {
			s.losses = append(s.losses, make([]float64, len(losses)))
		}
		copy(s.losses[n], losses)
		n++
	})
	if n > 0 {
		now, waited := s.deps.Now(), s.waited()
		took, wait := now.Sub(s.began), waited-s.before
		s.began, s.before = now, waited
		images := 0
		for _, f := range s.flight[:n] {
			images += f.images
		}
		for i, f := range s.flight[:n] {
			if err := s.emit(f, s.losses[i], images, took, wait); err != nil {
				return err
			}
		}
		s.flight = append(s.flight[:0], s.flight[n:]...)
	}
	if err != nil {
		return fmt.Errorf("step %d: %w", s.at.Step+1, err)
	}
	return nil
}

// emit reports a step among those that together trained on so many images in the
// time took, of which the device waited for data.
func (s *steps) emit(f flying, losses []float64, images int, took, waited time.Duration) error {
	step := s.at.Step + 1
	total, err := s.sum(losses, step, s.epoch)
	if err != nil {
		return err
	}
	s.at.Step = step
	values := make(run.Values, 0, len(s.keys))
	values = append(values, run.Value{Key: s.keys[0], V: total})
	for t, l := range losses {
		values = append(values, run.Value{Key: s.keys[t+1], V: l})
	}
	event := run.Event{Type: run.EventStep, Step: step, Epoch: s.epoch, LR: f.lr, Values: values}
	if took > 0 {
		event.ImagesPerS = float64(images) / took.Seconds()
		event.DataWait = min(1, waited.Seconds()/took.Seconds())
	}
	s.deps.Emit(event)
	return nil
}

// inOrder is the queue of a program that does one step at a time.
type inOrder struct {
	prog   engine.Program
	losses []float64
	done   bool // a step whose losses were not asked for
}

func (q *inOrder) Submit(b *data.Batch, lr float64) error {
	err := q.prog.Step(b, lr, q.losses)
	q.done = err == nil
	return err
}

func (q *inOrder) Finish(_ bool, each func(losses []float64)) error {
	if q.done {
		q.done = false
		each(q.losses)
	}
	return nil
}

func (q *inOrder) Idle() time.Duration { return 0 }

// sum adds up the task losses of a step and refuses what is no number.
func (r *running) sum(losses []float64, step, epoch int) (float64, error) {
	total := 0.0
	for t, l := range losses {
		if math.IsNaN(l) || math.IsInf(l, 0) {
			return 0, &NotFiniteError{Step: step, Epoch: epoch, Task: r.spec.Tasks[t].Name, Loss: l, LastGood: r.lastLoss}
		}
		total += l
	}
	r.lastLoss = total
	return total, nil
}

func lossKeys(tasks []run.Task) []string {
	keys := []string{"loss"}
	for _, t := range tasks {
		keys = append(keys, "loss_"+t.Name)
	}
	return keys
}
