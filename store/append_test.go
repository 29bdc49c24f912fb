package store

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// A refused batch leaves nothing behind, not even its good events.
func TestAppendRefuses(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	mustAppend(t, s, "r1", stepEvent(1), stepEvent(5), epochEvent(2, run.Val))
	for name, c := range map[string]struct {
		event run.Event
		says  string
	}{
		"a step twice":         {stepEvent(5), "rewind the run first"},
		"an earlier step":      {stepEvent(4), "rewind the run first"},
		"an epoch twice":       {epochEvent(2, run.Val), "rewind the run first"},
		"epoch 0":              {epochEvent(0, run.Test), "counts from 1"},
		"an unknown type":      {run.Event{Type: "hello"}, "unknown"},
		"an unknown state":     {run.Event{Type: run.EventState, State: "asleep"}, "unknown"},
		"a best":               {*bestEvent("r1", 3, 1), "use PutBest"},
		"another run's":        {run.Event{Type: run.EventLog, Run: "r2"}, `run "r2"`},
		"a number left out":    {run.Event{Type: run.EventLog, Seq: 6}, "rise by one"},
		"a number used before": {run.Event{Type: run.EventLog, Seq: 3}, "rise by one"},
	} {
		events := []run.Event{logEvent("fine"), c.event}
		if err := s.Append("r1", events); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if events[0].Seq != 0 {
			t.Errorf("%s: the batch got numbers", name)
		}
	}
	r, err := s.Run("r1")
	if err != nil || r.Seq != 3 || r.Step != 5 {
		t.Errorf("%+v, %v", r, err)
	}
	if n := len(allEvents(t, s, "r1", 1)); n != 3 {
		t.Errorf("%d events", n)
	}
	if err := s.Append("r1", nil); err != nil {
		t.Errorf("nothing: %v", err)
	}
}

// Every float64 comes back with the same bits, in each way of reading.
func TestNumbersComeBackExactly(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	numbers := []float64{
		0, math.Copysign(0, -1), 1. / 3, 5e-5, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64,
		math.SmallestNonzeroFloat64, math.Float64frombits(0x7ff8_0000_dead_beef), math.Pi * 1e-300,
	}
	at := func(i int) float64 { return numbers[i%len(numbers)] }
	const steps = 3*stepsPerBlock + 7
	var batch []run.Event
	for i := range steps {
		e := stepEvent(i + 1)
		e.LR, e.ImagesPerS, e.DataWait = at(i), at(i+1), at(i+2)
		for k := range e.Values {
			e.Values[k].V = at(i + 3 + k)
		}
		if i >= stepsPerBlock+10 { // another metric from here on
			e.Values = append(e.Values, run.Value{Key: "extra", V: at(i)})
		}
		if batch = append(batch, e); len(batch) == 1+i%29 {
			mustAppend(t, s, "r1", batch...)
			batch = nil
		}
	}
	mustAppend(t, s, "r1", batch...)
	same := func(what string, i int, got, want float64) {
		t.Helper()
		if math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%s %d: %x, want %x", what, i, math.Float64bits(got), math.Float64bits(want))
		}
	}
	i := 0
	err := s.Steps("r1", func(e run.Event) error {
		if e.Step != i+1 {
			t.Fatalf("step %d, want %d", e.Step, i+1)
		}
		same("lr", i, e.LR, at(i))
		same("images/s", i, e.ImagesPerS, at(i+1))
		same("data wait", i, e.DataWait, at(i+2))
		for k, v := range e.Values[:3] {
			same(v.Key, i, v.V, at(i+3+k))
		}
		i++
		return nil
	})
	if err != nil || i != steps {
		t.Fatalf("%d steps, %v", i, err)
	}
	c, err := s.Columns("r1", 1)
	if err != nil || c.Len() != steps {
		t.Fatalf("%d points, %v", c.Len(), err)
	}
	if want := []string{"loss", "loss_action", "loss_emotion", "extra"}; !slices.Equal(c.Keys, want) {
		t.Fatalf("keys %v", c.Keys)
	}
	for i := range steps {
		if c.Step[i] != int64(i+1) || c.Seq[i] != int64(i+1) || c.Time[i] != stepEvent(i+1).Time.UnixNano() || c.Epoch[i] != int64(stepEvent(i+1).Epoch) {
			t.Fatalf("point %d: step %d, seq %d, time %d", i, c.Step[i], c.Seq[i], c.Time[i])
		}
		same("lr", i, c.LR[i], at(i))
		same("loss_emotion", i, c.Values[2][i], at(i+5))
		if i < stepsPerBlock+10 {
			same("extra", i, c.Values[3][i], math.NaN())
		} else {
			same("extra", i, c.Values[3][i], at(i))
		}
	}
	if rest, err := s.Columns("r1", 600); err != nil || rest.Len() != steps-599 || rest.Step[0] != 600 {
		t.Errorf("from 600: %d points, %v", rest.Len(), err)
	}
}

