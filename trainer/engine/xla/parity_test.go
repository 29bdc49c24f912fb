//go:build cgo && (linux || darwin)

package xla

import (
	"errors"
	"math"
	"os"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/backbone/parity"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/engine/host"
	"github.com/backbone-sweep/sweep/trainer/kernel"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

func TestParity(t *testing.T) {
	models := []string{"resnet18"}
	if os.Getenv("SWEEP_SLOW") != "" {
		models = append(models, "resnet50", "efficientnet_b4", "convnext_base")
	}
	e := openTest(t, Options{Exact: true})
	for _, model := range models {
		t.Run(model, func(t *testing.T) {
			var s *subject // the last one, which has done the ten steps
			parity.Check(t, model, func(f *parity.Fixture, batch int, state weights.State) (parity.Subject, error) {
				var err error
				s, err = openSubject(e, f, batch, state)
				return s, err
			})
			if !t.Failed() {
				tenStepsLikeTheHost(t, s, model)
			}
		})
	}
}

// tenStepsLikeTheHost does ten steps from the same weights on the same images on
// this engine, by a program that is compiled already, and on the host's: they stay
// together within what the fixture allows for float32.
func tenStepsLikeTheHost(t *testing.T, s *subject, model string) {
	f, err := parity.Load(model)
	if err != nil {
		t.Fatal(err)
	}
	h := host.New()
	defer h.Close()
	theirs, err := h.Compile(s.spec)
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	b := fixtureBatch(f, s.spec)
	pool := kernel.NewPool(0)
	defer pool.Close()
	pixels := make([]float32, s.images*s.pixels())
	pool.Normalise(pixels, b.Pixels, b.Flip, s.spec.ImageSize, s.spec.ImageSize)
	state := f.State(s.Params(), s.Buffers())
	for _, p := range []engine.Program{s.program, theirs} {
		for i, tensor := range p.Tensors() {
			v := make([]float32, tensor.Len)
			if tensor.Kind == engine.Param || tensor.Kind == engine.Buffer {
				v = state[tensor.Name]
			}
			if err := p.Write(i, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, tolerance := range f.Tolerance.TenLosses {
		mine, err := s.Step(pixels, b.Labels, f.TenLosses.LR)
		if err != nil {
			t.Fatal(err)
		}
		each := make([]float64, len(mine))
		if err := theirs.Step(b, f.TenLosses.LR, each); err != nil {
			t.Fatal(err)
		}
		var got, want float64
		for k := range mine {
			got, want = got+mine[k], want+each[k]
		}
		d := math.Abs(got-want) / want
		if !(d <= tolerance) {
			t.Errorf("step %d: loss %g, the host has %g: off by %.1e, tolerance %.0e", i+1, got, want, d, tolerance)
		}
		t.Logf("step %d beside the host's: off by %.1e of %.0e", i+1, d, tolerance)
	}
}

// fixtureSpec is the network of a fixture.
func fixtureSpec(f *parity.Fixture, batch int) engine.Spec {
	spec := engine.Spec{
		Model: f.Model, Head: run.HeadMulti, ImageSize: f.ImageSize, Batch: batch,
		WeightDecay: parity.WeightDecay, Training: true,
	}
	for _, t := range f.Tasks {
		spec.Tasks = append(spec.Tasks, run.Task{Name: t.Name, Classes: make([]string, t.Classes)})
	}
	return spec
}

// fixtureBatch has the fixture's images rounded to bytes.
func fixtureBatch(f *parity.Fixture, spec engine.Spec) *data.Batch {
	n, D := spec.Batch, spec.ImageSize*spec.ImageSize*3
	b := &data.Batch{Labels: f.Labels(n), Flip: make([]bool, n), Index: make([]int32, n)}
	pixels := f.Pixels(n)
	for i := range n {
		px := make([]byte, D)
		for j := range px {
			px[j] = byte(min(255, max(0, 128+60*pixels[i*D+j])))
		}
		b.Pixels = append(b.Pixels, px)
		b.Index[i] = int32(i)
	}
	return b
}

// TF32 rounds the factors of products to 11 bits instead of 24. The fixtures'
// tolerances are twenty times what float32 was off by; a thousand times as much is
// two or three times what TF32 may be off by. Only GPUs have it.
func TestParityWithTF32(t *testing.T) {
	e := openTest(t, Options{})
	if !e.device.GPU() {
		t.Skipf("%s has no TF32", e.Device())
	}
	for _, model := range backbone.Names() {
		t.Run(model, func(t *testing.T) {
			parity.CheckWithin(t, model, 1000, func(f *parity.Fixture, batch int, state weights.State) (parity.Subject, error) {
				return openSubject(e, f, batch, state)
			})
		})
	}
}

// openTest opens the plugin that the environment names; see package plugintest.
func openTest(t testing.TB, o Options) *Engine {
	t.Helper()
	if o.Plugin = os.Getenv(PluginVariable); o.Plugin == "" {
		t.Skipf("no PJRT plugin: run make test-xla, or set %s", PluginVariable)
	}
	e, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e.(*Engine)
}

// subject feeds a program with pixels that are normalised already.
type subject struct {
	*program
	order []int32
}

func openSubject(e *Engine, f *parity.Fixture, batch int, state weights.State) (*subject, error) {
	p, err := newProgram(e, fixtureSpec(f, batch))
	if err != nil {
		return nil, err
	}
	p.float, p.images = true, batch
	s := &subject{p, make([]int32, batch)}
	for i := range s.order {
		s.order[i] = int32(i)
	}
	for i, tensor := range p.Tensors() {
		if tensor.Kind == engine.Param || tensor.Kind == engine.Buffer {
			if err := p.Write(i, state[tensor.Name]); err != nil {
				return nil, errors.Join(err, s.Close())
			}
		}
	}
	return s, nil
}

// put makes the pixels the images on the device.
func (s *subject) put(pixels []float32) error {
	b, err := s.upload("images", pixels, s.images, s.pixels())
	if err != nil {
		return err
	}
	if s.resident != nil {
		err = s.resident.Destroy()
	}
	s.resident = b
	return err
}

// Evaluate shows no features: the program has them only as intermediate values.
func (s *subject) Evaluate(pixels []float32) ([]float32, [][]float32, error) {
	if err := s.put(pixels); err != nil {
		return nil, nil, err
	}
	var logits [][]float32
	for _, t := range s.spec.Tasks {
		logits = append(logits, make([]float32, s.images*len(t.Classes)))
	}
	return nil, logits, s.evaluate(s.resident, make([]byte, s.images), s.images, logits)
}

// Differentiate is a step at learning rate zero from moments of zero: the first
// moment is then a tenth of the gradient.
func (s *subject) Differentiate(pixels []float32, labels [][]int32) (*parity.Pass, error) {
	losses, err := s.Step(pixels, labels, 0)
	if err != nil {
		return nil, err
	}
	pass := &parity.Pass{Losses: losses, Gradients: map[string][]float32{}, Running: map[string][]float32{}}
	for i, tensor := range s.tensors {
		v := make([]float32, tensor.Len)
		switch tensor.Kind {
		case engine.Moment1:
			err = s.Read(i, v)
			for j := range v {
				v[j] /= 1 - engine.Beta1
			}
			pass.Gradients[tensor.Name] = v
		case engine.Buffer:
			err = s.Read(i, v)
			pass.Running[tensor.Name] = v
		}
		if err != nil {
			return nil, err
		}
	}
	return pass, nil
}

func (s *subject) Step(pixels []float32, labels [][]int32, lr float64) ([]float64, error) {
	if err := s.put(pixels); err != nil {
		return nil, err
	}
	losses := make([]float64, len(labels))
	b := &data.Batch{Index: s.order, Flip: make([]bool, s.images), Labels: labels}
	return losses, s.program.Step(b, lr, losses)
}
