package store

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"

	"go.etcd.io/bbolt"
)

// Best returns the manifest of a run's best weights; ErrNoBest without any.
func (s *Store) Best(id string) (*Manifest, error) {
	var m *Manifest
	err := s.viewRun(id, func(b runBucket, _ *record) (err error) {
		if m, err = b.manifest(); err == nil && m == nil {
			err = fmt.Errorf("run %q: %w", id, ErrNoBest)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Weights reads best weights; every chunk is checked when it is read. It holds
// no transaction: when the weights are replaced meanwhile, reading ends with
// ErrReplaced. It may be used by many goroutines.
type Weights struct {
	Manifest

	store *Store

	mu    sync.Mutex
	chunk int // the one in data; -1 = none
	data  []byte
}

// OpenWeights returns a run's best weights for reading; ErrNoBest without any.
func (s *Store) OpenWeights(id string) (*Weights, error) {
	m, err := s.Best(id)
	if err != nil {
		return nil, err
	}
	if !m.consistent() {
		return nil, s.named(damaged("runs/"+id+"/best", "%s", m.inconsistency()))
	}
	return &Weights{Manifest: *m, store: s, chunk: -1}, nil
}

// Reader reads the weights from their start.
func (w *Weights) Reader() io.Reader { return io.NewSectionReader(w, 0, w.Size) }

// ReadAt implements io.ReaderAt.
func (w *Weights) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fmt.Errorf("weights of run %q: offset %d is negative", w.Run, off)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for n < len(p) {
		at := off + int64(n)
		if at >= w.Size {
			return n, io.EOF
		}
		if err := w.load(int(at / int64(w.Chunk))); err != nil {
			return n, err
		}
		n += copy(p[n:], w.data[at%int64(w.Chunk):])
	}
	return n, nil
}

func (w *Weights) load(chunk int) error {
	if w.chunk == chunk {
		return nil
	}
	w.chunk = -1
	err := w.store.viewRun(w.Run, func(b runBucket, _ *record) error {
		data, err := b.chunk(&w.Manifest, chunk)
		w.data = append(w.data[:0], data...)
		return err
	})
	if err == nil {
		w.chunk = chunk
	}
	return err
}

// chunk returns a checked chunk of the weights that m describes, valid for the
// life of the transaction.
func (b runBucket) chunk(m *Manifest, i int) ([]byte, error) {
	first := int64(i) * int64(m.Chunk)
	last := min(first+int64(m.Chunk), m.Size)
	place := fmt.Sprintf("%s, chunk %d (bytes %d to %d)", b.place(keyBest), i, first, last-1)

	key := chunkKey(i)
	var batch *bbolt.Bucket
	if weights := b.Bucket.Bucket(keyWeights); weights != nil {
		generation := weights.Bucket(generationKey(m.Generation))
		if generation == nil {
			now, err := b.manifest()
			if err != nil {
				return nil, err
			}
			if now == nil || now.Generation != m.Generation {
				return nil, fmt.Errorf("run %q: %w while they were read: read them again", b.id, ErrReplaced)
			}
			return nil, damaged(b.place(keyBest), "its weights are missing")
		}
		batch = generation.Bucket(batchKey(i / chunksPerBatch))
	}
	if batch == nil || batch.Get(key) == nil {
		return nil, damaged(place, "is missing")
	}
	sealed := batch.Get(key)
	data, ok := unseal(key, sealed)
	switch {
	case int64(len(data)) != last-first:
		return nil, damaged(place, "has %d bytes", len(data))
	case !ok || i >= len(m.Chunks) || binary.LittleEndian.Uint32(sealed[len(data):]) != m.Chunks[i]:
		return nil, damaged(place, "checksum does not fit")
	}
	return data, nil
}
