package host

import (
	"fmt"
	"math"

	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Step trains on one batch.
func (p *program) Step(b *data.Batch, lr float64, losses []float64) error {
	if !p.spec.Training && !p.closed {
		return fmt.Errorf("step: the program was compiled for evaluation only")
	}
	n, err := p.load(b, true)
	if err != nil {
		return fmt.Errorf("step: %w", err)
	}
	if len(losses) != len(p.spec.Tasks) {
		return fmt.Errorf("step: room for %d losses, want %d", len(losses), len(p.spec.Tasks))
	}
	return p.step(n, lr, losses)
}

// step trains on the n images and labels that are in the inputs.
func (p *program) step(n int, lr float64, losses []float64) error {
	net, err := p.network(p.train, n, true)
	if err != nil {
		return err
	}
	net.exec.Run()
	finite := true
	for t, loss := range net.graph.Losses {
		losses[t] = float64(net.exec.Value(loss)[0])
		finite = finite && !math.IsNaN(losses[t]) && !math.IsInf(losses[t], 0)
	}
	if finite {
		p.prepared = false
		p.updateStatistics(net)
		p.updateParams(net, lr)
	}
	return nil
}

// updateStatistics moves the running statistics towards those of the batch.
func (p *program) updateStatistics(net *network) {
	for i, b := range net.graph.Buffers {
		running := p.state[len(p.params)+i]
		batch := net.exec.Value(b.Stats)[b.Row*len(running):]
		keep, take := 1-b.Momentum, b.Momentum*b.Scale()
		for c := range running {
			running[c] = float32(keep*float64(running[c]) + take*float64(batch[c]))
		}
	}
}

// updateParams makes one step of AdamW.
func (p *program) updateParams(net *network, lr float64) {
	P, B := len(p.params), len(p.buffers)
	steps := p.state[len(p.state)-1]
	steps[0]++
	o := kernel.AdamW{
		LR: lr, Beta1: engine.Beta1, Beta2: engine.Beta2, Eps: engine.Epsilon,
		WeightDecay: p.spec.WeightDecay, Step: int(steps[0]),
	}
	for i, g := range net.graph.Grads {
		m, v := p.state[P+B+i], p.state[P+B+P+i]
		p.pool.AdamW(p.state[i], m, v, net.exec.Value(g), o)
	}
}

// Evaluate computes the logits of one batch.
func (p *program) Evaluate(b *data.Batch, logits [][]float32) error {
	n, err := p.load(b, false)
	if err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	if err := p.spec.CheckRoom(n, logits); err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	net, err := p.evaluate(n)
	if err != nil {
		return err
	}
	for t, l := range net.graph.Logits {
		copy(logits[t], net.exec.Value(l))
	}
	return nil
}

// evaluate computes the logits of the n images that are in the inputs.
func (p *program) evaluate(n int) (*network, error) {
	net, err := p.network(p.eval, n, false)
	if err != nil {
		return nil, err
	}
	if !p.prepared {
		net.exec.Prepare()
		p.prepared = true
	}
	net.exec.Run()
	return net, nil
}
