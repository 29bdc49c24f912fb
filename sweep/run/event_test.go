package run

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestEventIsOneFlatObject(t *testing.T) {
	e := Event{
		V: 1, Seq: 12, Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Run: "a", Type: EventStep,
		Step: 7, Epoch: 2, LR: 5e-5, ImagesPerS: 120.5,
		Values: Values{{"loss", 1.25}, {"loss_action", math.NaN()}},
	}
	got, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"v":1,"seq":12,"time":"2026-01-02T03:04:05Z","run":"a","type":"step","step":7,"epoch":2,` +
		`"lr":0.00005,"images_per_s":120.5,"data_wait":0,"loss":1.25,"loss_action":null}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEventRoundTrip(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)
	for _, e := range []Event{
		{Type: EventState, State: Running, Reason: "resumed", Steps: 90, Provenance: &Provenance{Engine: "host"}},
		{Type: EventStep, Step: 1, Epoch: 1, LR: 0.1, Values: Values{{"loss", 3}, {"loss_z", 1}, {"loss_a", 2}}},
		{Type: EventEpoch, Epoch: 1, Split: Val, Values: Values{{"loss", 3}}, File: "x", Counts: &Counts{
			Images: 2, Tasks: []TaskCounts{{Classes: 1, Confusion: []int64{2}, Loss: 0.5}}, Matched: []int64{0, 2},
		}},
		{Type: EventBest, Epoch: 3, Metric: "macro_f1", Value: 0.5},
		{Type: EventWarning, Message: "깨진 그림 \"a.jpg\""},
		{Type: EventMachine, Message: "NVIDIA H200", Values: Values{{"cpu", 0.5}, {"gpu", 0.25}}},
	} {
		e.V, e.Seq, e.Time, e.Run = 1, 5, at, "r"
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back Event
		if err := json.Unmarshal(line, &back); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if !reflect.DeepEqual(back, e) {
			t.Errorf("%s came back as %+v", line, back)
		}
	}
}

func TestEventRefusesWhatIsNoNumber(t *testing.T) {
	var e Event
	err := json.Unmarshal([]byte(`{"v":1,"type":"step","loss":"low"}`), &e)
	if err == nil || !strings.Contains(err.Error(), `"loss"`) {
		t.Errorf("error %v does not name the member", err)
	}
}

// Every line that is read as an event must be written and read again as the same.
func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"v":1,"seq":1,"run":"a","type":"step","step":1,"loss":1e-3,"loss_action":null}`))
	f.Add([]byte(`{"v":1,"type":"epoch","counts":{"images":1,"tasks":[{"classes":1,"confusion":[1],"loss":null}],"matched":[0,1]}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		var a, b Event
		if json.Unmarshal(line, &a) != nil {
			return
		}
		again, err := json.Marshal(a)
		if err != nil {
			return // a year that RFC 3339 cannot hold
		}
		if err := json.Unmarshal(again, &b); err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		third, err := json.Marshal(b)
		if err != nil || string(third) != string(again) {
			t.Fatalf("wrote %s, then %s (%v)", again, third, err)
		}
	})
}

func TestMetricKeysAndRows(t *testing.T) {
	tasks := []Task{{Name: "action"}, {Name: "emotion"}}
	want := "loss macro_f1 macro_f1_pooled macro_f1_tasks micro_f1 partial_match mean_match exact_match " +
		"acc_action acc_emotion f1_action f1_emotion"
	if got := strings.Join(MetricKeys(tasks), " "); got != want {
		t.Errorf("got %s", got)
	}
	rows := TableRows(tasks)
	if rows[len(rows)-1].Title != "Acc (Emotion)" || len(rows) != 7 {
		t.Errorf("rows %v", rows)
	}
}
