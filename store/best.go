package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"time"

	"go.etcd.io/bbolt"

	"github.com/backbone-sweep/sweep/sweep/run"
)

const (
	// chunkSize is the size of a chunk of weights in bytes; the last one may be smaller.
	chunkSize = 1 << 20
	// chunksPerBatch chunks are written in one transaction into a bucket of
	// their own: bbolt holds a transaction in memory twice, and would write a
	// leaf again that a later transaction appends to.
	chunksPerBatch = 16
)

// Manifest binds best weights to what they are and where they came from.
type Manifest struct {
	Run     string     `json:"run"`
	Model   string     `json:"model"`
	Seed    uint64     `json:"seed"`
	Epoch   int        `json:"epoch"`
	Metric  string     `json:"metric"`
	Value   float64    `json:"value"`
	Values  run.Values `json:"values,omitempty"` // of the validation split at that epoch
	Seq     int64      `json:"seq"`              // of the best event
	Created time.Time  `json:"created"`

	run.Provenance

	Size   int64    `json:"size"`   // bytes
	SHA256 string   `json:"sha256"` // of all bytes, hex
	Chunk  int      `json:"chunk"`  // bytes of a chunk, but the last
	Chunks []uint32 `json:"chunks"` // CRC-32C of each, over its key and content

	Generation uint64 `json:"generation"` // the bucket the chunks are in
}

// consistent reports whether the sizes in a manifest agree.
func (m *Manifest) consistent() bool {
	return m.Size >= 0 && m.Chunk > 0 && int64(len(m.Chunks)) == (m.Size+int64(m.Chunk)-1)/int64(m.Chunk)
}

func (m *Manifest) inconsistency() string {
	return fmt.Sprintf("%d chunks of %d bytes do not make %d bytes", len(m.Chunks), m.Chunk, m.Size)
}

// PutBest stores the size bytes of src as the best weights of run e.Run, with
// the best event e, and drops the former ones and the predictions made with
// them. The chunks are written first, a few at a time, under a generation that
// nothing points to; one transaction then binds manifest, record and event, so
// that at any moment either the former or the new best is there whole.
// e gets its sequence number.
func (s *Store) PutBest(ctx context.Context, e *run.Event, src io.Reader, size int64) (*Manifest, error) {
	switch {
	case e.Type != run.EventBest || e.Epoch < 1 || e.Metric == "":
		return nil, fmt.Errorf("best of run %q: the event is of type %q, epoch %d, metric %q: all three must be right", e.Run, e.Type, e.Epoch, e.Metric)
	case size < 0:
		return nil, fmt.Errorf("best of run %q: %d bytes of weights", e.Run, size)
	case math.IsNaN(e.Value) || math.IsInf(e.Value, 0):
		return nil, fmt.Errorf("best of run %q: %s of %v is never best", e.Run, e.Metric, e.Value)
	}
	s.putting.Lock()
	defer s.putting.Unlock()

	m := &Manifest{
		Run: e.Run, Epoch: e.Epoch, Metric: e.Metric, Value: e.Value, Values: e.Values,
		Created: e.Time.UTC(), Size: size, Chunk: chunkSize,
	}
	if err := s.newGeneration(m); err != nil {
		return nil, err
	}
	err := s.putChunks(ctx, m, src)
	if err == nil {
		err = s.bind(e, m)
	}
	if err != nil {
		// Where this fails too, opening the store or the next PutBest clears the rest.
		return nil, errors.Join(err, s.dropGeneration(e.Run, m.Generation))
	}
	return m, nil
}

// newGeneration opens a bucket for the chunks and clears those of a put that failed.
func (s *Store) newGeneration(m *Manifest) error {
	return s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, m.Run)
		if err != nil {
			return err
		}
		if err := b.dropUnbound(); err != nil {
			return err
		}
		weights, err := b.sub(keyWeights)
		if err != nil {
			return err
		}
		if m.Generation, err = weights.NextSequence(); err != nil {
			return err
		}
		_, err = weights.CreateBucket(generationKey(m.Generation))
		return err
	})
}

// putChunks copies src into the generation and completes the manifest's sums.
func (s *Store) putChunks(ctx context.Context, m *Manifest, src io.Reader) error {
	sum := sha256.New()
	chunksNeeded := (m.Size + chunkSize - 1) / chunkSize
	buffer := make([]byte, min(chunksNeeded, chunksPerBatch)*(chunkSize+sealSize))
	left := m.Size
	for batch := 0; left > 0; batch++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("best of run %q: %w", m.Run, err)
		}
		var chunks [][]byte
		for room := buffer; left > 0 && len(room) > 0; room = room[chunkSize+sealSize:] {
			n := min(left, chunkSize)
			if err := readChunk(room[:n], src, sum); err != nil {
				return fmt.Errorf("best of run %q: read the weights, %d bytes before their end: %w", m.Run, left, err)
			}
			sealed := seal(chunkKey(len(m.Chunks)), room[:n:n+sealSize])
			m.Chunks = append(m.Chunks, binary.LittleEndian.Uint32(sealed[n:]))
			chunks = append(chunks, sealed)
			left -= n
		}
		first := len(m.Chunks) - len(chunks)
		if err := s.putBatch(m, batch, first, chunks); err != nil {
			return err
		}
	}
	if n, err := src.Read(make([]byte, 1)); n > 0 {
		return fmt.Errorf("best of run %q: the weights are longer than the %d bytes announced", m.Run, m.Size)
	} else if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("best of run %q: read the weights: %w", m.Run, err)
	}
	m.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}

