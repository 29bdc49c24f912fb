package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Create adds a run in state queued. Its id must be new (ErrExists).
func (s *Store) Create(spec run.Spec, now time.Time) (run.Record, error) {
	if err := checkID(spec.ID); err != nil {
		return run.Record{}, err
	}
	r := &record{State: run.Queued, StateAt: now.UTC(), Created: now.UTC()}
	err := s.update(func(tx *bbolt.Tx) error {
		runs := tx.Bucket(keyRuns)
		if runs.Bucket([]byte(spec.ID)) != nil {
			return fmt.Errorf("run %q: %w", spec.ID, ErrExists)
		}
		b, err := runs.CreateBucket([]byte(spec.ID))
		if err != nil {
			return err
		}
		for _, name := range [][]byte{keyNotes, keySteps, keyEpochs, keyWeights} {
			if _, err := b.CreateBucket(name); err != nil {
				return err
			}
		}
		if err := putJSON(b, keySpec, spec); err != nil {
			return err
		}
		return putJSON(b, keyRecord, r)
	})
	if err != nil {
		return run.Record{}, err
	}
	return r.public(spec), nil
}

// SetSpec replaces what a run is asked to do, as when it is resumed with another engine.
func (s *Store) SetSpec(id string, spec run.Spec) error {
	if spec.ID != id {
		return fmt.Errorf("run %q: cannot take the spec of run %q", id, spec.ID)
	}
	return s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, id)
		if err != nil {
			return err
		}
		return putJSON(b.Bucket, keySpec, spec)
	})
}

// Runs returns all runs, the oldest first. Where some are damaged it returns the
// others and a CorruptError that names those.
func (s *Store) Runs() ([]run.Record, error) {
	var out []run.Record
	var damage *CorruptError
	err := s.view(func(tx *bbolt.Tx) error {
		return tx.Bucket(keyRuns).ForEachBucket(func(id []byte) error {
			r, err := load(tx, string(id))
			var corrupt *CorruptError
			switch {
			case err == nil:
				out = append(out, r)
			case errors.As(err, &corrupt):
				if damage == nil {
					damage = new(CorruptError)
				}
				damage.Problems = append(damage.Problems, corrupt.Problems...)
			default:
				return err
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b run.Record) int {
		return cmp.Or(a.Created.Compare(b.Created), strings.Compare(a.Spec.ID, b.Spec.ID))
	})
	if damage != nil {
		return out, s.named(damage)
	}
	return out, nil
}

// Run returns the run with this id, or the only one whose id begins with it:
// ErrNotFound without one, an AmbiguousError with several.
func (s *Store) Run(prefix string) (r run.Record, err error) {
	found := false
	err = s.view(func(tx *bbolt.Tx) error {
		id, err := resolve(tx, prefix)
		if err != nil {
			return err
		}
		found = true
		r, err = load(tx, id)
		return err
	})
	if err == nil && !found {
		err = s.named(fmt.Errorf("run %q: %w", prefix, ErrNotFound))
	}
	return r, err
}

func resolve(tx *bbolt.Tx, prefix string) (string, error) {
	var fits []string
	c := tx.Bucket(keyRuns).Cursor()
	for k, _ := c.Seek([]byte(prefix)); bytes.HasPrefix(k, []byte(prefix)) && k != nil; k, _ = c.Next() {
		if string(k) == prefix {
			return prefix, nil
		}
		fits = append(fits, string(k))
	}
	switch {
	case prefix == "" || len(fits) == 0:
		return "", fmt.Errorf("run %q: %w", prefix, ErrNotFound)
	case len(fits) > 1:
		return "", &AmbiguousError{prefix, fits}
	}
	return fits[0], nil
}

func load(tx *bbolt.Tx, id string) (run.Record, error) {
	b, err := openRun(tx, id)
	if err != nil {
		return run.Record{}, err
	}
	r, err := b.record()
	if err != nil {
		return run.Record{}, err
	}
	spec, err := b.spec()
	return r.public(spec), err
}

// Remove deletes a run and everything that belongs to it in the store; ErrLive
// while a process works on it. A damaged run can be removed too. Its pages are
// used again by later runs.
func (s *Store) Remove(id string) error {
	s.putting.Lock()
	defer s.putting.Unlock()
	return s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, id)
		if err != nil {
			return err
		}
		r, err := b.record()
		if err != nil && !errors.Is(err, ErrCorrupt) {
			return err
		}
		if err == nil && r.State.Live() {
			return fmt.Errorf("run %q: %w: stop it first", id, ErrLive)
		}
		return tx.Bucket(keyRuns).DeleteBucket([]byte(id))
	})
}

// SetProcess notes the worker of a run, so that a later supervisor can tell
// whether it still lives. An ended state clears it.
func (s *Store) SetProcess(id string, p run.Process) error {
	return s.change(id, func(r *record) { r.Process = p })
}

// SetProvenance notes what the run's results rest on.
func (s *Store) SetProvenance(id string, p run.Provenance) error {
	return s.change(id, func(r *record) { r.Provenance = p })
}

// SetSteps notes the planned steps of the whole run.
func (s *Store) SetSteps(id string, steps int) error {
	return s.change(id, func(r *record) { r.Steps = steps })
}

func (s *Store) change(id string, fn func(r *record)) error {
	return s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, id)
		if err != nil {
			return err
		}
		r, err := b.record()
		if err != nil {
			return err
		}
		fn(r)
		return b.save(r)
	})
}
