package trainer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/metric"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// PredictorOptions say which network predicts.
type PredictorOptions struct {
	Engines   Engines
	Engine    string
	Model     string
	Head      string
	Tasks     []run.Task
	ImageSize int
	Batch     int
	Weights   string // weight file with heads
}

// Predictor labels image files.
type Predictor struct {
	opt  PredictorOptions
	eng  engine.Engine
	prog engine.Program
}

// Prediction is what the network says about one image, or why it says nothing.
type Prediction struct {
	Path   string
	Err    error       // the image could not be read; the rest is empty
	Class  []int       // [task]
	Prob   [][]float64 // [task][class], softmax
	Logits [][]float32 // [task][class]
}

// NewPredictor loads the weights, whose file must hold the heads of all tasks.
func NewPredictor(o PredictorOptions) (*Predictor, error) {
	eng, err := o.Engines.Open(o.Engine)
	if err != nil {
		return nil, err
	}
	p := &Predictor{opt: o, eng: eng}
	if err := p.load(); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Predictor) load() error {
	o := p.opt
	prog, err := p.eng.Compile(engine.Spec{
		Model: o.Model, Head: o.Head, Tasks: o.Tasks, ImageSize: o.ImageSize, Batch: o.Batch, Log: o.Engines.Note,
	})
	if err != nil {
		return fmt.Errorf("build %s: %w", o.Model, err)
	}
	p.prog = prog
	state := weights.State{}
	if _, err := weights.Load(o.Weights, prog.Params(), prog.Buffers(), state); err != nil {
		return err
	}
	for _, q := range prog.Params() {
		if _, ok := state[q.Name]; !ok && q.Head {
			return fmt.Errorf("%s holds no %s of shape %v: these weights have no head for the config's labels", o.Weights, q.Name, q.TimmShape())
		}
	}
	return writeWeights(prog, state)
}

// Close frees the network.
func (p *Predictor) Close() error {
	var err error
	if p.prog != nil {
		err = p.prog.Close()
	}
	return errors.Join(err, p.eng.Close())
}

// decoded is an image on its way into the network.
type decoded struct {
	path   string
	pixels []byte
	err    error
}

// Predict labels the images in order and calls f for each. Decoding runs ahead
// of the network by a few batches, however many images there are.
func (p *Predictor) Predict(ctx context.Context, paths []string, f func(Prediction) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()

	// Every path is a task for the decoders and a place in the order.
	type task struct {
		path string
		done chan decoded
	}
	tasks := make(chan task)
	order := make(chan chan decoded, 4*p.opt.Batch)
	workers.Go(func() {
		defer close(tasks)
		defer close(order)
		for _, path := range paths {
			t := task{path, make(chan decoded, 1)}
			select {
			case order <- t.done:
			case <-ctx.Done():
				return
			}
			select {
			case tasks <- t:
			case <-ctx.Done():
				return
			}
		}
	})
	for _, r := range data.NewImageReaders(p.opt.ImageSize, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for t := range tasks {
				px := make([]byte, p.opt.ImageSize*p.opt.ImageSize*3)
				err := r.Load(px, t.path)
				t.done <- decoded{t.path, px, err}
			}
		})
	}

	batch := make([]decoded, 0, p.opt.Batch)
	for left := len(paths); left > 0; left -= len(batch) {
		batch = batch[:0]
		for range min(left, p.opt.Batch) {
			var done chan decoded
			select {
			case done = <-order: // nil when the order has ended, with ctx
			case <-ctx.Done():
			}
			select {
			case d := <-done:
				batch = append(batch, d)
			case <-ctx.Done(): // what has a place in the order may have no decoder
				return ctx.Err()
			}
		}
		if err := p.label(batch, f); err != nil {
			return err
		}
	}
	return nil
}

// label gives a batch to the network and calls f for each of its images.
func (p *Predictor) label(batch []decoded, f func(Prediction) error) error {
	predictions := make([]Prediction, len(batch))
	var pixels [][]byte
	var of []int
	for j, d := range batch {
		predictions[j] = Prediction{Path: d.path, Err: d.err}
		if d.err == nil {
			pixels, of = append(pixels, d.pixels), append(of, j)
		}
	}
	if err := p.predict(pixels, of, predictions); err != nil {
		return err
	}
	for _, q := range predictions {
		if err := f(q); err != nil {
			return err
		}
	}
	return nil
}

// predict fills in the predictions at positions of from their pixels.
func (p *Predictor) predict(pixels [][]byte, of []int, out []Prediction) error {
	n := len(pixels)
	if n == 0 {
		return nil
	}
	b := &data.Batch{Pixels: pixels, Index: make([]int32, n), Flip: make([]bool, n)}
	logits := make([][]float32, len(p.opt.Tasks))
	for t, task := range p.opt.Tasks {
		logits[t] = make([]float32, n*len(task.Classes))
	}
	if err := p.prog.Evaluate(b, logits); err != nil {
		return err
	}
	for i, j := range of {
		for t, task := range p.opt.Tasks {
			c := len(task.Classes)
			row := logits[t][i*c : (i+1)*c]
			out[j].Logits = append(out[j].Logits, row)
			out[j].Class = append(out[j].Class, int(metric.Argmax(row)))
			out[j].Prob = append(out[j].Prob, softmax(row))
		}
	}
	return nil
}

func softmax(row []float32) []float64 {
	top := math.Inf(-1)
	for _, v := range row {
		top = max(top, float64(v))
	}
	out, sum := make([]float64, len(row)), 0.0
	for i, v := range row {
		out[i] = math.Exp(float64(v) - top)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
