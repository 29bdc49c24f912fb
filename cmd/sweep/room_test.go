package main

import (
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// What a run took that began alone counts for those like it.
func TestRoomByWhatRunsHaveTaken(t *testing.T) {
	free := int64(3 << 30)
	r := newRoom(&env{getenv: func(string) string { return "" }})
	r.free = func() (int64, int64, bool) { return free, 8 << 30, true }
	spec := func(id string, batch int) run.Spec {
		return run.Spec{ID: id, Model: "resnet18", Engine: "xla", BatchSize: batch}
	}
	takes := func(id string, bytes float64) {
		r.event(run.Event{Run: id, Type: run.EventMachine, Values: run.Values{{Key: sweep.NeedKey, V: bytes}}})
	}
	a, b, c := spec("a", 16), spec("b", 16), spec("c", 16)
	takes("a", 4<<30)
	if err := r.fits(b, []run.Spec{a}, []bool{true}); err == nil || !strings.Contains(err.Error(), "needs 4.7 GiB, 3.0 GiB are free") {
		t.Errorf("b beside a: %v", err)
	}
	free = 6 << 30
	if err := r.fits(b, []run.Spec{a}, []bool{true}); err != nil {
		t.Errorf("b beside a: %v", err)
	}
	if err := r.fits(b, []run.Spec{a}, []bool{false}); err == nil {
		t.Error("b fits beside a, which has not taken what it needs yet")
	}
	takes("b", 1<<30) // it was asked about: the newest measurement counts
	if err := r.fits(c, []run.Spec{a, b}, []bool{true, true}); err != nil {
		t.Errorf("c beside a and b: %v", err)
	}
}
