package data

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"github.com/backbone-sweep/sweep/trainer/rng"
)

// LoaderOptions say which batches a loader yields.
type LoaderOptions struct {
	Part    Part
	Batch   int    // images a batch; the last one of an epoch may be smaller
	Seed    uint64 // of shuffle and flips: the run's seed
	Epoch   int    // counts from 1
	Shuffle bool   // a new order each epoch; else cache order
	HFlip   bool   // mirror every other image, by chance
	Start   int    // first batch of the epoch to yield, to go on in its middle
	Ahead   int    // batches prepared ahead; 0 = 4
}

// Loader yields the batches of one pass over a part. A goroutine of its own
// brings the pixels of the next batches into memory and checks them; Close ends
// it and waits for it. A Loader is for one consumer.
type Loader struct {
	set    *Prepared
	opt    LoaderOptions
	order  []int32
	batch  int // next batch to fill
	ready  chan filled
	free   chan *Batch
	cancel context.CancelFunc
	done   chan struct{}
	ctx    context.Context
	held   *Batch
	waited time.Duration
}

type filled struct {
	b   *Batch
	err error
}

// NewLoader starts a pass over a part. It ends early when ctx does.
func (p *Prepared) NewLoader(ctx context.Context, o LoaderOptions) (*Loader, error) {
	if o.Batch < 1 || o.Start < 0 || o.Ahead < 0 {
		return nil, fmt.Errorf("loader of %s: batch size %d, start %d, ahead %d: want 1 or more, 0 or more, 0 or more",
			o.Part, o.Batch, o.Start, o.Ahead)
	}
	part, ok := p.parts[o.Part]
	if !ok {
		return nil, fmt.Errorf("loader: no part %q: want train, val or test", o.Part)
	}
	if o.Ahead == 0 {
		o.Ahead = 4
	}
	l := &Loader{set: p, opt: o, order: part, batch: o.Start}
	if o.Shuffle {
		l.order = make([]int32, len(part))
		for i, j := range rng.New(o.Seed, rng.Shuffle, o.Epoch, 0).Perm(len(part)) {
			l.order[i] = part[j]
		}
	}
	// One more than Ahead: the batch the consumer holds.
	l.ready, l.free = make(chan filled, o.Ahead), make(chan *Batch, o.Ahead+1)
	for range o.Ahead + 1 {
		l.free <- newBatch(min(o.Batch, len(part)), len(p.Tasks))
	}
	l.ctx, l.cancel = context.WithCancel(ctx)
	l.done = make(chan struct{})
	go l.fill()
	return l, nil
}

// Batches is the number of batches of a whole epoch, whatever Start is.
func (l *Loader) Batches() int { return (len(l.order) + l.opt.Batch - 1) / l.opt.Batch }

// Next returns the next batch, io.EOF after the last one, or the context's
// error. The batch is valid until the next call of Next or Close.
func (l *Loader) Next() (*Batch, error) {
	if l.held != nil {
		l.free <- l.held // never blocks: it has room for all batches
		l.held = nil
	}
	var f filled
	var ok bool
	select {
	case f, ok = <-l.ready:
	default:
		start := time.Now()
		f, ok = <-l.ready
		l.waited += time.Since(start)
	}
	switch {
	case !ok && l.ctx.Err() != nil:
		return nil, l.ctx.Err()
	case !ok:
		return nil, io.EOF
	case f.err != nil:
		return nil, f.err
	}
	l.held = f.b
	return f.b, nil
}

// Waited is the time that Next has spent waiting for pixels so far.
func (l *Loader) Waited() time.Duration { return l.waited }

// Close ends the pass and waits for the loader's goroutine. It may be called twice.
func (l *Loader) Close() {
	l.cancel()
	<-l.done
}

// fill runs in the loader's goroutine; it closes ready at the end of the epoch,
// after an error and when the context ends.
func (l *Loader) fill() {
	defer close(l.done)
	defer close(l.ready)
	for ; l.batch < l.Batches(); l.batch++ {
		var b *Batch
		select {
		case b = <-l.free:
		case <-l.ctx.Done():
			return
		}
		f := filled{b: b, err: l.gather(b)}
		select {
		case l.ready <- f:
		case <-l.ctx.Done():
			return
		}
		if f.err != nil {
			return
		}
	}
}

func (l *Loader) gather(b *Batch) error {
	b.reset()
	from := l.batch * l.opt.Batch
	for _, i := range l.order[from:min(from+l.opt.Batch, len(l.order))] {
		px := l.set.Pixels(int(i))
		// The sum reads every byte: that also brings the pages into memory.
		if crc32.Checksum(px, castagnoli) != l.set.sums[i] {
			return &CorruptError{Path: l.set.Dir, What: fmt.Sprintf("image %d (%s) has changed on disk", i, l.set.Images[i].Path)}
		}
		b.Pixels = append(b.Pixels, px)
		b.Index = append(b.Index, i)
		b.Flip = append(b.Flip, l.opt.HFlip && rng.New(l.opt.Seed, rng.Flip, l.opt.Epoch, uint64(i)).Uint32()&1 == 1)
		for t := range b.Labels {
			b.Labels[t] = append(b.Labels[t], l.set.Images[i].Labels[t])
		}
	}
	return nil
}

// Each calls f with every batch, then closes the loader.
func (l *Loader) Each(f func(*Batch) error) error {
	defer l.Close()
	for {
		b, err := l.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(b); err != nil {
			return err
		}
	}
}
