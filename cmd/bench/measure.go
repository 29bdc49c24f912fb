package main

import (
	"errors"
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
	n, err := compile(model, size, o.batch)
	if err != nil {
		return row{}, err
	}
	defer n.close()
	r := row{Model: model, Device: n.eng.Device()}
	if r.Train, err = rate(o, n.train); err != nil {
		return row{}, err
	}
	if r.Eval, err = rate(o, n.infer); err != nil {
		return row{}, err
	}
	return r, nil
}

// compiled is a network with a batch on the host engine.
type compiled struct {
	eng    *host.Engine
	prog   engine.Program
	batch  *data.Batch
	losses []float64
	logits [][]float32
}

func compile(model string, size, batch int) (*compiled, error) {
	spec := network(model, size, batch)
	n := &compiled{eng: host.New(), batch: randomBatch(spec.Tasks, size, batch), losses: make([]float64, len(spec.Tasks))}
	for _, task := range spec.Tasks {
		n.logits = append(n.logits, make([]float32, batch*len(task.Classes)))
	}
	var err error
	if n.prog, err = n.eng.Compile(spec); err != nil {
		return nil, errors.Join(err, n.eng.Close())
	}
	if err := firstWeights(n.prog); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

func (n *compiled) train() error { return n.prog.Step(n.batch, 5e-5, n.losses) }
func (n *compiled) infer() error { return n.prog.Evaluate(n.batch, n.logits) }

func (n *compiled) close() {
	_ = n.prog.Close() // neither fails on the host
	_ = n.eng.Close()
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
