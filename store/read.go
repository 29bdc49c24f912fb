package store

import (
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// eventsPerRead bounds the events that one transaction of Events brings.
const eventsPerRead = 4096

// Events calls fn with every event of a run from sequence number from on, in
// order, until fn fails; the error of fn comes back as it is. Events recorded
// while it runs are included.
func (s *Store) Events(id string, from int64, fn func(run.Event) error) error {
	for next := max(from, 1); ; {
		events, err := s.eventsFrom(id, next)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return nil
		}
		for _, e := range events {
			if err := fn(e); err != nil {
				return err
			}
		}
		next += int64(len(events))
	}
}

// eventsFrom reads at most eventsPerRead events. Numbers have no gap, so each
// event has its place whatever bucket it comes from.
func (s *Store) eventsFrom(id string, from int64) (events []run.Event, err error) {
	err = s.viewRun(id, func(b runBucket, r *record) error {
		n := min(r.Seq-from+1, eventsPerRead)
		if n <= 0 {
			return nil
		}
		events = make([]run.Event, n)
		place := func(e run.Event) bool {
			if i := e.Seq - from; i >= 0 && i < n {
				e.Run = id
				events[i] = e
			}
			return e.Seq-from < n-1
		}
		for _, read := range []func(int64, func(run.Event) bool) error{b.steps, b.notes, b.epochs} {
			if err := read(from, place); err != nil {
				return err
			}
		}
		for i, e := range events {
			if e.Seq == 0 {
				return damaged("runs/"+id, "event %d is missing", from+int64(i))
			}
		}
		return nil
	})
	return events, err
}

// viewRun runs fn on a run in a read transaction.
func (s *Store) viewRun(id string, fn func(b runBucket, r *record) error) error {
	found := false
	err := s.view(func(tx *bbolt.Tx) error {
		found = true
		b, err := openRun(tx, id)
		if err != nil {
			return err
		}
		r, err := b.record()
		if err != nil {
			return err
		}
		return fn(b, r)
	})
	if err == nil && !found {
		err = s.named(fmt.Errorf("run %q: %w", id, ErrNotFound))
	}
	return err
}

// countBlocks counts the blocks that blocks would bring, at most one too many.
func (b runBucket) countBlocks(name []byte, from int64) (int, error) {
	bucket, err := b.sub(name)
	if err != nil {
		return 0, err
	}
	n, c := 1, bucket.Cursor()
	for k, _ := c.Seek(seqKey(from)); k != nil; k, _ = c.Next() {
		n++
	}
	return n, nil
}

// blocks calls fn with the blocks of a bucket, beginning with the one that
// holds the event from or the first after it, until fn returns false.
func (b runBucket) blocks(name []byte, from int64, fn func(place string, value []byte) (bool, error)) error {
	bucket, err := b.sub(name)
	if err != nil {
		return err
	}
	c := bucket.Cursor()
	k, _ := c.Seek(seqKey(from))
	if k == nil {
		k, _ = c.Last()
	} else if seq, ok := keySeq(k); !ok || seq > from {
		if k, _ = c.Prev(); k == nil {
			k, _ = c.First()
		}
	}
	for ; k != nil; k, _ = c.Next() {
		value, err := getSealed(bucket, k)
		if err != nil {
			return within(b.place(name), err)
		}
		if value == nil {
			return damaged(b.place(name)+"/"+placeOf(k), "is a bucket instead of a value")
		}
		more, err := fn(b.place(name)+"/"+placeOf(k), value)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

func (b runBucket) steps(from int64, fn func(run.Event) bool) error {
	return b.stepBlocks(from, func(block *stepBlock) bool {
		for _, e := range block.events(b.id, from) {
			if !fn(e) {
				return false
			}
		}
		return true
	})
}

// stepBlocks calls fn with each block of steps; the block is used again for the next.
func (b runBucket) stepBlocks(from int64, fn func(*stepBlock) bool) error {
	block := new(stepBlock)
	return b.blocks(keySteps, from, func(place string, value []byte) (bool, error) {
		if err := block.unpack(value); err != nil {
			return false, damaged(place, "%v", err)
		}
		return fn(block), nil
	})
}

func (b runBucket) notes(from int64, fn func(run.Event) bool) error {
	return b.blocks(keyNotes, from, func(place string, value []byte) (bool, error) {
		events, err := unpackNotes(value)
		if err != nil {
			return false, damaged(place, "%v", err)
		}
		for _, e := range events {
			if e.Seq >= from && !fn(e) {
				return false, nil
			}
		}
		return true, nil
	})
}

func unpackNotes(value []byte) ([]run.Event, error) {
	var events []run.Event
	for u := (&unpacker{b: value}); len(u.b) > 0; {
		one := &unpacker{b: u.bytes(u.count(1))}
		e, err := unpackEvent(one)
		if err == nil {
			err = one.end()
		}
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

func (b runBucket) epochs(from int64, fn func(run.Event) bool) error {
	return b.blocks(keyEpochs, from, func(place string, value []byte) (bool, error) {
		u := &unpacker{b: value}
		e, err := unpackEvent(u)
		if err == nil {
			err = u.end()
		}
		if err != nil {
			return false, damaged(place, "%v", err)
		}
		return e.Seq < from || fn(e), nil
	})
}

// Steps calls fn with every step event that counts, in order of steps, until fn
// fails. What a resumed run did again comes once.
func (s *Store) Steps(id string, fn func(run.Event) error) error {
	for next := int64(1); ; {
		var events []run.Event
		err := s.viewRun(id, func(b runBucket, r *record) error {
			return b.steps(next, func(e run.Event) bool {
				if next = e.Seq + 1; r.keepsStep(e.Seq, e.Step) {
					events = append(events, e)
				}
				return len(events) < eventsPerRead
			})
		})
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return nil
		}
		for _, e := range events {
			if err := fn(e); err != nil {
				return err
			}
		}
	}
}

// Epochs calls fn with every epoch event that counts, counts included, in the
// order they were recorded, until fn fails. Of the test split only the last one counts.
func (s *Store) Epochs(id string, fn func(run.Event) error) error {
	var events []run.Event
	err := s.viewRun(id, func(b runBucket, r *record) error {
		return b.epochs(1, func(e run.Event) bool {
			if r.keepsEpoch(e.Seq, e.Epoch) {
				e.Run = id
				events = append(events, e)
			}
			return true
		})
	})
	if err != nil {
		return err
	}
	lastTest := -1
	for i, e := range events {
		if e.Split == run.Test {
			lastTest = i
		}
	}
	for i, e := range events {
		if e.Split == run.Test && i != lastTest {
			continue
		}
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}
