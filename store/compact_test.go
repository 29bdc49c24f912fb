package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

func TestCompact(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	for _, id := range []string{"r1", "r2", "gone"} {
		create(t, s, id)
		mustAppend(t, s, id, stepEvent(1), logEvent("hello"))
		putBest(t, s, id, 1, randomBytes(1, 5*chunkSize))
		putBest(t, s, id, 2, randomBytes(2, 20*chunkSize+3))
	}
	if err := s.Remove("gone"); err != nil {
		t.Fatal(err)
	}
	before, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	var last, total int64
	if err := s.Compact(t.Context(), func(done, of int64) {
		if done < last || done > of {
			t.Errorf("progress %d after %d of %d", done, last, of)
		}
		last, total = done, of
	}); err != nil {
		t.Fatal(err)
	}
	if last != total || total == 0 {
		t.Errorf("progress ends at %d of %d", last, total)
	}
	after, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	if limit := int64(2*21*chunkSize + 2*chunkSize); after.Size > limit || after.Free > chunkSize || before.Size < limit*3/2 {
		t.Errorf("%.1f MiB (%.1f free) before, %.1f MiB (%.1f free) after", mib(before.Size), mib(before.Free), mib(after.Size), mib(after.Free))
	}
	// The store goes on, in the same place and under the same lock.
	mustAppend(t, s, "r1", stepEvent(2))
	putBest(t, s, "r2", 3, []byte("new"))
	if !bytes.Equal(readBest(t, s, "r1"), randomBytes(2, 20*chunkSize+3)) || string(readBest(t, s, "r2")) != "new" {
		t.Error("other weights")
	}
	if n := len(allEvents(t, s, "r1", 1)); n != 5 {
		t.Errorf("%d events", n)
	}
	if _, err := Open(dir, Options{Timeout: time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Errorf("the lock: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := openIn(t, dir)
	if r, err := again.Run("r1"); err != nil || r.Step != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestFailedCompactChangesNothing(t *testing.T) {
	s := openTest(t)
	create(t, s, "r1")
	data := randomBytes(1, 20*chunkSize)
	putBest(t, s, "r1", 1, data)
	inode := func() os.FileInfo {
		t.Helper()
		info, err := os.Stat(s.Path())
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	file := inode()
	check := func(what string) {
		t.Helper()
		if !os.SameFile(file, inode()) {
			t.Errorf("%s: the file was replaced", what)
		}
		if !bytes.Equal(readBest(t, s, "r1"), data) {
			t.Errorf("%s: other weights", what)
		}
		for name, n := range leftovers(t, s, "r1") {
			if n > 0 {
				t.Errorf("%s: %d %s are left", what, n, name)
			}
		}
	}

	ctx, cancel := context.WithCancel(t.Context())
	err := s.Compact(ctx, func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	check("canceled")

	// A damaged value is not copied as if nothing were wrong.
	set := func(value []byte) {
		t.Helper()
		if err := s.update(func(tx *bbolt.Tx) error {
			b, err := openRun(tx, "r1")
			return errors.Join(err, b.Put(keyPredictions, value))
		}); err != nil {
			t.Fatal(err)
		}
	}
	set([]byte("damaged"))
	if err := s.Compact(t.Context(), nil); !errors.Is(err, ErrCorrupt) {
		t.Errorf("damaged: %v", err)
	}
	check("damaged")
	if err := s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, "r1")
		return errors.Join(err, b.Delete(keyPredictions))
	}); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, s, "r1", stepEvent(1))

	// Something in the way of the new file.
	if err := os.MkdirAll(s.Path()+compactSuffix+"/x", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Compact(t.Context(), nil); err == nil {
		t.Error("compacted into a folder")
	}
	if err := os.RemoveAll(s.Path() + compactSuffix); err != nil {
		t.Fatal(err)
	}
	check("in the way")
}
