package tui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

const (
	// feedPeriod is the shortest time between two batches, and so between two
	// frames that nobody asked for by a key. Slower than the eye, faster than
	// patience, and a quarter of the bytes that ten frames a second would take.
	feedPeriod = 250 * time.Millisecond
	// feedBatch bounds a batch: folding it takes a few milliseconds.
	feedBatch = 4096
)

// feed carries the events of one link from the watch to the app. The watch waits
// while the app is busy; the supervisor gathers larger batches then.
type feed struct {
	link   int
	client sweep.Client
	after  map[string]int64
	ctx    context.Context
	cancel context.CancelFunc
	events chan []run.Event
	rest   []run.Event // of a batch that was too large; only next touches it
}

func newFeed(ctx context.Context, link int, client sweep.Client, after map[string]int64) *feed {
	ctx, cancel := context.WithCancel(ctx)
	return &feed{link: link, client: client, after: after, ctx: ctx, cancel: cancel, events: make(chan []run.Event)}
}

// watch runs until the link is lost or the feed cancelled.
func (f *feed) watch() tea.Msg {
	err := f.client.Watch(f.ctx, f.after, func(events []run.Event) error {
		select {
		case f.events <- events:
			return nil
		case <-f.ctx.Done():
			return f.ctx.Err()
		}
	})
	f.cancel()
	if err == nil || errors.Is(err, context.Canceled) {
		err = errors.New("the supervisor ended the connection")
	}
	return lostMsg{link: f.link, err: err}
}

// next waits for events and gathers what comes within the period.
func (f *feed) next(now func() time.Time) tea.Cmd {
	return func() tea.Msg {
		batch := f.rest
		f.rest = nil
		if len(batch) == 0 {
			select {
			case <-f.ctx.Done():
				return nil
			case events := <-f.events:
				batch = append(batch, events...)
			}
		}
		full := time.NewTimer(feedPeriod)
		defer full.Stop()
		for len(batch) < feedBatch {
			select {
			case events := <-f.events:
				batch = append(batch, events...)
				continue
			case <-full.C:
			case <-f.ctx.Done():
			}
			break
		}
		if len(batch) > feedBatch {
			batch, f.rest = batch[:feedBatch:feedBatch], batch[feedBatch:]
		}
		return eventsMsg{link: f.link, events: batch, now: now()}
	}
}
