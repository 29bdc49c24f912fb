package store

import "go.etcd.io/bbolt"

// Stats says how large a store is, in bytes.
type Stats struct {
	Path    string
	Size    int64 // of the file
	Free    int64 // of it in pages that are not used, which compacting gives back
	Runs    int
	Weights int64 // of best weights
}

// Stats measures the store; all zero when nothing was stored yet.
func (s *Store) Stats() (Stats, error) {
	st := Stats{Path: s.path}
	err := s.view(func(tx *bbolt.Tx) error {
		info, err := s.file.Stat()
		if err != nil {
			return err
		}
		st.Size = info.Size()
		pages := s.db.Stats()
		page := int64(s.db.Info().PageSize)
		// Pages after the last one ever used count as free too.
		st.Free = int64(pages.FreePageN+pages.PendingPageN)*page + st.Size - tx.Size()
		return tx.Bucket(keyRuns).ForEachBucket(func(id []byte) error {
			st.Runs++
			b, err := openRun(tx, string(id))
			if err != nil {
				return err
			}
			m, err := b.manifest()
			if m != nil {
				st.Weights += m.Size
			}
			return err
		})
	})
	return st, err
}
