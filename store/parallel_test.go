package store

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Many readers beside writers: each sees whole events in order and whole
// weights. Meant for the race detector.
func TestReadersBesideWriters(t *testing.T) {
	s := openTest(t)
	const runs, rounds, readers = 3, 12, 4
	var ids []string
	for i := range runs {
		ids = append(ids, fmt.Sprintf("r%d", i))
		create(t, s, ids[i])
	}
	writing := make(chan struct{})
	var writers, reading sync.WaitGroup
	for _, id := range ids {
		writers.Go(func() {
			for round := range rounds {
				var events []run.Event
				for i := range 40 {
					events = append(events, stepEvent(round*40+i+1))
				}
				events = append(events, epochEvent(round+1, run.Val), logEvent("round %d", round))
				if err := s.Append(id, events); err != nil {
					t.Error(err)
				}
				if round%4 == 0 {
					putBest(t, s, id, round+1, randomBytes(uint64(round), chunkSize+round))
				}
			}
		})
	}
	for i := range readers {
		reading.Go(func() {
			for round := 0; ; round++ {
				select {
				case <-writing:
					return
				default:
				}
				if err := readAll(s, ids[(i+round)%runs]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	reading.Go(func() {
		for round := range 3 {
			if problems, err := s.Verify(t.Context(), nil); err != nil || len(problems) > 0 {
				t.Errorf("verify: %v, %v", problems, err)
			}
			if round == 1 {
				if err := s.Compact(t.Context(), nil); err != nil {
					t.Errorf("compact: %v", err)
				}
			}
		}
	})
	writers.Wait()
	close(writing)
	reading.Wait()
	for _, id := range ids {
		if r, err := s.Run(id); err != nil || r.Epoch != rounds || r.Step != 40*rounds {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// readAll reads what a run has and returns an error where that does not fit together.
func readAll(s *Store, id string) error {
	r, err := s.Run(id)
	if err != nil {
		return err
	}
	var seq int64
	err = s.Events(id, 1, func(e run.Event) error {
		if seq++; e.Seq != seq {
			return fmt.Errorf("event %d after %d", e.Seq, seq-1)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if seq < r.Seq {
		return fmt.Errorf("%d events, the record said %d before", seq, r.Seq)
	}
	if c, err := s.Columns(id, 1); err != nil || c.Len() < r.Step {
		return fmt.Errorf("%d points, %w", c.Len(), err)
	}
	w, err := s.OpenWeights(id)
	if errors.Is(err, ErrNoBest) {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, w.Reader())
	if errors.Is(err, ErrReplaced) {
		return nil
	}
	if err == nil && n != chunkSize+int64(w.Epoch)-1 {
		err = fmt.Errorf("%d bytes of weights of epoch %d", n, w.Epoch)
	}
	return err
}
