package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// compactSuffix names the file that is to become the compacted store.
const compactSuffix = ".compact"

// copyBatch bounds the bytes that one transaction of the copy holds. A bucket is
// begun in a transaction that has room for a whole batch of chunks: what a later
// one adds to a leaf is written twice and leaves free pages.
const (
	copyBatch = 24 << 20
	copyBegin = 4 << 20
)

// Compact writes the store anew without its free pages and puts the new file in
// the place of the old one, which stays as it is on any error. All other calls
// wait meanwhile. It needs room on the disk for the new file.
func (s *Store) Compact(ctx context.Context, progress Progress) (err error) {
	stats, err := s.Stats()
	if err != nil {
		return err
	}
	s.putting.Lock()
	defer s.putting.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return s.named(ErrClosed)
	}
	if s.readOnly {
		return s.named(ErrReadOnly)
	}

	tmp := s.path + compactSuffix
	if err := removeLeftover(tmp); err != nil {
		return s.named(err)
	}
	// The new file bears the lock before it takes the old one's name, so no
	// other process gets in between.
	file, err := openLocked(tmp, false, defaultTimeout)
	if err != nil {
		return s.named(err)
	}
	old := s.db
	err = s.guard(func() error {
		db, err := openBolt(file, false)
		if err != nil {
			return err
		}
		c := &copier{ctx: ctx, src: old, dst: db, progress: progress, total: stats.Size - stats.Free}
		if err = c.run(); err == nil {
			err = os.Rename(tmp, s.path)
		}
		if err != nil {
			return errors.Join(err, db.Close())
		}
		s.db, s.file = db, file
		return errors.Join(old.Close(), syncDir(filepath.Dir(s.path)))
	})
	if s.db == old {
		file.Close() // in most cases closed already
		err = fmt.Errorf("compact: %w", errors.Join(err, os.Remove(tmp)))
	}
	return s.named(err)
}

// removeLeftover removes what a killed Compact left.
func removeLeftover(tmp string) error {
	if err := os.Remove(tmp); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// copier copies one database into another, checking every value.
type copier struct {
	ctx      context.Context
	src, dst *bbolt.DB

	tx      *bbolt.Tx // of dst
	pending int64     // bytes in tx

	progress    Progress
	done, total int64
}

func (c *copier) run() (err error) {
	// One sync at the end is enough: nobody uses the file before.
	c.dst.NoSync, c.dst.NoGrowSync = true, true
	if c.tx, err = c.dst.Begin(true); err != nil {
		return err
	}
	err = c.src.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return c.bucket([][]byte{name}, b)
		})
	})
	if err != nil {
		if c.tx != nil {
			c.tx.Rollback() // fails only where the commit did
		}
		return err
	}
	if err := c.tx.Commit(); err != nil {
		return err
	}
	if err := c.dst.Sync(); err != nil {
		return err
	}
	c.dst.NoSync, c.dst.NoGrowSync = false, false
	c.count(c.total - c.done)
	return nil
}

// bucket copies the bucket at path with all that is in it.
func (c *copier) bucket(path [][]byte, src *bbolt.Bucket) error {
	if c.pending > copyBegin {
		if err := c.commit(); err != nil {
			return err
		}
	}
	dst, err := c.open(path)
	if err != nil {
		return err
	}
	if err := dst.SetSequence(src.Sequence()); err != nil {
		return err
	}
	return src.ForEach(func(k, sealed []byte) error {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if sealed == nil {
			return c.bucket(append(path[:len(path):len(path)], k), src.Bucket(k))
		}
		if _, ok := unseal(k, sealed); !ok {
			return damaged(placesOf(path)+placeOf(k), "checksum does not fit")
		}
		if err := c.flush(int64(len(sealed))); err != nil {
			return err
		}
		dst, err := c.open(path) // a bucket ends with its transaction
		if err != nil {
			return err
		}
		dst.FillPercent = 1 // keys come in order
		c.count(int64(len(sealed)))
		return dst.Put(k, sealed)
	})
}

// flush begins another transaction when n more bytes would be too many for this one.
func (c *copier) flush(n int64) error {
	if c.pending > 0 && c.pending+n > copyBatch {
		if err := c.commit(); err != nil {
			return err
		}
	}
	c.pending += n
	return nil
}

func (c *copier) commit() (err error) {
	if err := c.tx.Commit(); err != nil {
		return err
	}
	c.pending = 0
	c.tx, err = c.dst.Begin(true)
	return err
}

func (c *copier) open(path [][]byte) (b *bbolt.Bucket, err error) {
	b, err = c.tx.CreateBucketIfNotExists(path[0])
	for _, name := range path[1:] {
		if err == nil {
			b, err = b.CreateBucketIfNotExists(name)
		}
	}
	return b, err
}

func (c *copier) count(n int64) {
	c.done = min(c.done+max(n, 0), c.total)
	if c.progress != nil {
		c.progress(c.done, c.total)
	}
}

func placesOf(path [][]byte) string {
	place := ""
	for _, name := range path {
		place += placeOf(name) + "/"
	}
	return place
}