func readChunk(dst []byte, src io.Reader, sum hash.Hash) error {
	_, err := io.ReadFull(src, dst)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	sum.Write(dst)
	return err
}

func (s *Store) putBatch(m *Manifest, batch, first int, chunks [][]byte) error {
	return s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, m.Run)
		if err != nil {
			return err
		}
		generation, err := b.generation(m.Generation)
		if err != nil {
			return err
		}
		bucket, err := generation.CreateBucket(batchKey(batch))
		if err != nil {
			return err
		}
		for i, sealed := range chunks {
			if err := bucket.Put(chunkKey(first+i), sealed); err != nil {
				return err
			}
		}
		return nil
	})
}

// bind makes the generation the run's best.
func (s *Store) bind(e *run.Event, m *Manifest) error {
	event := *e
	err := s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, m.Run)
		if err != nil {
			return err
		}
		r, err := b.record()
		if err != nil {
			return err
		}
		spec, err := b.spec()
		if err != nil {
			return err
		}
		if event.Seq == 0 {
			event.Seq = r.Seq + 1
		}
		if event.V == 0 {
			event.V = run.EventVersion
		}
		if event.Seq != r.Seq+1 {
			return fmt.Errorf("run %q: event %d: after event %d: sequence numbers rise by one", m.Run, event.Seq, r.Seq)
		}
		if err := b.dropBest(); err != nil {
			return err
		}
		r.Seq, r.Best = event.Seq, &run.Best{Epoch: m.Epoch, Metric: m.Metric, Value: m.Value}
		m.Model, m.Seed, m.Seq, m.Provenance = spec.Model, spec.Seed, event.Seq, r.Provenance
		if m.ConfigDigest == "" {
			m.ConfigDigest = spec.ConfigDigest
		}
		if m.Version == "" {
			m.Version = spec.Version
		}
		if err := putJSON(b.Bucket, keyBest, m); err != nil {
			return err
		}
		if err := b.dropUnbound(); err != nil { // the former generation
			return err
		}
		if err := b.appendNotes([]*run.Event{&event}); err != nil {
			return err
		}
		return b.save(r)
	})
	if err == nil {
		*e = event
	}
	return err
}

func (b runBucket) generation(g uint64) (*bbolt.Bucket, error) {
	weights, err := b.sub(keyWeights)
	if err != nil {
		return nil, err
	}
	if bucket := weights.Bucket(generationKey(g)); bucket != nil {
		return bucket, nil
	}
	return nil, damaged(fmt.Sprintf("%s/%d", b.place(keyWeights), g), "is missing")
}

// manifest returns the best weights' manifest; nil when the run has none.
func (b runBucket) manifest() (*Manifest, error) {
	m := new(Manifest)
	found, err := getJSON(b.Bucket, keyBest, m)
	if err != nil || !found {
		return nil, within("runs/"+b.id, err)
	}
	return m, nil
}

// dropBest takes the manifest and the predictions away; the generation is then unbound.
func (b runBucket) dropBest() error {
	if err := b.Delete(keyPredictions); err != nil {
		return err
	}
	return b.Delete(keyBest)
}

// unbound lists the generations that the manifest does not point to.
func (b runBucket) unbound() ([]uint64, error) {
	weights, err := b.sub(keyWeights)
	if err != nil {
		return nil, err
	}
	m, err := b.manifest()
	if err != nil {
		return nil, err
	}
	var out []uint64
	err = weights.ForEachBucket(func(k []byte) error {
		g, ok := keySeq(k)
		if !ok {
			return damaged(b.place(keyWeights)+"/"+placeOf(k), "is no generation")
		}
		if m == nil || uint64(g) != m.Generation {
			out = append(out, uint64(g))
		}
		return nil
	})
	return out, err
}

func (b runBucket) dropUnbound() error {
	generations, err := b.unbound()
	if err != nil {
		return err
	}
	for _, g := range generations {
		if err := b.Bucket.Bucket(keyWeights).DeleteBucket(generationKey(g)); err != nil {
			return err
		}
	}
	return nil
}

// dropGeneration removes what a failed put wrote.
func (s *Store) dropGeneration(id string, g uint64) error {
	return s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, id)
		if err != nil {
			return err
		}
		return b.dropUnbound()
	})
}

// dropUnbound removes the generations that a killed writer left.
func (s *Store) dropUnbound() error {
	var ids []string
	err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(keyRuns).ForEachBucket(func(id []byte) error {
			b, err := openRun(tx, string(id))
			if err != nil {
				return err
			}
			generations, err := b.unbound()
			if errors.Is(err, ErrCorrupt) {
				return nil // one damaged run is no reason to refuse all
			}
			if len(generations) > 0 {
				ids = append(ids, string(id))
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := s.db.Update(func(tx *bbolt.Tx) error {
			b, err := openRun(tx, id)
			if err != nil {
				return err
			}
			return b.dropUnbound()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func generationKey(g uint64) []byte { return seqKey(int64(g)) }
func batchKey(batch int) []byte     { return binary.BigEndian.AppendUint32(nil, uint32(batch)) }
func chunkKey(chunk int) []byte     { return binary.BigEndian.AppendUint32(nil, uint32(chunk)) }
