//go:build cgo && (linux || darwin)

package xla

import (
	"fmt"
	"slices"

	"github.com/gomlx/go-xla/pjrt"

	"github.com/backbone-sweep/sweep/trainer/data"
)

// Evaluate computes the logits of one batch from its pixels.
func (p *program) Evaluate(b *data.Batch, logits [][]float32) error {
	if err := p.evaluable(b, logits); err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	N, D := p.spec.Batch, p.pixels()
	pixels := make([]byte, N*D)
	for i, px := range b.Pixels {
		copy(pixels[i*D:], px)
	}
	images, err := p.upload("images", pixels, N, D)
	if err != nil {
		return err
	}
	defer images.Destroy()
	flips := make([]byte, N)
	markFlips(flips, b.Flip)
	return p.evaluate(images, flips, len(b.Pixels), logits)
}

func (p *program) evaluable(b *data.Batch, logits [][]float32) error {
	if p.closed {
		return errClosed
	}
	if err := p.spec.CheckPixels(b); err != nil {
		return err
	}
	if err := p.spec.CheckRoom(len(b.Pixels), logits); err != nil {
		return err
	}
	return p.wait()
}

// evaluate computes the logits of the first n of Batch images on the device.
func (p *program) evaluate(images *pjrt.Buffer, flips []byte, n int, logits [][]float32) error {
	N := p.spec.Batch
	if p.logits == nil {
		d := p.design
		d.images = N
		text, err := d.logitsModule(N)
		if p.logits, err = p.compile("the evaluation", text, err); err != nil {
			return err
		}
	}
	order := make([]int32, N)
	for i := range order {
		order[i] = int32(i)
	}
	index, err := p.upload("indices", order, N)
	if err != nil {
		return err
	}
	defer index.Destroy()
	flip, err := p.upload("flips", flips, N)
	if err != nil {
		return err
	}
	defer flip.Destroy()
	out, err := p.logits.Execute(append([]*pjrt.Buffer{images, index, flip}, p.frozenState()...)...).Done()
	if err != nil {
		return failed("evaluate "+p.spec.Model, err)
	}
	defer destroy(out)
	for t, task := range p.spec.Tasks {
		C := len(task.Classes)
		all := make([]float32, N*C)
		if err := out[t].ToHost(bytesOf(all)); err != nil {
			return failed("read the logits of "+p.spec.Model, err)
		}
		copy(logits[t][:n*C], all)
	}
	return nil
}

// frozenState are parameters and running statistics.
func (p *program) frozenState() []*pjrt.Buffer {
	return p.state[:len(p.params)+len(p.buffers)]
}

func destroy(bs []*pjrt.Buffer) {
	for _, b := range bs {
		_ = b.Destroy() // nothing can be done about it, and nothing depends on it
	}
}

// judging is the host's side of scoring: room for K·n images.
type judging struct {
	index   []int32   // [K, n]
	flip    []byte    // [K, n]
	labels  []int32   // [K, T, n]
	pixels  []byte    // [K·n, S·S·3]; empty when the images are on the device
	classes []int32   // [K, T, n]
	losses  []float32 // [K, T, n]
}

// ScoreBatch is the most images of a call of Score.
func (p *program) ScoreBatch() int { return p.most * p.spec.Batch }

// Score predicts the classes of up to ScoreBatch images and computes their
// cross-entropies, [task][image], with running statistics.
func (p *program) Score(b *data.Batch, classes [][]int32, losses [][]float32) error {
	if p.closed {
		return errClosed
	}
	if err := p.checkBatch(b, p.ScoreBatch()); err != nil {
		return fmt.Errorf("score: %w", err)
	}
	if err := p.spec.CheckLabels(b); err != nil {
		return fmt.Errorf("score: %w", err)
	}
	if err := p.wait(); err != nil {
		return err
	}
	K, N, T := p.most, p.spec.Batch, len(p.spec.Tasks)
	if p.score == nil {
		d := p.design
		if p.resident == nil {
			d.images = K * N
		}
		text, err := d.scoreModule(N)
		if p.score, err = p.compile("the validation", text, err); err != nil {
			return err
		}
		p.judged = &judging{
			index: make([]int32, K*N), flip: make([]byte, K*N), labels: make([]int32, K*T*N),
			classes: make([]int32, K*T*N), losses: make([]float32, K*T*N),
		}
		if p.resident == nil {
			p.judged.pixels = make([]byte, K*N*p.pixels())
		}
	}
	j, n := p.judged, len(b.Flip)
	markFlips(j.flip, b.Flip)
	for i := range n {
		if p.resident != nil {
			j.index[i] = b.Index[i]
		} else {
			j.index[i] = int32(i)
			copy(j.pixels[i*p.pixels():], b.Pixels[i])
		}
		for t := range T {
			j.labels[(i/N*T+t)*N+i%N] = b.Labels[t][i]
		}
	}
	if err := p.judge((n + N - 1) / N); err != nil {
		return err
	}
	for t := range T {
		for i := range n {
			at := (i/N*T+t)*N + i%N
			classes[t][i], losses[t][i] = j.classes[at], j.losses[at]
		}
	}
	return nil
}

// judge runs score on the first blocks of what is in judged.
func (p *program) judge(blocks int) error {
	K, N, T, j := p.most, p.spec.Batch, len(p.spec.Tasks), p.judged
	var args []*pjrt.Buffer
	add := func(what string, values any, dims ...int) error {
		b, err := p.upload(what, values, dims...)
		if err == nil {
			args = append(args, b)
		}
		return err
	}
	defer func() { destroy(args) }()
	if p.resident == nil {
		if err := add("images", j.pixels, K*N, p.pixels()); err != nil {
			return err
		}
	}
	if err := add("block count", []int32{int32(blocks)}); err != nil {
		return err
	}
	if err := add("indices", j.index, K, N); err != nil {
		return err
	}
	if err := add("flips", j.flip, K, N); err != nil {
		return err
	}
	if err := add("labels", j.labels, K, T, N); err != nil {
		return err
	}
	all := slices.Clone(args)
	if p.resident != nil {
		all = slices.Insert(all, 0, p.resident)
	}
	out, err := p.score.Execute(append(all, p.frozenState()...)...).Done()
	if err != nil {
		return failed("validate "+p.spec.Model, err)
	}
	defer destroy(out)
	if err := out[0].ToHost(bytesOf(j.classes)); err != nil {
		return failed("read the predictions of "+p.spec.Model, err)
	}
	if err := out[1].ToHost(bytesOf(j.losses)); err != nil {
		return failed("read the losses of "+p.spec.Model, err)
	}
	return nil
}
