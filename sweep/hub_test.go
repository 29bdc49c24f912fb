package sweep

import (
	"fmt"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// A subscriber that takes nothing costs a bounded queue, and learns that it
// missed something.
func TestSubscriptionIsBounded(t *testing.T) {
	h := newHub()
	h.limit = 10
	sub := h.subscribe()
	put := func(from, to int64) {
		for seq := from; seq <= to; seq++ {
			h.publish(run.Event{Run: "a", Seq: seq, Type: run.EventStep})
		}
	}
	put(1, 10)
	if events, missed := sub.take(); len(events) != 10 || missed {
		t.Errorf("within the limit: %d events, missed %v", len(events), missed)
	}
	put(11, 1000)
	if len(sub.queue) > 10 {
		t.Errorf("%d events wait", len(sub.queue))
	}
	<-sub.more
	if events, missed := sub.take(); len(events) != 0 || !missed {
		t.Errorf("beyond the limit: %d events, missed %v", len(events), missed)
	}
	put(1001, 1003)
	if events, missed := sub.take(); len(events) != 3 || missed || events[0].seq != 1001 {
		t.Errorf("afterwards: %+v, missed %v", events, missed)
	}
	h.unsubscribe(sub)
	put(1004, 1004)
	if events, _ := sub.take(); len(events) > 0 {
		t.Errorf("after the end: %+v", events)
	}
}

func TestLastSaid(t *testing.T) {
	h := newHub()
	for _, test := range []struct {
		event run.Event
		live  bool
	}{
		{run.Event{Type: run.EventState, State: run.Queued}, false},
		{run.Event{Type: run.EventState, State: run.Preparing}, true},
		{run.Event{Type: run.EventStep}, true},
		{run.Event{Type: run.EventState, State: run.Failed}, false},
	} {
		test.event.Run = "a"
		h.publish(test.event)
		if got := !h.lastSaid("a").IsZero(); got != test.live {
			t.Errorf("after %s %s: said something: %v", test.event.Type, test.event.State, got)
		}
	}
}

// BenchmarkPublish is what an event costs a supervisor with subscribers that do not read.
func BenchmarkPublish(b *testing.B) {
	for _, n := range []int{0, 1, 20} {
		b.Run(fmt.Sprint(n, " subscribers"), func(b *testing.B) {
			h := newHub()
			for range n {
				h.subscribe()
			}
			e := run.Event{Run: "a", Type: run.EventStep, Step: 1, LR: 0.1, Values: run.Values{{Key: "loss", V: 1.25}}}
			for b.Loop() {
				e.Seq++
				h.publish(e)
			}
		})
	}
}
