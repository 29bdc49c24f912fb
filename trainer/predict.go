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
	pixels []byte
	err    error
}

// Predict labels the images in order and calls f for each. Decoding runs ahead
// of the network.
func (p *Predictor) Predict(ctx context.Context, paths []string, f func(Prediction) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()

	images := make([]chan decoded, len(paths))
	for i := range images {
		images[i] = make(chan decoded, 1)
	}
	// At most this many images are decoded and not yet used.
	ahead := make(chan struct{}, 4*p.opt.Batch)
	next := make(chan int)
	workers.Go(func() {
		defer close(next)
		for i := range paths {
			select {
			case ahead <- struct{}{}:
			case <-ctx.Done():
				return
			}
			next <- i
		}
	})
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				px, err := data.LoadImage(paths[i], p.opt.ImageSize)
				images[i] <- decoded{px, err}
			}
		})
	}

	for from := 0; from < len(paths); from += p.opt.Batch {
		batch := paths[from:min(from+p.opt.Batch, len(paths))]
		predictions := make([]Prediction, len(batch))
		var pixels [][]byte
		var of []int
		for j, path := range batch {
			var d decoded
			select {
			case d = <-images[from+j]:
				<-ahead
			case <-ctx.Done():
				return ctx.Err()
			}
			predictions[j] = Prediction{Path: path, Err: d.err}
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
