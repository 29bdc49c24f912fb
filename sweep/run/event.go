package run

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
)

// EventVersion is the version of the event format that this program writes.
const EventVersion = 1

// EventType names what an event reports.
type EventType string

// The event types.
const (
	EventState   EventType = "state"
	EventStep    EventType = "step"
	EventEpoch   EventType = "epoch"
	EventBest    EventType = "best"
	EventLog     EventType = "log"
	EventMachine EventType = "machine"
	EventWarning EventType = "warning"
)

// Splits of a data set.
const (
	Train = "train"
	Val   = "val"
	Test  = "test"
)

// Event is one line of a run's report. Which fields count depends on Type; the
// JSON form is flat, the members of Values among them.
//
//	state    State, Reason, Steps, Provenance
//	step     Step, Epoch, LR, Values (loss, loss_<task>…), ImagesPerS, DataWait
//	epoch    Epoch, Step, Split, Values (the metric keys), Counts, File (test: predictions)
//	best     Epoch, Metric, Value, File (the checkpoint), Values
//	log      Message
//	warning  Message
//	machine  Values, Message (the GPU's name, where the run is on one)
type Event struct {
	V    int
	Seq  int64 // rises by one per run, from 1
	Time time.Time
	Run  string
	Type EventType

	State      State
	Reason     string
	Steps      int // planned steps of the whole run
	Provenance *Provenance

	Step       int // from 1
	Epoch      int // from 1
	Split      string
	LR         float64
	ImagesPerS float64
	DataWait   float64 // share of the step spent waiting for data, 0…1
	Values     Values

	Metric string
	Value  float64

	Message string

	Counts *Counts
	File   string // a file in the run's folder that belongs to the event; empty once the store holds it
}

// fixed is the part of the JSON form with constant keys.
type fixed struct {
	V          int         `json:"v"`
	Seq        int64       `json:"seq"`
	Time       time.Time   `json:"time"`
	Run        string      `json:"run"`
	Type       EventType   `json:"type"`
	State      State       `json:"state,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	Steps      int         `json:"steps,omitempty"`
	Provenance *Provenance `json:"provenance,omitempty"`
	Step       int         `json:"step,omitempty"`
	Epoch      int         `json:"epoch,omitempty"`
	Split      string      `json:"split,omitempty"`
	LR         *float64    `json:"lr,omitempty"`
	ImagesPerS *float64    `json:"images_per_s,omitempty"`
	DataWait   *float64    `json:"data_wait,omitempty"`
	Metric     string      `json:"metric,omitempty"`
	Value      *float64    `json:"value,omitempty"`
	Message    string      `json:"message,omitempty"`
	Counts     *Counts     `json:"counts,omitempty"`
	File       string      `json:"file,omitempty"`
}

var fixedKeys = map[string]bool{
	"v": true, "seq": true, "time": true, "run": true, "type": true, "state": true, "reason": true,
	"steps": true, "provenance": true, "step": true, "epoch": true, "split": true, "lr": true,
	"images_per_s": true, "data_wait": true, "metric": true, "value": true, "message": true,
	"counts": true, "file": true,
}

// Reserved reports whether a metric of this name would collide with a member of an event.
func Reserved(key string) bool { return fixedKeys[key] }

// MarshalJSON writes the event as one flat object; numbers that do not exist are null.
func (e Event) MarshalJSON() ([]byte, error) {
	f := fixed{
		V: e.V, Seq: e.Seq, Time: e.Time, Run: e.Run, Type: e.Type, State: e.State, Reason: e.Reason,
		Steps: e.Steps, Provenance: e.Provenance, Step: e.Step, Epoch: e.Epoch, Split: e.Split,
		Metric: e.Metric, Message: e.Message, Counts: e.Counts, File: e.File,
	}
	finite := func(v float64) *float64 {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return &v
	}
	switch e.Type {
	case EventStep:
		f.LR, f.ImagesPerS, f.DataWait = finite(e.LR), finite(e.ImagesPerS), finite(e.DataWait)
	case EventBest:
		f.Value = finite(e.Value)
	}
	head, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Write(head[:len(head)-1])
	for _, kv := range e.Values {
		b.WriteByte(',')
		writeMember(&b, kv.Key, kv.V)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads an event; members without a field of their own become Values in their order.
func (e *Event) UnmarshalJSON(data []byte) error {
	var f fixed
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	orZero := func(p *float64) float64 {
		if p == nil {
			return 0
		}
		return *p
	}
	*e = Event{
		V: f.V, Seq: f.Seq, Time: f.Time, Run: f.Run, Type: f.Type, State: f.State, Reason: f.Reason,
		Steps: f.Steps, Provenance: f.Provenance, Step: f.Step, Epoch: f.Epoch, Split: f.Split,
		LR: orZero(f.LR), ImagesPerS: orZero(f.ImagesPerS), DataWait: orZero(f.DataWait),
		Metric: f.Metric, Value: orZero(f.Value), Message: f.Message, Counts: f.Counts, File: f.File,
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return err
		}
		key := k.(string)
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		if fixedKeys[key] {
			continue
		}
		v := math.NaN()
		if s := strings.TrimSpace(string(raw)); s != "null" {
			if err := json.Unmarshal(raw, &v); err != nil {
				return fmt.Errorf("event: %q is no number: %s", key, s)
			}
		}
		e.Values = append(e.Values, Value{key, v})
	}
	return nil
}

// Public returns the event without what only supervisor and store need.
func (e Event) Public() Event {
	e.File, e.Counts = "", nil
	return e
}
