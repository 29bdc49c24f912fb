package host

import (
	"errors"
	"os"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/backbone/parity"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/kernel"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

func TestParityOfResNet18(t *testing.T) { parity.Check(t, "resnet18", openSubject) }

// TestParityOnEveryPath forces each set of kernels that this processor has.
func TestParityOnEveryPath(t *testing.T) {
	if os.Getenv("SWEEP_SLOW") == "" {
		t.Skip("slow: set SWEEP_SLOW=1")
	}
	for _, path := range []string{"avx512", "avx2", "generic"} {
		t.Run(path, func(t *testing.T) {
			t.Setenv("SWEEP_KERNEL", path)
			pool := kernel.NewPool(1)
			defer pool.Close()
			if pool.ISA() != path {
				t.Skipf("this processor has no %s", path)
			}
			for _, model := range backbone.Names() {
				t.Run(model, func(t *testing.T) { parity.Check(t, model, openSubject) })
			}
		})
	}
}

// subject feeds a program with pixels that are normalised already, past load.
type subject struct {
	*program
	pool *kernel.Pool
}

func openSubject(f *parity.Fixture, batch int, state weights.State) (parity.Subject, error) {
	spec := engine.Spec{
		Model: f.Model, Head: run.HeadMulti, ImageSize: f.ImageSize, Batch: batch,
		WeightDecay: parity.WeightDecay, Training: true,
	}
	for _, t := range f.Tasks {
		spec.Tasks = append(spec.Tasks, run.Task{Name: t.Name, Classes: make([]string, t.Classes)})
	}
	pool := kernel.NewPool(0)
	p, err := newProgram(pool, spec, 0)
	if err != nil {
		pool.Close()
		return nil, err
	}
	s := &subject{p, pool}
	for i, tensor := range p.Tensors() {
		if tensor.Kind == engine.Param || tensor.Kind == engine.Buffer {
			if err := p.Write(i, state[tensor.Name]); err != nil {
				return nil, errors.Join(err, s.Close())
			}
		}
	}
	return s, nil
}

func (s *subject) Close() error {
	err := s.program.Close()
	s.pool.Close()
	return err
}

// Evaluate shows no features: the program has them only as intermediate values.
func (s *subject) Evaluate(pixels []float32) ([]float32, [][]float32, error) {
	copy(s.input, pixels)
	net, err := s.evaluate(s.spec.Batch)
	if err != nil {
		return nil, nil, err
	}
	var logits [][]float32
	for _, l := range net.graph.Logits {
		logits = append(logits, net.exec.Value(l))
	}
	return nil, logits, nil
}

// Differentiate is a step at learning rate zero.
func (s *subject) Differentiate(pixels []float32, labels [][]int32) (*parity.Pass, error) {
	losses, err := s.Step(pixels, labels, 0)
	if err != nil {
		return nil, err
	}
	pass := &parity.Pass{Losses: losses, Gradients: map[string][]float32{}, Running: map[string][]float32{}}
	net := s.train[s.spec.Batch]
	for i, p := range s.params {
		pass.Gradients[p.Name] = net.exec.Value(net.graph.Grads[i])
	}
	for i, b := range s.buffers {
		pass.Running[b.Name] = s.state[len(s.params)+i]
	}
	return pass, nil
}

func (s *subject) Step(pixels []float32, labels [][]int32, lr float64) ([]float64, error) {
	copy(s.input, pixels)
	for t := range labels {
		for i, l := range labels[t] {
			s.labels[t][i] = float32(l)
		}
	}
	losses := make([]float64, len(labels))
	return losses, s.step(s.spec.Batch, lr, losses)
}
