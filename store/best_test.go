package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func putBest(t testing.TB, s *Store, id string, epoch int, data []byte) *Manifest {
	t.Helper()
	m, err := s.PutBest(t.Context(), bestEvent(id, epoch, float64(epoch)), bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func readBest(t testing.TB, s *Store, id string) []byte {
	t.Helper()
	w, err := s.OpenWeights(id)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(w.Reader())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBestOfAllSizes(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	for i, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, chunksPerBatch * chunkSize, 2*chunksPerBatch*chunkSize + 5} {
		data := randomBytes(uint64(i), size)
		putBest(t, s, "r1", i+1, data)
		if !bytes.Equal(readBest(t, s, "r1"), data) {
			t.Errorf("%d bytes do not come back", size)
		}
	}
}

func TestBestBindsWhatItIs(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	p := run.Provenance{ConfigDigest: "c", DataDigest: "d", WeightsDigest: "w", Version: "v", Engine: "xla", Device: "H200"}
	if err := s.SetProvenance("r1", p); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, s, "r1", stepEvent(1))
	data := randomBytes(1, 3*chunkSize)
	e := bestEvent("r1", 7, 0.9650)
	if _, err := s.PutBest(t.Context(), e, bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	m, err := s.Best("r1")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	if m.Epoch != 7 || m.Metric != "macro_f1" || m.Value != 0.9650 || m.Seed != 42 || m.Model != "resnet18" || m.Provenance != p ||
		m.SHA256 != hex.EncodeToString(sum[:]) || m.Size != int64(len(data)) || m.Seq != 2 || e.Seq != 2 || !m.Created.Equal(start) {
		t.Errorf("%+v", m)
	}
	if v, ok := m.Values.Get("macro_f1"); !ok || v != 0.9650 {
		t.Errorf("values %v", m.Values)
	}
	r, err := s.Run("r1")
	if err != nil || *r.Best != (run.Best{Epoch: 7, Metric: "macro_f1", Value: 0.9650}) || r.Seq != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	if events := allEvents(t, s, "r1", 2); len(events) != 1 || describe(events[0]) != describe(*e) {
		t.Errorf("events %v", events)
	}
}

// A put that fails leaves the former best, its event numbers and no rubbish.
func TestFailedPutChangesNothing(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	old := randomBytes(1, 2*chunkSize)
	putBest(t, s, "r1", 1, old)
	predictions := run.Predictions{DataDigest: "d", Truth: [][]int32{{0, 2}, {1, 1}}, Pred: [][]int32{{0, 1}, {1, 0}}}
	if err := s.PutPredictions("r1", predictions); err != nil {
		t.Fatal(err)
	}
	data := randomBytes(2, 40*chunkSize)
	size := int64(len(data))
	canceled, cancel := context.WithCancel(t.Context())
	broken := errors.New("broken")
	wrong := func(change func(e *run.Event)) *run.Event {
		e := bestEvent("r1", 2, 0.9)
		change(e)
		return e
	}
	fine := wrong(func(*run.Event) {})
	for name, c := range map[string]struct {
		ctx  context.Context
		e    *run.Event
		src  io.Reader
		size int64
		want error
		says string
	}{
		"a source that breaks":  {t.Context(), fine, io.MultiReader(bytes.NewReader(data[:20*chunkSize]), iotest.ErrReader(broken)), size, broken, ""},
		"a source too short":    {t.Context(), fine, bytes.NewReader(data[:30*chunkSize]), size, io.ErrUnexpectedEOF, ""},
		"a source too long":     {t.Context(), fine, bytes.NewReader(data), size - 1, nil, "longer"},
		"an end":                {canceled, fine, &cancelingReader{bytes.NewReader(data), 20 * chunkSize, cancel}, size, context.Canceled, ""},
		"no number":             {t.Context(), wrong(func(e *run.Event) { e.Value = math.NaN() }), bytes.NewReader(data), size, nil, "never best"},
		"an infinite number":    {t.Context(), wrong(func(e *run.Event) { e.Value = math.Inf(1) }), bytes.NewReader(data), size, nil, "never best"},
		"another type":          {t.Context(), wrong(func(e *run.Event) { e.Type = run.EventLog }), bytes.NewReader(data), size, nil, "must be right"},
		"a wrong event number":  {t.Context(), wrong(func(e *run.Event) { e.Seq = 9 }), bytes.NewReader(data), size, nil, "rise by one"},
		"a negative size":       {t.Context(), fine, bytes.NewReader(data), -1, nil, "-1 bytes"},
		"a run that is missing": {t.Context(), wrong(func(e *run.Event) { e.Run = "r2" }), bytes.NewReader(data), size, ErrNotFound, ""},
	} {
		_, err := s.PutBest(c.ctx, c.e, c.src, c.size)
		if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if c.e.Seq == 1 || c.e.Seq == 2 {
			t.Errorf("%s: the event got number %d", name, c.e.Seq)
		}
	}
	if !bytes.Equal(readBest(t, s, "r1"), old) {
		t.Error("the former best is gone")
	}
	if p, err := s.Predictions("r1"); err != nil || p.DataDigest != "d" {
		t.Errorf("predictions: %+v, %v", p, err)
	}
	if r, err := s.Run("r1"); err != nil || r.Seq != 1 || r.Best.Epoch != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	for what, n := range leftovers(t, s, "r1") {
		if n > 0 {
			t.Errorf("%d %s are left", n, what)
		}
	}
}

// cancelingReader cancels once it gave a number of bytes.
type cancelingReader struct {
	io.Reader
	left   int
	cancel func()
}

func (r *cancelingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.left -= n; r.left <= 0 {
		r.cancel()
	}
	return n, err
}

func TestReplacedWhileRead(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	data := randomBytes(1, 3*chunkSize)
	putBest(t, s, "r1", 1, data)
	w, err := s.OpenWeights("r1")
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	if n, err := w.ReadAt(b, chunkSize-50); n != 100 || err != nil || !bytes.Equal(b, data[chunkSize-50:chunkSize+50]) {
		t.Errorf("across two chunks: %d, %v", n, err)
	}
	if n, err := w.ReadAt(b, w.Size-10); n != 10 || err != io.EOF {
		t.Errorf("over the end: %d, %v", n, err)
	}
	putBest(t, s, "r1", 2, data)
	if _, err := w.ReadAt(b, 0); !errors.Is(err, ErrReplaced) {
		t.Errorf("replaced: %v", err)
	}
	if err := s.Remove("r1"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ReadAt(b, 0); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed: %v", err)
	}
}

// Freed pages are used again: thirty bests of varying size need little more
// than room for two.
func TestFileDoesNotGrowWithoutBound(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	const size = 5 << 20
	step, half := 0, int64(0)
	for epoch := 1; epoch <= 30; epoch++ {
		for range 6 { // small changes in between take pages out of the free room
			step++
			mustAppend(t, s, "r1", stepEvent(step), logEvent("step %d", step))
		}
		mustAppend(t, s, "r1", epochEvent(epoch, run.Val))
		putBest(t, s, "r1", epoch, randomBytes(uint64(epoch), size+epoch%3*chunkSize))
		st, err := s.Stats()
		if err != nil {
			t.Fatal(err)
		}
		if epoch == 15 {
			half = st.Size
		}
		if epoch == 30 {
			if limit := int64(2*(size+2*chunkSize) + 24<<20); st.Size > limit || st.Size > half+chunkSize {
				t.Errorf("%d bytes after 30 bests of %d, %d after 15", st.Size, size, half)
			}
			t.Logf("%.1f MiB after 15, %.1f MiB after 30 bests of 5 to 7 MiB; %.1f MiB free", mib(half), mib(st.Size), mib(st.Free))
		}
	}
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }

func TestPredictions(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	if _, err := s.Predictions("r1"); !errors.Is(err, ErrNoPredictions) {
		t.Errorf("none: %v", err)
	}
	want := run.Predictions{DataDigest: "d", Truth: [][]int32{{0, 1, 2}, {1, 0, 1}}, Pred: [][]int32{{2, 1, 0}, {0, 0, 1}}}
	if err := s.PutPredictions("r1", want); err != nil {
		t.Fatal(err)
	}
	got, err := s.Predictions("r1")
	if err != nil || !bytes.Equal(packPredictions(got), packPredictions(want)) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []run.Predictions{
		{Truth: [][]int32{{1}}, Pred: [][]int32{}},
		{Truth: [][]int32{{1}}, Pred: [][]int32{{1, 2}}},
		{Truth: [][]int32{{1}, {1, 2}}, Pred: [][]int32{{1}, {1, 2}}},
	} {
		if err := s.PutPredictions("r1", bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	putBest(t, s, "r1", 1, []byte("new"))
	if _, err := s.Predictions("r1"); !errors.Is(err, ErrNoPredictions) {
		t.Errorf("after a new best: %v", err)
	}
}