func TestEpochsComeBack(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	want := mustAppend(t, s, "r1", epochEvent(1, run.Train), epochEvent(1, run.Val), epochEvent(2, run.Val), epochEvent(1, run.Test), epochEvent(2, run.Test))
	want = slices.Delete(want, 3, 4) // of the test split the last one counts
	var got []run.Event
	if err := s.Epochs("r1", func(e run.Event) error { got = append(got, e); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(got, want, func(a, b run.Event) bool { return describe(a) == describe(b) }) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
}

func TestCallbackErrorsComeBack(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	mustAppend(t, s, "r1", stepEvent(1), stepEvent(2), epochEvent(1, run.Val), epochEvent(2, run.Val))
	stop := errors.New("stop")
	for name, read := range map[string]func(func(run.Event) error) error{
		"events": func(fn func(run.Event) error) error { return s.Events("r1", 1, fn) },
		"steps":  func(fn func(run.Event) error) error { return s.Steps("r1", fn) },
		"epochs": func(fn func(run.Event) error) error { return s.Epochs("r1", fn) },
	} {
		calls := 0
		// A callback may write: it does not run within a transaction.
		err := read(func(run.Event) error { calls++; return errors.Join(s.SetSteps("r1", calls), stop) })
		if !errors.Is(err, stop) || calls != 1 {
			t.Errorf("%s: %d calls, %v", name, calls, err)
		}
	}
}

func TestRewind(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	epochOf := func(n int) {
		t.Helper()
		var events []run.Event
		for i := range 10 {
			events = append(events, stepEvent((n-1)*10+i+1))
		}
		mustAppend(t, s, "r1", append(events, epochEvent(n, run.Train), epochEvent(n, run.Val))...)
	}
	read := func() (steps, epochs []int) {
		t.Helper()
		err := errors.Join(
			s.Steps("r1", func(e run.Event) error { steps = append(steps, e.Step); return nil }),
			s.Epochs("r1", func(e run.Event) error {
				if e.Split == run.Val {
					epochs = append(epochs, e.Epoch)
				}
				return nil
			}))
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.Columns("r1", 0)
		if err != nil || c.Len() != len(steps) {
			t.Fatalf("%d points, %d steps, %v", c.Len(), len(steps), err)
		}
		return steps, epochs
	}
	upTo := func(n int) (out []int) {
		for i := range n {
			out = append(out, i+1)
		}
		return out
	}
	for n := 1; n <= 3; n++ {
		epochOf(n)
	}
	mustAppend(t, s, "r1", stepEvent(31), stepEvent(32))
	putBest(t, s, "r1", 2, []byte("two"))

	for _, to := range []struct{ step, epoch int }{{33, 3}, {32, 4}, {-1, 0}, {0, -1}} {
		if err := s.Rewind("r1", to.step, to.epoch); err == nil {
			t.Errorf("went to step %d, epoch %d", to.step, to.epoch)
		}
	}
	// Back to the end of epoch 3, then on, then back to epoch 2 and on again.
	if err := s.Rewind("r1", 30, 3); err != nil {
		t.Fatal(err)
	}
	if steps, epochs := read(); !slices.Equal(steps, upTo(30)) || !slices.Equal(epochs, upTo(3)) {
		t.Errorf("%v %v", steps, epochs)
	}
	epochOf(4)
	if err := s.Rewind("r1", 20, 2); err != nil {
		t.Fatal(err)
	}
	if steps, epochs := read(); !slices.Equal(steps, upTo(20)) || !slices.Equal(epochs, upTo(2)) {
		t.Errorf("%v %v", steps, epochs)
	}
	if m, err := s.Best("r1"); err != nil || m.Epoch != 2 {
		t.Errorf("the best of epoch 2: %+v, %v", m, err)
	}
	epochOf(3)
	epochOf(4)
	if steps, epochs := read(); !slices.Equal(steps, upTo(40)) || !slices.Equal(epochs, upTo(4)) {
		t.Errorf("%v %v", steps, epochs)
	}
	// The events tell the whole story.
	r, err := s.Run("r1")
	if events := allEvents(t, s, "r1", 1); err != nil || int64(len(events)) != r.Seq {
		t.Errorf("%d events of %d, %v", len(events), r.Seq, err)
	}
	// A best of an epoch that is to be done again goes.
	if err := s.Rewind("r1", 10, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Best("r1"); !errors.Is(err, ErrNoBest) {
		t.Errorf("best: %v", err)
	}
	if r, err := s.Run("r1"); err != nil || r.Best != nil || r.Step != 10 || r.Epoch != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	putBest(t, s, "r1", 1, []byte("one"))
}
