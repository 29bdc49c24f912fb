package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
)

// Schema is the version of the file layout that this program writes.
const Schema = 1

// pageSize of new files in bytes. bbolt writes its list of free pages with each
// commit; larger pages keep that list short after big weights were dropped.
const pageSize = 16 << 10

// defaultTimeout bounds the wait for the lock when Options give none.
const defaultTimeout = 2 * time.Second

var (
	keyMeta   = []byte("meta")
	keySchema = []byte("schema")
	keyRuns   = []byte("runs")
)

// Options of Open.
type Options struct {
	ReadOnly bool
	Timeout  time.Duration // wait for the lock; 0 = 2 s
}

// Store is an open store. Its methods may be called from many goroutines.
type Store struct {
	path     string
	readOnly bool

	putting sync.Mutex // one PutBest at a time: bounds memory and unbound generations

	mu     sync.RWMutex // held for reading by every transaction, for writing by Close and Compact
	db     *bbolt.DB    // nil: opened for reading before anything was stored
	file   *os.File     // what db works on; closing it ends the lock
	closed bool

	writing sync.Mutex                   // one write transaction at a time; taken after mu
	broken  atomic.Pointer[CorruptError] // bbolt panicked: its locks may never be free again
}

// Open opens the store in dir. A writer creates the folder (0700) and the file
// (0600) when they are missing; a reader of a missing store sees no runs.
// The errors match ErrLocked, ErrCorrupt or ErrSchema, or are of the file system.
func Open(dir string, opt Options) (*Store, error) {
	if opt.Timeout <= 0 {
		opt.Timeout = defaultTimeout
	}
	s := &Store{path: filepath.Join(dir, FileName), readOnly: opt.ReadOnly}
	if !opt.ReadOnly {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("store %s: create the folder: %w", dir, err)
		}
	}
	file, err := openLocked(s.path, opt.ReadOnly, opt.Timeout)
	if opt.ReadOnly && errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, s.named(err)
	}
	if err := s.attach(file); err != nil {
		return nil, s.named(err)
	}
	return s, nil
}

// attach checks the locked file, hands it to bbolt and prepares the schema. It
// owns the file: on error it is closed.
func (s *Store) attach(file *os.File) (err error) {
	defer func() {
		if err != nil {
			file.Close()
		}
	}()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 && s.readOnly {
		return file.Close()
	}
	if info.Size() > 0 {
		// bbolt trusts its pages: a wrong one sends it out of bounds or in circles.
		if problems := checkPages(file, info.Size()); len(problems) > 0 {
			return &CorruptError{Problems: problems}
		}
	}
	return s.guard(func() error {
		db, err := openBolt(file, s.readOnly)
		if err != nil {
			return err
		}
		s.db, s.file = db, file
		if err := s.prepare(info.Size() == 0); err != nil {
			return errors.Join(err, s.detach())
		}
		return nil
	})
}

// openBolt opens a file that is already locked; bbolt's own lock on the same
// descriptor is then granted at once.
func openBolt(file *os.File, readOnly bool) (*bbolt.DB, error) {
	return bbolt.Open(file.Name(), 0o600, &bbolt.Options{
		Timeout:      time.Second,
		ReadOnly:     readOnly,
		PageSize:     pageSize,
		FreelistType: bbolt.FreelistArrayType, // takes the lowest free pages first, which keeps the file dense
		OpenFile:     func(string, int, os.FileMode) (*os.File, error) { return file, nil },
		// Stats wants to know the free pages.
		PreLoadFreelist: true,
	})
}

// prepare checks the schema, writes it into a new file and clears what a killed
// writer left behind.
func (s *Store) prepare(created bool) error {
	version, err := s.schema()
	if err != nil {
		return err
	}
	if version > Schema {
		return fmt.Errorf("schema %d, this program knows %d: use the newer sweep that wrote it: %w", version, Schema, ErrSchema)
	}
	if s.readOnly {
		if version == 0 { // killed before the first commit
			return s.detach()
		}
		return nil
	}
	if version == 0 {
		err := s.db.Update(func(tx *bbolt.Tx) error {
			meta, err := tx.CreateBucketIfNotExists(keyMeta)
			if err != nil {
				return err
			}
			if _, err := tx.CreateBucketIfNotExists(keyRuns); err != nil {
				return err
			}
			return putSealed(meta, keySchema, binary.BigEndian.AppendUint32(nil, Schema))
		})
		if err != nil {
			return err
		}
	}
	if created {
		if err := syncDir(filepath.Dir(s.path)); err != nil {
			return err
		}
	}
	if err := removeLeftover(s.path + compactSuffix); err != nil {
		return err
	}
	return s.dropUnbound()
}

// schema returns the file's layout version; 0 when nothing was written yet.
func (s *Store) schema() (version uint32, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(keyMeta)
		if meta == nil {
			if k, _ := tx.Cursor().First(); k != nil {
				return damaged("", "a bbolt database, but not one of sweep")
			}
			return nil
		}
		v, err := getSealed(meta, keySchema)
		if err != nil {
			return within("meta", err)
		}
		if len(v) != 4 {
			return damaged("meta/schema", "%d bytes instead of 4", len(v))
		}
		version = binary.BigEndian.Uint32(v)
		if version > Schema {
			return nil // its layout is unknown
		}
		if version == 0 || tx.Bucket(keyRuns) == nil {
			return damaged("meta", "incomplete")
		}
		return nil
	})
	return version, err
}

// detach leaves a store that reads as empty.
func (s *Store) detach() error {
	db, file := s.db, s.file
	s.db, s.file = nil, nil
	if s.broken.Load() != nil {
		return file.Close()
	}
	return db.Close()
}

// Path returns the path of the database file.
func (s *Store) Path() string { return s.path }

// ReadOnly reports whether the store was opened for reading only.
func (s *Store) ReadOnly() bool { return s.readOnly }

// Close waits for running calls, then gives the store back. Closing twice is harmless.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.db == nil {
		return nil
	}
	return s.named(s.detach())
}

// view runs fn in a read transaction; a store without a file has none, fn is
// not called then. What fn keeps must be copied.
func (s *Store) view(fn func(tx *bbolt.Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return s.named(ErrClosed)
	}
	if s.db == nil {
		return nil
	}
	return s.named(s.guard(func() error { return s.db.View(fn) }))
}

// update runs fn in a write transaction and commits it unless fn fails.
func (s *Store) update(fn func(tx *bbolt.Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return s.named(ErrClosed)
	}
	if s.readOnly {
		return s.named(ErrReadOnly)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.named(s.guard(func() error { return s.db.Update(fn) }))
}

// guard calls into bbolt, which reads pages through a memory map and trusts
// them: damage that arrives while the store is open shows as a fault or a
// failed assertion. Both become a CorruptError, with which all later calls end
// too, since a panic may leave bbolt's locks held.
func (s *Store) guard(fn func() error) (err error) {
	if broken := s.broken.Load(); broken != nil {
		return broken
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			broken := &CorruptError{Path: s.path, Problems: []Problem{{"", fmt.Sprint(p)}}}
			s.broken.Store(broken)
			err = broken
		}
	}()
	return fn()
}

// named puts the file's name into an error.
func (s *Store) named(err error) error {
	var corrupt *CorruptError
	var locked *LockedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &corrupt):
		if corrupt.Path == "" {
			corrupt.Path = s.path
		}
		return err
	case errors.As(err, &locked):
		return err
	}
	return fmt.Errorf("store %s: %w", s.path, err)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
