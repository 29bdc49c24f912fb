package store

import (
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// noteBlockSize is the size in bytes from which a block of notes takes no more.
const noteBlockSize = 8 << 10

// Append records events of a run and updates its record by them, in one
// transaction. An event with Seq 0 gets the next number; another must bear it.
// On success the events in the slice carry their numbers; on error nothing changed.
//
// A transaction waits for the disk twice: gather step events and append them a
// few times a second, not one by one. Best events belong to PutBest.
func (s *Store) Append(id string, events []run.Event) error {
	if len(events) == 0 {
		return nil
	}
	numbered := slices.Clone(events)
	err := s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, id)
		if err != nil {
			return err
		}
		r, err := b.record()
		if err != nil {
			return err
		}
		if err := b.append(r, numbered); err != nil {
			return fmt.Errorf("run %q: %w", id, err)
		}
		return b.save(r)
	})
	if err == nil {
		copy(events, numbered)
	}
	return err
}

// SetState moves a run to a state and returns the state event it recorded.
func (s *Store) SetState(id string, state run.State, reason string, at time.Time) (run.Event, error) {
	events := []run.Event{{Time: at.UTC(), Run: id, Type: run.EventState, State: state, Reason: reason}}
	err := s.Append(id, events)
	return events[0], err
}

// append numbers the events, folds them into r and stores them by kind.
func (b runBucket) append(r *record, events []run.Event) error {
	var steps, notes []*run.Event
	epochs, err := b.sub(keyEpochs)
	if err != nil {
		return err
	}
	for i := range events {
		e := &events[i]
		if e.Run != "" && e.Run != b.id {
			return fmt.Errorf("event %d: belongs to run %q", e.Seq, e.Run)
		}
		e.Run = b.id
		if err := r.apply(e); err != nil {
			return err
		}
		switch e.Type {
		case run.EventStep:
			steps = append(steps, e)
		case run.EventEpoch:
			var p packer
			if err := packEvent(&p, e); err != nil {
				return err
			}
			if err := putSealed(epochs, seqKey(e.Seq), p.b); err != nil {
				return err
			}
		default:
			notes = append(notes, e)
		}
	}
	if err := b.appendSteps(steps); err != nil {
		return err
	}
	return b.appendNotes(notes)
}

// tail returns the last block of a bucket, which may have room; nil when there is none.
func tail(b *bbolt.Bucket) (key, value []byte, err error) {
	k, _ := b.Cursor().Last()
	if k == nil {
		return nil, nil, nil
	}
	key = slices.Clone(k)
	value, err = getSealed(b, key)
	return key, value, err
}

func (b runBucket) appendSteps(events []*run.Event) error {
	if len(events) == 0 {
		return nil
	}
	steps, err := b.sub(keySteps)
	if err != nil {
		return err
	}
	key, value, err := tail(steps)
	if err != nil {
		return within(b.place(keySteps), err)
	}
	var block *stepBlock
	if value != nil {
		if block, err = unpackStepBlock(value); err != nil {
			return damaged(b.place(keySteps)+"/"+placeOf(key), "%v", err)
		}
	}
	for _, e := range events {
		if block == nil || !block.takes(e) {
			if block != nil {
				if err := putSealed(steps, key, block.pack()); err != nil {
					return err
				}
			}
			block, key = newStepBlock(e), seqKey(e.Seq)
		}
		block.add(e)
	}
	return putSealed(steps, key, block.pack())
}

func (b runBucket) appendNotes(events []*run.Event) error {
	if len(events) == 0 {
		return nil
	}
	notes, err := b.sub(keyNotes)
	if err != nil {
		return err
	}
	key, value, err := tail(notes)
	if err != nil {
		return within(b.place(keyNotes), err)
	}
	block := packer{slices.Clone(value)}
	for _, e := range events {
		if key == nil || len(block.b) >= noteBlockSize {
			if key != nil {
				if err := putSealed(notes, key, block.b); err != nil {
					return err
				}
			}
			key, block = seqKey(e.Seq), packer{}
		}
		var p packer
		if err := packEvent(&p, e); err != nil {
			return err
		}
		block.string(string(p.b))
	}
	return putSealed(notes, key, block.b)
}

// Rewind forgets the steps after step and the epochs after epoch, before a run
// goes on from its last saved state. Best weights of a later epoch go too. The
// events themselves stay for Events, whose numbers stay without a gap.
func (s *Store) Rewind(id string, step, epoch int) error {
	s.putting.Lock()
	defer s.putting.Unlock()
	return s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, id)
		if err != nil {
			return err
		}
		r, err := b.record()
		if err != nil {
			return err
		}
		if step < 0 || epoch < 0 || step > r.Step || epoch > r.Epoch {
			return fmt.Errorf("run %q: cannot go back to step %d of epoch %d from step %d of epoch %d", id, step, epoch, r.Step, r.Epoch)
		}
		r.Rewinds = append(r.Rewinds, rewind{Seq: r.Seq, Step: step, Epoch: epoch})
		r.Step, r.Epoch = step, epoch
		if r.Best != nil && r.Best.Epoch > epoch {
			r.Best = nil
			if err := b.dropBest(); err != nil {
				return err
			}
		}
		return b.save(r)
	})
}
