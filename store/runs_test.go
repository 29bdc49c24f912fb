package store

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func TestRunsAreSortedByCreation(t *testing.T) {
	s := openTest(t)
	for i, id := range []string{"z", "m", "a", "b"} {
		at := start.Add(time.Duration(min(i, 2)) * time.Second) // a and b at the same time
		if _, err := s.Create(specOf(id), at); err != nil {
			t.Fatal(err)
		}
	}
	runs, err := s.Runs()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range runs {
		ids = append(ids, r.Spec.ID)
	}
	if want := []string{"z", "m", "a", "b"}; !slices.Equal(ids, want) {
		t.Errorf("%v, want %v", ids, want)
	}
	if r := runs[0]; !reflect.DeepEqual(r.Spec, specOf("z")) || r.State != run.Queued || !r.Created.Equal(start) || !r.StateAt.Equal(start) {
		t.Errorf("%+v", r)
	}
}

func TestRunByPrefix(t *testing.T) {
	s := openTest(t)
	for _, id := range []string{"task-a-1", "task-a-12", "task-b-1"} {
		create(t, s, id)
	}
	for prefix, want := range map[string]string{
		"task-a-1": "task-a-1", "task-a-12": "task-a-12", "task-b": "task-b-1", "task-b-1": "task-b-1",
	} {
		if r, err := s.Run(prefix); err != nil || r.Spec.ID != want {
			t.Errorf("%q: %q, %v", prefix, r.Spec.ID, err)
		}
	}
	for _, prefix := range []string{"", "x", "task-c", "task-a-123"} {
		if _, err := s.Run(prefix); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %v", prefix, err)
		}
	}
	_, err := s.Run("task-")
	var ambiguous *AmbiguousError
	if !errors.As(err, &ambiguous) || !slices.Equal(ambiguous.IDs, []string{"task-a-1", "task-a-12", "task-b-1"}) {
		t.Errorf("%v", err)
	}
}

func TestCreateRefuses(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	if _, err := s.Create(specOf("r1"), start); !errors.Is(err, ErrExists) {
		t.Errorf("%v", err)
	}
	for _, id := range []string{"", "a/b", "../a", ".a", "-a", "a b", "a\x00", strings.Repeat("x", 200)} {
		if _, err := s.Create(specOf(id), start); err == nil {
			t.Errorf("%q was taken", id)
		}
	}
	if runs, _ := s.Runs(); len(runs) != 1 {
		t.Errorf("%d runs", len(runs))
	}
}

func TestRecordFollowsEvents(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
	state := func(st run.State, reason string, minute int) {
		t.Helper()
		if _, err := s.SetState("r1", st, reason, at(minute)); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want run.Record) {
		t.Helper()
		got, err := s.Run("r1")
		if err != nil {
			t.Fatal(err)
		}
		want.Spec, want.Created = got.Spec, start
		if !reflect.DeepEqual(got, want) {
			t.Errorf("\n got %+v\nwant %+v", got, want)
		}
	}
	state(run.Preparing, "", 1)
	check(run.Record{State: run.Preparing, StateAt: at(1), Started: at(1), Seq: 1})

	if err := s.SetProcess("r1", run.Process{PID: 7, Start: 8}); err != nil {
		t.Fatal(err)
	}
	p := run.Provenance{DataDigest: "d1", Engine: "host"}
	mustAppend(t, s, "r1",
		run.Event{Type: run.EventState, State: run.Running, Time: at(2), Steps: 90, Provenance: &p},
		stepEvent(1), stepEvent(2), epochEvent(1, run.Train), epochEvent(1, run.Val))
	check(run.Record{
		State: run.Running, StateAt: at(2), Started: at(1), Seq: 6, Step: 2, Epoch: 1, Steps: 90,
		Provenance: p, Process: run.Process{PID: 7, Start: 8},
	})

	state(run.Failed, "out of memory", 3)
	check(run.Record{
		State: run.Failed, Reason: "out of memory", StateAt: at(3), Started: at(1), Ended: at(3),
		Seq: 7, Step: 2, Epoch: 1, Steps: 90, Provenance: p,
	})

	state(run.Queued, "", 4)
	p.Device = "gpu"
	if err := errors.Join(s.SetProvenance("r1", p), s.SetSteps("r1", 100)); err != nil {
		t.Fatal(err)
	}
	check(run.Record{
		State: run.Queued, StateAt: at(4), Started: at(1), Seq: 8, Step: 2, Epoch: 1, Steps: 100, Provenance: p,
	})
}

func TestRemove(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	create(t, s, "r2")
	mustAppend(t, s, "r1", run.Event{Type: run.EventState, State: run.Running}, stepEvent(1))
	putBest(t, s, "r1", 1, randomBytes(1, 2<<20))
	if err := s.Remove("r1"); !errors.Is(err, ErrLive) {
		t.Errorf("a live run: %v", err)
	}
	if _, err := s.SetState("r1", run.Done, "", start); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove("r1"); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		s.Remove("r1"), s.Append("r1", []run.Event{stepEvent(2)}), s.Rewind("r1", 0, 0), s.SetSteps("r1", 1),
		s.PutPredictions("r1", run.Predictions{}), s.SetSpec("r1", specOf("r1")),
	} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
	}
	if runs, err := s.Runs(); err != nil || len(runs) != 1 || runs[0].Spec.ID != "r2" {
		t.Errorf("%v, %v", runs, err)
	}
}

func TestSetSpec(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	spec := specOf("r1")
	spec.Engine = "xla"
	if err := s.SetSpec("r1", spec); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Run("r1"); err != nil || r.Spec.Engine != "xla" {
		t.Errorf("%+v, %v", r, err)
	}
	if err := s.SetSpec("r1", specOf("r2")); err == nil {
		t.Error("took another run's spec")
	}
}

func TestNewID(t *testing.T) {
	s := openTest(t)
	newID := func(now time.Time, sweep string) string {
		t.Helper()
		id, err := s.NewID(now, sweep, "resnet18", 42)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	if got, want := newID(start, "task02"), "task02-resnet18-s42-21bf9z"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	var ids []string
	for range 5 { // within the same second, and later
		id := newID(start, "task02")
		create(t, s, id)
		ids = append(ids, id)
	}
	for _, later := range []time.Duration{time.Minute, time.Hour, 1000 * time.Hour, 100_000 * time.Hour} {
		ids = append(ids, newID(start.Add(later), "task02"))
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("not in order of age: %v", ids)
	}
	for _, sweep := range []string{"", "..", "-a", "고양이 행동", "a/b c", strings.Repeat("é", 100)} {
		id := newID(start, sweep)
		if _, err := s.Create(specOf(id), start); err != nil {
			t.Errorf("sweep %q: %v", sweep, err)
		}
	}
}
