package store

import (
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/backbone-sweep/sweep/sweep/run"
)

var (
	keySpec        = []byte("spec")
	keyRecord      = []byte("record")
	keyNotes       = []byte("notes")
	keySteps       = []byte("steps")
	keyEpochs      = []byte("epochs")
	keyWeights     = []byte("weights")
	keyBest        = []byte("best")
	keyPredictions = []byte("predictions")
)

// record is what changes of a run.Record, as stored, and what the store adds.
type record struct {
	State      run.State      `json:"state"`
	Reason     string         `json:"reason,omitempty"`
	StateAt    time.Time      `json:"state_at"`
	Created    time.Time      `json:"created"`
	Started    time.Time      `json:"started,omitzero"`
	Ended      time.Time      `json:"ended,omitzero"`
	Epoch      int            `json:"epoch"`
	Step       int            `json:"step"`
	Steps      int            `json:"steps"`
	Seq        int64          `json:"seq"`
	Best       *run.Best      `json:"best,omitempty"`
	Provenance run.Provenance `json:"provenance"`
	Process    run.Process    `json:"process,omitzero"`

	Rewinds []rewind `json:"rewinds,omitempty"`
}

// rewind says that of the events up to Seq only steps up to Step and epochs up
// to Epoch count; the run went on from there.
type rewind struct {
	Seq   int64 `json:"seq"`
	Step  int   `json:"step"`
	Epoch int   `json:"epoch"`
}

func (r *record) public(spec run.Spec) run.Record {
	return run.Record{
		Spec: spec, State: r.State, Reason: r.Reason, StateAt: r.StateAt, Created: r.Created,
		Started: r.Started, Ended: r.Ended, Epoch: r.Epoch, Step: r.Step, Steps: r.Steps, Seq: r.Seq,
		Best: r.Best, Provenance: r.Provenance, Process: r.Process,
	}
}

// apply updates the record by an event, whose Seq it assigns or checks.
func (r *record) apply(e *run.Event) error {
	if e.Seq == 0 {
		e.Seq = r.Seq + 1
	}
	if e.Seq != r.Seq+1 {
		return fmt.Errorf("event %d: after event %d: sequence numbers rise by one", e.Seq, r.Seq)
	}
	if e.V == 0 {
		e.V = run.EventVersion
	}
	switch e.Type {
	case run.EventState:
		if err := r.setState(e.State, e.Reason, e.Time); err != nil {
			return err
		}
		if e.Steps > 0 {
			r.Steps = e.Steps
		}
		if e.Provenance != nil {
			r.Provenance = *e.Provenance
		}
	case run.EventStep:
		if e.Step <= r.Step {
			return fmt.Errorf("step %d: after step %d: rewind the run first", e.Step, r.Step)
		}
		r.Step = e.Step
	case run.EventEpoch:
		if e.Epoch < 1 {
			return fmt.Errorf("epoch %d: counts from 1", e.Epoch)
		}
		if e.Split == run.Val {
			if e.Epoch <= r.Epoch {
				return fmt.Errorf("epoch %d: after epoch %d: rewind the run first", e.Epoch, r.Epoch)
			}
			r.Epoch = e.Epoch
		}
	case run.EventLog, run.EventWarning, run.EventMachine:
	case run.EventBest:
		return fmt.Errorf("best event of epoch %d: belongs with its weights: use PutBest", e.Epoch)
	default:
		return fmt.Errorf("event type %q: is unknown", e.Type)
	}
	r.Seq = e.Seq
	return nil
}

func (r *record) setState(state run.State, reason string, at time.Time) error {
	switch {
	case state == run.Queued:
		r.Ended = time.Time{}
	case state.Live():
		if r.Started.IsZero() {
			r.Started = at
		}
		r.Ended = time.Time{}
	case state.Ended():
		r.Ended = at
		r.Process = run.Process{}
	default:
		return fmt.Errorf("state %q: is unknown", state)
	}
	r.State, r.Reason, r.StateAt = state, reason, at
	return nil
}

// keepsStep reports whether a step event still counts after the rewinds.
func (r *record) keepsStep(seq int64, step int) bool {
	for _, w := range r.Rewinds {
		if seq <= w.Seq && step > w.Step {
			return false
		}
	}
	return true
}

// keepsEpoch is keepsStep for epoch events.
func (r *record) keepsEpoch(seq int64, epoch int) bool {
	for _, w := range r.Rewinds {
		if seq <= w.Seq && epoch > w.Epoch {
			return false
		}
	}
	return true
}

// runBucket is a run within a transaction.
type runBucket struct {
	*bbolt.Bucket
	id string
}

// openRun finds a run by its whole id. tx may be nil for a store without a file.
func openRun(tx *bbolt.Tx, id string) (runBucket, error) {
	if b := tx.Bucket(keyRuns).Bucket([]byte(id)); b != nil && id != "" {
		return runBucket{b, id}, nil
	}
	return runBucket{}, fmt.Errorf("run %q: %w", id, ErrNotFound)
}

// place is how problems name something of the run.
func (b runBucket) place(name []byte) string { return "runs/" + b.id + "/" + string(name) }

func (b runBucket) record() (*record, error) {
	r := new(record)
	found, err := getJSON(b.Bucket, keyRecord, r)
	if err == nil && !found {
		err = damaged(string(keyRecord), "is missing")
	}
	return r, within("runs/"+b.id, err)
}

func (b runBucket) spec() (run.Spec, error) {
	var spec run.Spec
	found, err := getJSON(b.Bucket, keySpec, &spec)
	if err == nil && !found {
		err = damaged(string(keySpec), "is missing")
	}
	if err == nil && spec.ID != b.id {
		err = damaged(string(keySpec), "belongs to run %q", spec.ID)
	}
	return spec, within("runs/"+b.id, err)
}

// sub returns a nested bucket, which Create made.
func (b runBucket) sub(name []byte) (*bbolt.Bucket, error) {
	if sub := b.Bucket.Bucket(name); sub != nil {
		return sub, nil
	}
	return nil, damaged(b.place(name), "is missing")
}

func (b runBucket) save(r *record) error { return putJSON(b.Bucket, keyRecord, r) }
