package store

import "github.com/backbone-sweep/sweep/sweep/run"

// Notes calls fn with every state, best, log, warning and machine event of a
// run, in order, until fn fails: the story of a run without its numbers.
func (s *Store) Notes(id string, fn func(run.Event) error) error {
	var events []run.Event
	err := s.viewRun(id, func(b runBucket, _ *record) error {
		return b.notes(1, func(e run.Event) bool {
			e.Run = id
			events = append(events, e)
			return true
		})
	})
	if err != nil {
		return err
	}
	for _, e := range events {
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}
