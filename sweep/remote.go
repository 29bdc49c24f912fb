package sweep

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// remoteReader reads a store through the supervisor that holds it.
type remoteReader struct {
	ctx  context.Context
	conn *Conn
}

func (r *remoteReader) Close() error { return r.conn.Close() }

func (r *remoteReader) Run(prefix string) (record run.Record, err error) {
	err = r.conn.call(r.ctx, http.MethodGet, "/v1/records/"+url.PathEscape(prefix), nil, &record)
	return record, err
}

func (r *remoteReader) Runs() (records []run.Record, err error) {
	err = r.conn.call(r.ctx, http.MethodGet, "/v1/records", nil, &records)
	return records, err
}

func (r *remoteReader) Steps(id string, fn func(run.Event) error) error {
	return r.events(id, "/steps", fn)
}

func (r *remoteReader) Epochs(id string, fn func(run.Event) error) error {
	return r.events(id, "/epochs", fn)
}

func (r *remoteReader) events(id, what string, fn func(run.Event) error) error {
	return lines(r, http.MethodGet, runPath(id, what), fn)
}

func (r *remoteReader) Predictions(id string) (p run.Predictions, err error) {
	err = r.conn.call(r.ctx, http.MethodGet, runPath(id, "/predictions"), nil, &p)
	return p, err
}

func (r *remoteReader) Best(id string) (*store.Manifest, error) {
	m := new(store.Manifest)
	if err := r.conn.call(r.ctx, http.MethodGet, runPath(id, "/best"), nil, m); err != nil {
		return nil, err
	}
	return m, nil
}

func (r *remoteReader) Verify(ctx context.Context, progress store.Progress) ([]store.Problem, error) {
	return r.conn.work(ctx, "/v1/verify", progress)
}

// Compact writes the supervisor's store anew without its free pages. Runs go on
// and wait for the store meanwhile.
func (c *Conn) Compact(ctx context.Context, progress store.Progress) error {
	_, err := c.work(ctx, "/v1/compact", progress)
	return err
}

// StoreStats says how large the supervisor's store is.
func (c *Conn) StoreStats(ctx context.Context) (s store.Stats, err error) {
	err = c.call(ctx, http.MethodGet, "/v1/stats", nil, &s)
	return s, err
}

func (c *Conn) work(ctx context.Context, path string, progress store.Progress) (problems []store.Problem, err error) {
	err = lines(&remoteReader{ctx, c}, http.MethodPost, path, func(l workLine) error {
		if l.Total > 0 && progress != nil {
			progress(l.Done, l.Total)
		}
		problems = append(problems, l.Problems...)
		return nil
	})
	return problems, err
}

// lines calls fn with every line of a stream.
func lines[T any](r *remoteReader, method, path string, fn func(T) error) error {
	s, err := r.open(method, path)
	if err != nil {
		return err
	}
	defer s.Close()
	for in := json.NewDecoder(s); ; {
		var line T
		if err := in.Decode(&line); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := fn(line); err != nil {
			return err
		}
	}
}

// Weights checks the sum of all bytes, which arrive in any case.
func (r *remoteReader) Weights(id string) (*store.Manifest, io.ReadCloser, error) {
	s, err := r.open(http.MethodGet, runPath(id, "/weights"))
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReaderSize(s, 1<<20)
	line, err := in.ReadBytes('\n')
	m := new(store.Manifest)
	if err == nil {
		err = json.Unmarshal(line, m)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("weights of run %s: %w", id, err), s.Close())
	}
	return m, &weightStream{in: in, Closer: s, manifest: m, sum: sha256.New()}, nil
}

// weightStream ends with io.EOF only when all bytes are there and right.
type weightStream struct {
	io.Closer
	in       io.Reader
	manifest *store.Manifest
	sum      hash.Hash
	n        int64
}

func (w *weightStream) Read(b []byte) (int, error) {
	n, err := w.in.Read(b)
	_, _ = w.sum.Write(b[:n]) // never fails
	w.n += int64(n)
	if errors.Is(err, io.EOF) && (w.n != w.manifest.Size || hex.EncodeToString(w.sum.Sum(nil)) != w.manifest.SHA256) {
		err = fmt.Errorf("weights of run %s: what arrived does not fit its checksum: %w", w.manifest.Run, store.ErrCorrupt)
	}
	return n, err
}

// open asks for a stream.
func (r *remoteReader) open(method, path string) (*endedStream, error) {
	response, err := r.conn.do(r.ctx, method, path, nil)
	if err != nil {
		return nil, err
	}
	return &endedStream{response}, nil
}

// endedStream is the body of a response whose trailer says how it ended: io.EOF
// means that it is whole.
type endedStream struct{ r *http.Response }

func (s *endedStream) Close() error { return s.r.Body.Close() }

func (s *endedStream) Read(b []byte) (int, error) {
	n, err := s.r.Body.Read(b)
	if err == nil {
		return n, nil
	}
	if !errors.Is(err, io.EOF) {
		return n, gone(err)
	}
	switch end := s.r.Trailer.Get(endTrailer); end {
	case `""`:
		return n, io.EOF
	case "":
		return n, gone(io.ErrUnexpectedEOF)
	default:
		var w wireError
		if err := json.Unmarshal([]byte(end), &w); err != nil {
			return n, gone(err)
		}
		return n, w.error()
	}
}

// Reader reads the supervisor's store until ctx ends or the connection is
// closed, as closing the reader does.
func (c *Conn) Reader(ctx context.Context) Reader { return &remoteReader{ctx, c} }
