package main

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/rng"
)

// benchEpochs is how many epochs the made runs have.
const benchEpochs = 100

// benchSpec is the i-th run of a launch: the backbones in turn, with rising seeds.
func benchSpec(dir, launch string, i int) run.Spec {
	models := backbone.Names()
	model, seed := models[i%len(models)], uint64(42+i/len(models))
	id := fmt.Sprintf("%s-%s-s%d", launch, model, seed)
	return run.Spec{
		ID: id, Sweep: "bench", Launch: launch, Model: model, Seed: seed, Head: run.HeadMulti,
		Tasks: []run.Task{
			{Name: "action", Classes: []string{"걷거나 달리는 동작", "납작 엎드리는 동작", "꼬리를 흔드는 동작"}},
			{Name: "emotion", Classes: []string{"편안/안정", "불안/슬픔"}},
			{Name: "situation", Classes: []string{"휴식시간", "보호자가 집에 돌아왔을 때"}},
		},
		BatchSize: 16, Epochs: benchEpochs, LearningRate: 5e-5, BestMetric: "macro_f1",
		Engine: "host", Config: "name: bench\n", Version: "bench", Dir: filepath.Join(dir, "runs", id),
	}
}

// made yields the events of a run as a worker would report them.
type made struct {
	spec  run.Spec
	steps int // of the whole run
	noise *rng.Stream
}

func newMade(spec run.Spec, steps int) made {
	return made{spec, steps, rng.New(rng.Hash(spec.ID), rng.Demo, 0, 0)}
}

// step is event k, from 1: losses that fall with noise, and now and then a spike.
func (m made) step(k int) run.Event {
	x := float64(k) / float64(m.steps)
	e := run.Event{
		Type: run.EventStep, Step: k, Epoch: 1 + (k-1)*benchEpochs/m.steps, LR: m.spec.LearningRate * (1 - x),
		ImagesPerS: 180 + 20*m.noise.Float64(), DataWait: 0.02 * m.noise.Float64(),
	}
	total := 0.0
	values := make(run.Values, 1, 1+len(m.spec.Tasks))
	for t, task := range m.spec.Tasks {
		v := (0.05 + math.Exp(-6*x)) * (1 + 0.4*float64(t)) * (0.7 + 0.6*m.noise.Float64())
		if m.noise.IntN(5000) == 0 {
			v *= 4
		}
		total += v
		values = append(values, run.Value{Key: "loss_" + task.Name, V: v})
	}
	values[0] = run.Value{Key: "loss", V: total}
	e.Values = values
	return e
}

// evaluation is the validation result after an epoch.
func (m made) evaluation(epoch int) run.Event {
	x := float64(epoch) / benchEpochs
	f1 := 0.95 - 0.6*math.Exp(-5*x) + 0.03*m.noise.Float64()
	values := run.Values{{Key: "loss", V: 0.2 + 2*math.Exp(-5*x)}, {Key: "macro_f1", V: f1}}
	counts := &run.Counts{Images: 100, Matched: []int64{2, 8, 20, 70}}
	for _, task := range m.spec.Tasks {
		n := len(task.Classes)
		c := run.TaskCounts{Classes: n, Confusion: make([]int64, n*n), Loss: 0.2}
		for k := range n {
			c.Confusion[k*n+k], c.Confusion[k*n+(k+1)%n] = int64(90/n), int64(10/n)
		}
		counts.Tasks = append(counts.Tasks, c)
		values = append(values, run.Value{Key: "f1_" + task.Name, V: f1})
	}
	return run.Event{
		Type: run.EventEpoch, Split: run.Val, Epoch: epoch, Step: epoch * m.steps / benchEpochs, Values: values, Counts: counts,
	}
}

// fillStore writes finished runs of one launch into a new store.
func fillStore(dir string, runs, steps int) (err error) {
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	began := time.Now().Add(-24 * time.Hour)
	for i := range runs {
		spec := benchSpec(dir, "bench", i)
		if _, err := st.Create(spec, began); err != nil {
			return err
		}
		m := newMade(spec, steps)
		events := []run.Event{{
			Type: run.EventState, State: run.Running, Steps: steps, Provenance: &run.Provenance{Engine: "host"},
		}}
		for k := 1; k <= steps; k++ {
			events = append(events, m.step(k))
			if epoch := k * benchEpochs / steps; epoch > (k-1)*benchEpochs/steps {
				events = append(events, m.evaluation(epoch))
			}
		}
		events = append(events, run.Event{Type: run.EventState, State: run.Done})
		for j := range events {
			events[j].Run, events[j].Time = spec.ID, began.Add(time.Duration(j)*80*time.Millisecond)
		}
		const batch = 8192 // a transaction
		for len(events) > 0 {
			n := min(batch, len(events))
			if err := st.Append(spec.ID, events[:n]); err != nil {
				return err
			}
			events = events[n:]
		}
	}
	return nil
}
