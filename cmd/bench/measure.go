package main

import (
	"os"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/engine/host"
	"github.com/backbone-sweep/sweep/trainer/rng"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// measure trains and evaluates one network on one batch.
func measure(model string, size int, o options) (row, error) {
	eng := host.New()
	defer eng.Close()
	spec := network(model, size, o.batch)
	tasks := spec.Tasks
	prog, err := eng.Compile(spec)
	if err != nil {
		return row{}, err
	}
	defer prog.Close()
	if err := firstWeights(prog); err != nil {
		return row{}, err
	}
	b := randomBatch(tasks, size, o.batch)
	losses := make([]float64, len(tasks))
	logits := make([][]float32, len(tasks))
	for t, task := range tasks {
		logits[t] = make([]float32, o.batch*len(task.Classes))
	}
	r := row{Model: model, Device: eng.Device()}
	if r.Train, err = rate(o, func() error { return prog.Step(b, 5e-5, losses) }); err != nil {
		return row{}, err
	}
	if r.Eval, err = rate(o, func() error { return prog.Evaluate(b, logits) }); err != nil {
		return row{}, err
	}
	return r, nil
}

// network is a backbone with the three label sets.
func network(model string, size, batch int) engine.Spec {
	return engine.Spec{
		Model: model, Head: run.HeadMulti, ImageSize: size, Batch: batch, WeightDecay: 0.01, Training: true,
		Tasks: []run.Task{
			{Name: "action", Classes: make([]string, 13)},
			{Name: "emotion", Classes: make([]string, 6)},
			{Name: "situation", Classes: make([]string, 17)},
		},
	}
}

// firstWeights fills a program with random weights.
func firstWeights(prog engine.Program) error {
	state := weights.Initial(prog.Params(), prog.Buffers(), 42)
	for i, t := range prog.Tensors() {
		if v, ok := state[t.Name]; ok && (t.Kind == engine.Param || t.Kind == engine.Buffer) {
			if err := prog.Write(i, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// rate is the median over the windows of images per second.
func rate(o options, step func() error) (float64, error) {
	for range 3 { // warm-up
		if err := step(); err != nil {
			return 0, err
		}
	}
	var rates []float64
	for range o.windows {
		n, start := 0, time.Now()
		for n == 0 || time.Since(start).Seconds() < o.seconds {
			if err := step(); err != nil {
				return 0, err
			}
			n++
		}
		rates = append(rates, float64(n*o.batch)/time.Since(start).Seconds())
	}
	slices.Sort(rates)
	return rates[len(rates)/2], nil
}

func randomBatch(tasks []run.Task, size, n int) *data.Batch {
	s := rng.New(42, rng.Demo, 0, 0)
	b := &data.Batch{Labels: make([][]int32, len(tasks))}
	for i := range n {
		px := make([]byte, size*size*3)
		for j := range px {
			px[j] = byte(s.Uint32())
		}
		b.Pixels = append(b.Pixels, px)
		b.Index = append(b.Index, int32(i))
		b.Flip = append(b.Flip, i%2 == 1)
		for t, task := range tasks {
			b.Labels[t] = append(b.Labels[t], int32(s.IntN(len(task.Classes))))
		}
	}
	return b
}

// peakRSS is the largest resident set of an ended process in bytes.
func peakRSS(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}
