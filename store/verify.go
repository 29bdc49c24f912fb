package store

import (
	"context"
	"errors"
	"slices"

	"go.etcd.io/bbolt"
)

// Progress is told how many of how many bytes are done. It may be nil.
type Progress func(done, total int64)

// Verify reads every byte that counts and returns all that is wrong: the pages
// of the file, bbolt's own check, the checksum of every value, and whether the
// values fit each other. An error means that the check itself could not be
// done. A writer may go on meanwhile; it waits while the pages are checked.
func (s *Store) Verify(ctx context.Context, progress Progress) ([]Problem, error) {
	v := &verifier{ctx: ctx, store: s, progress: progress}
	stats, err := s.Stats()
	if err != nil {
		return v.result(err)
	}
	v.total = stats.Size - stats.Free
	sound, err := s.verifyPages(v)
	if err != nil || !sound {
		// What lies in damaged pages cannot be read safely.
		return v.result(err)
	}
	var ids []string
	err = s.view(func(tx *bbolt.Tx) error {
		return tx.Bucket(keyRuns).ForEach(func(k, value []byte) error {
			if value != nil {
				v.report(Problem{"runs/" + placeOf(k), "is a value instead of a run"})
				return nil
			}
			ids = append(ids, string(k))
			return nil
		})
	})
	if err != nil {
		return v.result(err)
	}
	for _, id := range ids {
		if err := v.run(id); err != nil {
			return v.result(err)
		}
	}
	v.read(v.total - v.done)
	return v.problems, nil
}

// verifyPages checks the structure of the file while nobody writes; sound is
// false when it cannot be trusted.
func (s *Store) verifyPages(v *verifier) (sound bool, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return false, s.named(ErrClosed)
	}
	if s.db == nil {
		return true, nil
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	err = s.guard(func() error {
		tx, err := s.db.Begin(!s.readOnly)
		if err != nil {
			return err
		}
		defer tx.Rollback() // fails only when it is over already
		info, err := s.file.Stat()
		if err != nil {
			return err
		}
		v.report(checkPages(s.file, info.Size())...)
		if len(v.problems) > 0 {
			return nil
		}
		for err := range tx.Check() {
			v.report(Problem{"", err.Error()})
		}
		sound = len(v.problems) == 0
		v.report(checkMetas(s.file, info.Size())...)
		return nil
	})
	return sound, s.named(err)
}

// verifier gathers the problems of a store.
type verifier struct {
	ctx         context.Context
	store       *Store
	progress    Progress
	done, total int64
	problems    []Problem
}

func (v *verifier) report(problems ...Problem) { v.problems = append(v.problems, problems...) }

// check reports what a CorruptError names and returns any other error.
func (v *verifier) check(err error) error {
	var corrupt *CorruptError
	if errors.As(err, &corrupt) {
		v.report(corrupt.Problems...)
		return nil
	}
	return err
}

func (v *verifier) result(err error) ([]Problem, error) {
	err = v.check(err)
	return v.problems, err
}

// read counts n bytes as read.
func (v *verifier) read(n int64) {
	v.done = min(v.done+max(n, 0), v.total)
	if v.progress != nil {
		v.progress(v.done, v.total)
	}
}

// run checks one run; one that was removed meanwhile has no problems.
func (v *verifier) run(id string) error {
	if err := v.ctx.Err(); err != nil {
		return err
	}
	chunks := false
	err := v.store.viewRun(id, func(b runBucket, r *record) error {
		c := &runChecker{v: v, b: b, r: r}
		err := c.all()
		chunks = c.chunks
		return err
	})
	if err == nil && chunks {
		err = v.weights(id)
	}
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return v.check(err)
}

// weights reads the best weights chunk by chunk, in transactions of their own.
func (v *verifier) weights(id string) error {
	for {
		w, err := v.store.OpenWeights(id)
		if errors.Is(err, ErrNoBest) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := v.sum(w); !errors.Is(err, ErrReplaced) {
			return err
		}
	}
}

// values calls fn with the checked values of a bucket, reporting those that are
// damaged; whole is false when there were any.
func (v *verifier) values(place string, bucket *bbolt.Bucket, fn func(key, value []byte) error) (whole bool, err error) {
	whole = true
	err = bucket.ForEach(func(k, sealed []byte) error {
		v.read(int64(len(sealed)))
		value, ok := unseal(k, sealed)
		if ok && sealed != nil {
			err := fn(slices.Clone(k), value)
			if errors.Is(err, ErrCorrupt) {
				whole = false
			}
			return v.check(err)
		}
		whole = false
		what := "checksum does not fit"
		if sealed == nil {
			what = "is a bucket instead of a value"
		}
		v.report(Problem{place + "/" + placeOf(k), what})
		return nil
	})
	return whole, err
}
