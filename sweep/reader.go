package sweep

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// Records is what the comparison of runs reads of a store.
type Records interface {
	// Run returns the run with this id, or the only one whose id begins with it.
	Run(prefix string) (run.Record, error)
	// Runs returns all runs, the oldest first.
	Runs() ([]run.Record, error)
	// Epochs calls fn with every epoch event that counts, in order, until fn fails.
	Epochs(id string, fn func(run.Event) error) error
	// Predictions returns a run's test predictions, or store.ErrNoPredictions.
	Predictions(id string) (run.Predictions, error)
}

// Reader reads a store, whether a supervisor holds it or not. Its methods mean
// what those of store.Store do.
type Reader interface {
	Records
	// Steps calls fn with every step event that counts, in order, until fn fails.
	Steps(id string, fn func(run.Event) error) error
	// Best returns the manifest of a run's best weights, or store.ErrNoBest.
	Best(id string) (*store.Manifest, error)
	// Weights returns them. Reading ends with an error when they are damaged or
	// were replaced meanwhile. The caller closes the stream.
	Weights(id string) (*store.Manifest, io.ReadCloser, error)
	// Verify reads every byte of the store and returns what is wrong.
	Verify(ctx context.Context, progress store.Progress) ([]store.Problem, error)
	Close() error
}

// OpenReader opens the store in dir for reading: the file itself, or through
// the supervisor that holds it. ctx ends what is read through a supervisor.
func OpenReader(ctx context.Context, dir string) (Reader, error) {
	// In between a supervisor may come or go, hence the second round.
	for first := true; ; first = false {
		c, err := Dial(ctx, dir)
		if err == nil {
			return &remoteReader{ctx: ctx, conn: c}, nil
		}
		if !errors.Is(err, ErrNoSupervisor) {
			return nil, err
		}
		st, err := store.Open(dir, store.Options{ReadOnly: true})
		if err == nil {
			return localReader{st}, nil
		}
		if !first || !errors.Is(err, store.ErrLocked) {
			return nil, err
		}
	}
}

// localReader reads a store that no supervisor holds: whatever is recorded as
// going on was left so by a dead one.
type localReader struct{ *store.Store }

func (r localReader) Run(prefix string) (run.Record, error) {
	record, err := r.Store.Run(prefix)
	return abandoned(record), err
}

func (r localReader) Runs() ([]run.Record, error) {
	records, err := r.Store.Runs()
	for i := range records {
		records[i] = abandoned(records[i])
	}
	return records, err
}

func (r localReader) Weights(id string) (*store.Manifest, io.ReadCloser, error) {
	w, err := r.OpenWeights(id)
	if err != nil {
		return nil, nil, err
	}
	return &w.Manifest, io.NopCloser(w.Reader()), nil
}

// abandoned tells the truth about a run whose supervisor is dead, as the next
// supervisor will record it.
func abandoned(r run.Record) run.Record {
	if r.State != run.Queued && !r.State.Live() {
		return r
	}
	reason := "the supervisor ended while the run was going on"
	switch {
	case r.State == run.Queued:
		reason = "the supervisor ended before the run began"
	case Alive(r.Process):
		reason += fmt.Sprintf(" (its worker, process %d, is still saving)", r.Process.PID)
	}
	r.State, r.Reason = run.Interrupted, reason+resumeHint(r.Spec.ID)
	return r
}
