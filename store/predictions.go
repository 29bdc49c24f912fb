package store

import (
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// PutPredictions stores what the best weights of a run say of the test split.
// The next PutBest drops them.
func (s *Store) PutPredictions(id string, p run.Predictions) error {
	if len(p.Truth) != len(p.Pred) {
		return fmt.Errorf("predictions of run %q: truth of %d tasks, predictions of %d", id, len(p.Truth), len(p.Pred))
	}
	for t := range p.Truth {
		if len(p.Truth[t]) != len(p.Pred[t]) || len(p.Truth[t]) != len(p.Truth[0]) {
			return fmt.Errorf("predictions of run %q: task %d has %d truths and %d predictions of %d images",
				id, t, len(p.Truth[t]), len(p.Pred[t]), len(p.Truth[0]))
		}
	}
	return s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, id)
		if err != nil {
			return err
		}
		return putSealed(b.Bucket, keyPredictions, packPredictions(p))
	})
}

// Predictions returns the test predictions of a run; ErrNoPredictions without any.
func (s *Store) Predictions(id string) (p run.Predictions, err error) {
	err = s.viewRun(id, func(b runBucket, _ *record) error {
		data, err := getSealed(b.Bucket, keyPredictions)
		if err != nil {
			return within("runs/"+id, err)
		}
		if data == nil {
			return fmt.Errorf("run %q: %w", id, ErrNoPredictions)
		}
		if p, err = unpackPredictions(data); err != nil {
			return damaged(b.place(keyPredictions), "%v", err)
		}
		return nil
	})
	return p, err
}

// packPredictions writes digest and tasks, then truth and predictions task
// by task as varints: class indices take a byte each.
func packPredictions(v run.Predictions) []byte {
	var p packer
	p.string(v.DataDigest)
	p.uint(uint64(len(v.Truth)))
	for t := range v.Truth {
		for _, col := range [][]int32{v.Truth[t], v.Pred[t]} {
			p.uint(uint64(len(col)))
			for _, c := range col {
				p.int(int64(c))
			}
		}
	}
	return p.b
}

func unpackPredictions(data []byte) (run.Predictions, error) {
	u := &unpacker{b: data}
	v := run.Predictions{DataDigest: u.string()}
	tasks := u.count(2)
	v.Truth, v.Pred = make([][]int32, tasks), make([][]int32, tasks)
	for t := range tasks {
		for _, col := range []*[]int32{&v.Truth[t], &v.Pred[t]} {
			*col = make([]int32, u.count(1))
			for i := range *col {
				(*col)[i] = int32(u.int())
			}
		}
	}
	return v, u.end()
}
