package trainer

import (
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

// fakeEngine's programs have one parameter of four values and one buffer. A
// step folds every image, flip and the rate into them, so that equal bits at the
// end mean equal steps all the way.
type fakeEngine struct {
	nanAt  int                              // step whose loss is NaN; 0 for none
	onStep func(step int)                   // called after each step
	scores func(step int, image int32) bool // whether an image is labelled right at a step
}

func (f *fakeEngine) Name() string   { return "fake" }
func (f *fakeEngine) Device() string { return "paper" }
func (f *fakeEngine) Close() error   { return nil }

func (f *fakeEngine) Compile(s engine.Spec) (engine.Program, error) {
	p := &fakeProgram{engine: f, spec: s, param: make([]float32, 4), moment: make([]float32, 4), second: make([]float32, 4), buffer: make([]float32, 1)}
	return p, nil
}

type fakeProgram struct {
	engine                        *fakeEngine
	spec                          engine.Spec
	param, moment, second, buffer []float32
	steps                         float32
}

func (p *fakeProgram) Params() []backbone.Param {
	return []backbone.Param{{Name: "w", Shape: []int{4}, Init: backbone.Init{Distribution: backbone.Uniform, Value: 1}}}
}

func (p *fakeProgram) Buffers() []backbone.Buffer {
	return []backbone.Buffer{{Name: "mean", Shape: []int{1}}}
}

func (p *fakeProgram) Tensors() []engine.Tensor {
	return engine.Tensors(p.Params(), p.Buffers(), p.spec.Training)
}

func (p *fakeProgram) tensor(i int) []float32 {
	if i == 4 {
		return []float32{p.steps}
	}
	return [][]float32{p.param, p.buffer, p.moment, p.second}[i]
}

func (p *fakeProgram) Read(i int, dst []float32) error {
	copy(dst, p.tensor(i))
	return nil
}

func (p *fakeProgram) Write(i int, src []float32) error {
	if i == 4 {
		p.steps = src[0]
		return nil
	}
	copy(p.tensor(i), src)
	return nil
}

func (p *fakeProgram) Memory() engine.Memory { return engine.Memory{} }
func (p *fakeProgram) Close() error          { return nil }

func (p *fakeProgram) Step(b *data.Batch, lr float64, losses []float64) error {
	p.steps++
	for i, index := range b.Index {
		v := float32(index+1) * float32(b.Pixels[i][0])
		if b.Flip[i] {
			v = -v
		}
		p.moment[i%4] = 0.9*p.moment[i%4] + v
		p.second[i%4] = 0.99*p.second[i%4] + v*v
		p.param[i%4] += float32(lr) * p.moment[i%4]
	}
	p.buffer[0] = 0.9*p.buffer[0] + p.param[0]
	for t := range losses {
		losses[t] = 1 + float64(t) + 1/float64(p.steps)
		if int(p.steps) == p.engine.nanAt && t == 1 {
			losses[t] = math.NaN()
		}
	}
	if p.engine.onStep != nil {
		p.engine.onStep(int(p.steps))
	}
	return nil
}

func (p *fakeProgram) Evaluate(b *data.Batch, logits [][]float32) error {
	for t, task := range p.spec.Tasks {
		c := len(task.Classes)
		clear(logits[t])
		for i, index := range b.Index {
			label := int(b.Labels[t][i])
			if p.engine.scores != nil && !p.engine.scores(int(p.steps), index) {
				label = (label + 1) % c
			}
			logits[t][i*c+label] = 2
		}
	}
	return nil
}

func testTasks() []run.Task {
	return []run.Task{{Name: "shape", Classes: []string{"둥근", "square"}}, {Name: "tone", Classes: []string{"a", "b", "c"}}}
}

// writeImages makes a data set of n little pictures and returns its csv.
func writeImages(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "labels.csv"))
	if err != nil {
		t.Fatal(err)
	}
	out := csv.NewWriter(f)
	tasks := testTasks()
	rows := [][]string{{"image_path", "shape", "tone"}}
	for i := range n {
		name := fmt.Sprintf("%03d.png", i)
		m := image.NewRGBA(image.Rect(0, 0, 32, 32))
		for p := range 32 * 32 {
			m.Set(p%32, p/32, color.RGBA{uint8(i * 7), uint8(p), uint8(i), 255})
		}
		g, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(g, m); err != nil {
			t.Fatal(err)
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, []string{name, tasks[0].Classes[i%2], tasks[1].Classes[i%3]})
	}
	if err := out.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

func testSpec(t *testing.T) run.Spec {
	t.Helper()
	return run.Spec{
		ID: "r1", Model: "fake", Seed: 42, Head: run.HeadMulti, Tasks: testTasks(),
		Data: run.Data{
			CSV: writeImages(t, 40), ImageSize: 32, FrequentOver: 5, Val: 0.2, Test: 0.2,
			Group: "image", Seed: 42, Prepared: t.TempDir(),
		},
		BatchSize: 4, Epochs: 4, LearningRate: 0.01, Schedule: "linear", HFlip: true,
		BestMetric: "macro_f1", Engine: "fake", ConfigDigest: "c", Version: "test", Dir: t.TempDir(),
	}
}

// recorder collects events.
type recorder struct{ events []run.Event }

func (r *recorder) deps(f *fakeEngine) Deps {
	clock := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return Deps{
		Emit:    func(e run.Event) { r.events = append(r.events, e) },
		Now:     func() time.Time { clock = clock.Add(time.Second); return clock },
		Engines: func(string) (engine.Engine, error) { return f, nil },
	}
}

func (r *recorder) of(typ run.EventType, split string) []run.Event {
	var out []run.Event
	for _, e := range r.events {
		if e.Type == typ && (split == "" || e.Split == split) {
			out = append(out, e)
		}
	}
	return out
}
