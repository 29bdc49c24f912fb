package store

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// describe spells an event with every field, NaN equal to NaN.
func describe(e run.Event) string {
	counts, provenance := "", ""
	if e.Counts != nil {
		counts = fmt.Sprintf("%v", *e.Counts)
	}
	if e.Provenance != nil {
		provenance = fmt.Sprintf("%v", *e.Provenance)
	}
	e.Counts, e.Provenance = nil, nil
	return fmt.Sprintf("%+v %s %s", e, counts, provenance)
}

func allEvents(t testing.TB, s *Store, id string, from int64) []run.Event {
	t.Helper()
	var out []run.Event
	if err := s.Events(id, from, func(e run.Event) error { out = append(out, e); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEventsComeBackAsTheyWere(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	var want []run.Event
	add := func(events ...run.Event) { want = append(want, mustAppend(t, s, "r1", events...)...) }
	add(run.Event{Type: run.EventState, Time: start, State: run.Running, Steps: 3000, Provenance: &run.Provenance{DataDigest: "d", Engine: "host"}})
	step := 0
	for epoch := 1; epoch <= 3; epoch++ {
		for range 10 {
			var batch []run.Event
			for range 100 {
				step++
				batch = append(batch, stepEvent(step))
			}
			batch = append(batch, logEvent("after step %d: %s", step, bytes.Repeat([]byte("x"), step%700)))
			add(batch...)
		}
		add(epochEvent(epoch, run.Train), epochEvent(epoch, run.Val))
	}
	add(run.Event{Type: run.EventMachine, Time: start, Values: run.Values{{Key: "gpu", V: 0.5}}})

	for _, from := range []int64{0, 1, 2, 513, 1500, int64(len(want)), int64(len(want)) + 1} {
		got := allEvents(t, s, "r1", from)
		rest := want[max(from, 1)-1:]
		if len(got) != len(rest) {
			t.Fatalf("from %d: %d events, want %d", from, len(got), len(rest))
		}
		for i := range got {
			if describe(got[i]) != describe(rest[i]) {
				t.Fatalf("from %d: event %d:\n got %s\nwant %s", from, i, describe(got[i]), describe(rest[i]))
			}
		}
	}
}
