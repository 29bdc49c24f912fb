package trainer

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

// redProgram takes the red of an image's first pixel for its class.
type redProgram struct {
	engine.Program
	batches []int
	err     error
}

func (p *redProgram) Evaluate(b *data.Batch, logits [][]float32) error {
	p.batches = append(p.batches, b.Len())
	for i := range b.Index {
		logits[0][4*i+int(b.Pixels[i][0])] = 1
	}
	return p.err
}

// Images come back in order with their own labels, the broken ones among them,
// in full batches however many there are.
func TestPredict(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for i := range 50 {
		name := filepath.Join(dir, string(rune('A'+i))+".png")
		paths = append(paths, name)
		if i%7 == 3 {
			continue // not there
		}
		m := image.NewRGBA(image.Rect(0, 0, 8, 8))
		for p := range 64 {
			m.Set(p%8, p/8, color.RGBA{uint8(i % 4), 0, 0, 255})
		}
		f, err := os.Create(name)
		if err == nil {
			err = errors.Join(png.Encode(f, m), f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	prog := &redProgram{}
	p := &Predictor{prog: prog, opt: PredictorOptions{
		Tasks: []run.Task{{Name: "a", Classes: []string{"0", "1", "2", "3"}}}, ImageSize: 8, Batch: 4,
	}}
	at := 0
	err := p.Predict(t.Context(), paths, func(q Prediction) error {
		if q.Path != paths[at] {
			t.Errorf("image %d is %s, want %s", at, q.Path, paths[at])
		}
		switch broken := at%7 == 3; {
		case broken != (q.Err != nil):
			t.Errorf("image %d: %v", at, q.Err)
		case !broken && (q.Class[0] != at%4 || len(q.Prob[0]) != 4 || q.Logits[0][at%4] != 1):
			t.Errorf("image %d: %+v", at, q)
		}
		at++
		return nil
	})
	if err != nil || at != 50 {
		t.Errorf("%d images, %v", at, err)
	}
	if len(prog.batches) != 13 {
		t.Errorf("batches %v", prog.batches)
	}

	// Whatever ends it, nothing goes on behind.
	stop := errors.New("stop")
	if err := p.Predict(t.Context(), paths, func(Prediction) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want %v", err, stop)
	}
	for range 200 { // at whatever moment it comes
		ctx, cancel := context.WithCancel(t.Context())
		if err := p.Predict(ctx, paths, func(Prediction) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want %v", err, context.Canceled)
		}
	}
	prog.err = stop
	if err := p.Predict(t.Context(), paths, func(Prediction) error { return nil }); !errors.Is(err, stop) {
		t.Errorf("got %v, want %v", err, stop)
	}
}
