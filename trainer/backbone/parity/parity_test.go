package parity_test

import (
	"math"
	"os"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/backbone/parity"
	"github.com/backbone-sweep/sweep/trainer/kernel"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

func TestResNet18(t *testing.T) { parity.Check(t, "resnet18", openPlain) }

func TestOthers(t *testing.T) {
	if os.Getenv("SWEEP_SLOW") == "" {
		t.Skip("slow: set SWEEP_SLOW=1")
	}
	for _, model := range []string{"resnet50", "efficientnet_b4", "convnext_base"} {
		t.Run(model, func(t *testing.T) { parity.Check(t, model, openPlain) })
	}
}

// plain is the parity.Subject of the plain machine.
type plain struct {
	pool             *kernel.Pool
	state            weights.State
	moment1, moment2 map[string][]float32
	steps            int

	train, eval       *backbone.Graph
	trainer, examiner *machine
}

func openPlain(f *parity.Fixture, batch int, state weights.State) (parity.Subject, error) {
	s := &plain{pool: kernel.NewPool(0), state: state, moment1: map[string][]float32{}, moment2: map[string][]float32{}}
	var err error
	if s.eval, err = backbone.Build(f.Options(batch, false)); err != nil {
		return nil, err
	}
	if s.train, err = backbone.Build(f.Options(batch, true)); err != nil {
		return nil, err
	}
	if s.examiner, err = newMachine(s.pool, append(slices.Clone(s.eval.Logits), s.eval.Features)...); err != nil {
		return nil, err
	}
	outputs := slices.Concat(s.train.Logits, s.train.Losses, s.train.Grads)
	for _, b := range s.train.Buffers {
		outputs = append(outputs, b.Stats)
	}
	if s.trainer, err = newMachine(s.pool, outputs...); err != nil {
		return nil, err
	}
	for _, p := range s.train.Params {
		s.moment1[p.Name] = make([]float32, p.Len())
		s.moment2[p.Name] = make([]float32, p.Len())
	}
	return s, nil
}

func (s *plain) Close() error {
	s.pool.Close()
	return nil
}

// bind copies the state into a graph's inputs.
func (s *plain) bind(m *machine, gr *backbone.Graph, pixels []float32) {
	copy(m.values[gr.Input], pixels)
	for _, p := range gr.Params {
		copy(m.values[p.Node], s.state[p.Name])
	}
	for _, b := range gr.Buffers {
		if b.Node != nil {
			copy(m.values[b.Node], s.state[b.Name])
		}
	}
}

func (s *plain) Evaluate(pixels []float32) ([]float32, [][]float32, error) {
	s.bind(s.examiner, s.eval, pixels)
	s.examiner.run()
	return s.examiner.values[s.eval.Features], all(s.examiner, s.eval.Logits), nil
}

func (s *plain) Differentiate(pixels []float32, labels [][]int32) (*parity.Pass, error) {
	losses := s.forwardBackward(pixels, labels)
	pass := &parity.Pass{
		Logits: all(s.trainer, s.train.Logits), Losses: losses,
		Gradients: map[string][]float32{}, Running: map[string][]float32{},
	}
	for i, p := range s.train.Params {
		pass.Gradients[p.Name] = s.trainer.values[s.train.Grads[i]]
	}
	for _, b := range s.train.Buffers {
		pass.Running[b.Name] = s.running(b)
	}
	return pass, nil
}

func (s *plain) Step(pixels []float32, labels [][]int32, lr float64) ([]float64, error) {
	losses := s.forwardBackward(pixels, labels)
	s.steps++
	for i, p := range s.train.Params {
		s.adamW(p.Name, s.trainer.values[s.train.Grads[i]], lr)
	}
	for _, b := range s.train.Buffers {
		s.state[b.Name] = s.running(b)
	}
	return losses, nil
}

func (s *plain) forwardBackward(pixels []float32, labels [][]int32) []float64 {
	s.bind(s.trainer, s.train, pixels)
	for t, n := range s.train.Labels {
		for i, label := range labels[t] {
			s.trainer.values[n][i] = float32(label)
		}
	}
	s.trainer.run()
	var losses []float64
	for _, n := range s.train.Losses {
		losses = append(losses, float64(s.trainer.values[n][0]))
	}
	return losses
}

// running is a buffer after the pass that has just run.
func (s *plain) running(b backbone.Buffer) []float32 {
	C := b.Len()
	stats := s.trainer.values[b.Stats][b.Row*C : (b.Row+1)*C]
	out := make([]float32, C)
	for c, old := range s.state[b.Name] {
		out[c] = float32((1-b.Momentum)*float64(old) + b.Momentum*b.Scale()*float64(stats[c]))
	}
	return out
}

// adamW is algorithm 2 of Loshchilov and Hutter, 2019, line by line.
func (s *plain) adamW(name string, grad []float32, lr float64) {
	const beta1, beta2, eps = 0.9, 0.999, 1e-8
	p, m, v := s.state[name], s.moment1[name], s.moment2[name]
	correct1, correct2 := 1-math.Pow(beta1, float64(s.steps)), 1-math.Pow(beta2, float64(s.steps))
	for i, g32 := range grad {
		g := float64(g32)
		m[i] = float32(beta1*float64(m[i]) + (1-beta1)*g)
		v[i] = float32(beta2*float64(v[i]) + (1-beta2)*g*g)
		step := float64(m[i]) / correct1 / (math.Sqrt(float64(v[i])/correct2) + eps)
		p[i] = float32(float64(p[i])*(1-lr*parity.WeightDecay) - lr*step)
	}
}

func all(m *machine, nodes []*gorgonia.Node) [][]float32 {
	var out [][]float32
	for _, n := range nodes {
		out = append(out, m.values[n])
	}
	return out
}
