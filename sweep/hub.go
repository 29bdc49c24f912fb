package sweep

import (
	"sync"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// queueLimit bounds the events that wait for a subscriber. One that is further
// behind reads them from the store.
const queueLimit = 2048

// hub passes events on to subscribers. It never waits for one.
type hub struct {
	limit int // of the events that wait for a subscriber

	mu   sync.Mutex
	subs map[*subscription]bool
	said map[string]time.Time // when a live run last said something
}

func newHub() *hub {
	return &hub{limit: queueLimit, subs: map[*subscription]bool{}, said: map[string]time.Time{}}
}

// publish is a sink of the supervisor.
func (h *hub) publish(e run.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case e.Type == run.EventState && !e.State.Live():
		delete(h.said, e.Run)
	case e.Type != run.EventMachine: // a training that hangs still has a load
		h.said[e.Run] = time.Now()
	}
	if len(h.subs) == 0 {
		return
	}
	text, err := e.MarshalJSON()
	waiting := waiting{run: e.Run, seq: e.Seq, line: append(text, '\n')}
	for sub := range h.subs {
		sub.put(waiting, err == nil, h.limit)
	}
}

// lastSaid is when a live run last said something; zero when it is not live.
func (h *hub) lastSaid(id string) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.said[id]
}

func (h *hub) subscribe() *subscription {
	sub := &subscription{more: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subs[sub] = true
	return sub
}

func (h *hub) unsubscribe(sub *subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, sub)
}

// waiting is an event on its way to subscribers, who share its line.
type waiting struct {
	run  string
	seq  int64
	line []byte
}

// subscription is the queue of one subscriber.
type subscription struct {
	more chan struct{} // has a value when there may be something to take

	mu     sync.Mutex
	queue  []waiting
	missed bool // events were dropped: the store has them
}

func (s *subscription) put(e waiting, ok bool, limit int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.missed:
		return
	case !ok || len(s.queue) == limit:
		s.queue, s.missed = nil, true
	default:
		s.queue = append(s.queue, e)
	}
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// take empties the queue. missed says that events are to be read from the store instead.
func (s *subscription) take() (events []waiting, missed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	events, missed = s.queue, s.missed
	s.queue, s.missed = nil, false
	return events, missed
}
