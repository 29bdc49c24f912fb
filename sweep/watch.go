package sweep

import (
	"context"
	"errors"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// watcher follows the events of all runs on behalf of one subscriber: each one
// once, in the order of its run. It reads from the store whatever the
// subscription does not hold.
type watcher struct {
	store *store.Store
	sub   *subscription
	last  map[string]int64 // run → number of the last event that was passed on
	emit  func(line []byte) error
	flush func() error // called when nothing waits at the moment
}

// run goes on until ctx ends, emit or flush fails, or, having passed on all
// that is there, closing is closed.
func (w *watcher) run(ctx context.Context, closing <-chan struct{}) error {
	if err := w.catchUp(ctx); err != nil {
		return err
	}
	for {
		if err := w.flush(); err != nil {
			return err
		}
		ending := false
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-closing:
			ending = true
		case <-w.sub.more:
		}
		events, missed := w.sub.take()
		for _, e := range events {
			if err := w.pass(ctx, e); err != nil {
				return err
			}
		}
		if missed || ending {
			if err := w.catchUp(ctx); err != nil {
				return err
			}
		}
		if ending {
			return w.flush()
		}
	}
}

// pass passes on an event of the subscription unless it was read from the store before.
func (w *watcher) pass(ctx context.Context, e waiting) error {
	switch last := w.last[e.run]; {
	case e.seq <= last:
		return nil
	case e.seq > last+1:
		return w.read(ctx, e.run)
	}
	w.last[e.run] = e.seq
	return w.emit(e.line)
}

// catchUp passes on what the store has of all runs.
func (w *watcher) catchUp(ctx context.Context) error {
	records, err := w.store.Runs()
	if err != nil {
		return err
	}
	for _, r := range records {
		if r.Seq > w.last[r.Spec.ID] {
			if err := w.read(ctx, r.Spec.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// read passes on what the store has of a run.
func (w *watcher) read(ctx context.Context, id string) error {
	err := w.store.Events(id, w.last[id]+1, func(e run.Event) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, err := e.MarshalJSON()
		if err != nil {
			return err
		}
		w.last[id] = e.Seq
		return w.emit(append(text, '\n'))
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil // removed meanwhile
	}
	return err
}
