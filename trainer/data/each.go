package data

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// each calls f(worker, i) for i in 0…n-1 from as many goroutines as there are
// processors; worker tells them apart. It returns after all have ended, with the
// first error, which also stops the others.
func each(ctx context.Context, n int, f func(worker, i int) error) error {
	var (
		next atomic.Int64
		wg   sync.WaitGroup
		once sync.Once
		err  error
	)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	fail := func(e error) {
		once.Do(func() { err = e })
		cancel()
	}
	for w := range min(n, workers()) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if e := ctx.Err(); e != nil {
					fail(e)
					return
				}
				if e := f(w, i); e != nil {
					fail(e)
					return
				}
			}
		})
	}
	wg.Wait()
	return err
}

func workers() int { return runtime.GOMAXPROCS(0) }

// counter turns finished items into progress calls, one at a time.
type counter struct {
	progress Progress
	stage    string

	mu    sync.Mutex
	done  int
	total int
}

func newCounter(p Progress, stage string, total int) *counter {
	c := &counter{progress: p, stage: stage, total: total}
	if total > 0 {
		c.add(0)
	}
	return c
}

func (c *counter) add(n int) {
	if c.progress == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += n
	c.progress(c.stage, c.done, c.total)
}

// more raises the total.
func (c *counter) more(n int) {
	c.mu.Lock()
	c.total += n
	c.mu.Unlock()
}
