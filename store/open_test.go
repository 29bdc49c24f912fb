package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func TestOpenCreatesPrivateFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	openIn(t, dir)
	for path, want := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, FileName): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: mode %o, want %o", path, got, want)
		}
	}
}

func TestReadOnlyWithoutFileIsEmpty(t *testing.T) {
	empty := t.TempDir()
	if err := os.WriteFile(filepath.Join(empty, FileName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Join(t.TempDir(), "none"), t.TempDir(), empty} {
		s, err := Open(dir, Options{ReadOnly: true})
		if err != nil {
			t.Fatalf("%s: %v", dir, err)
		}
		runs, err := s.Runs()
		if err != nil || len(runs) != 0 {
			t.Errorf("runs: %v, %v", runs, err)
		}
		if _, err := s.Run("x"); !errors.Is(err, ErrNotFound) {
			t.Errorf("run: %v", err)
		}
		if _, err := s.Best("x"); !errors.Is(err, ErrNotFound) {
			t.Errorf("best: %v", err)
		}
		if err := s.Events("x", 1, nil); !errors.Is(err, ErrNotFound) {
			t.Errorf("events: %v", err)
		}
		if _, err := s.Create(specOf("x"), start); !errors.Is(err, ErrReadOnly) {
			t.Errorf("create: %v", err)
		}
		if err := s.Compact(t.Context(), nil); !errors.Is(err, ErrReadOnly) {
			t.Errorf("compact: %v", err)
		}
		if problems, err := s.Verify(t.Context(), nil); len(problems) > 0 || err != nil {
			t.Errorf("verify: %v, %v", problems, err)
		}
		if st, err := s.Stats(); err != nil || st.Size != 0 {
			t.Errorf("stats: %+v, %v", st, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if _, err := os.Stat(filepath.Join(empty, "..", "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a reader created the folder")
	}
}

func TestClosedStoreSaysSo(t *testing.T) {
	s := openTest(t)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Runs(); !errors.Is(err, ErrClosed) {
		t.Errorf("runs: %v", err)
	}
	if err := s.SetSteps("x", 1); !errors.Is(err, ErrClosed) {
		t.Errorf("set steps: %v", err)
	}
}

func TestLockNamesItsHolder(t *testing.T) {
	dir := t.TempDir()
	held := startVictim(t, dir, "hold")
	held.expect(t, "held")

	before := time.Now()
	for _, readOnly := range []bool{false, true} {
		_, err := Open(dir, Options{ReadOnly: readOnly, Timeout: 100 * time.Millisecond})
		var locked *LockedError
		if !errors.Is(err, ErrLocked) || !errors.As(err, &locked) {
			t.Fatalf("read only %t: %v", readOnly, err)
		}
		if _, statErr := os.Stat("/proc/locks"); statErr == nil {
			if locked.PID != held.cmd.Process.Pid || !locked.Writer || locked.Name == "" {
				t.Errorf("holder %+v, want process %d", locked, held.cmd.Process.Pid)
			}
			if want := fmt.Sprintf("held by process %d", held.cmd.Process.Pid); !strings.Contains(err.Error(), want) {
				t.Errorf("%q does not say %q", err, want)
			}
		}
	}
	if waited := time.Since(before); waited < 200*time.Millisecond {
		t.Errorf("gave up after %v", waited)
	}
	held.kill(t)
	openIn(t, dir)
}

func TestReadersShare(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	create(t, s, "r1")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		r, err := Open(dir, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if runs, err := r.Runs(); err != nil || len(runs) != 1 {
			t.Errorf("%v, %v", runs, err)
		}
	}
	_, err := Open(dir, Options{Timeout: time.Millisecond})
	if !errors.Is(err, ErrLocked) {
		t.Errorf("a writer beside readers: %v", err)
	}
}

func TestWaitsForTheLock(t *testing.T) {
	dir := t.TempDir()
	first := openIn(t, dir)
	done := make(chan error)
	go func() {
		second, err := Open(dir, Options{Timeout: 10 * time.Second})
		if err == nil {
			err = second.Close()
		}
		done <- err
	}()
	if err := first.Compact(t.Context(), nil); err != nil { // another file is there now
		t.Fatal(err)
	}
	create(t, first, "r1")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	set := func(version uint32) {
		t.Helper()
		if err := s.update(func(tx *bbolt.Tx) error {
			return putSealed(tx.Bucket(keyMeta), keySchema, binary.BigEndian.AppendUint32(nil, version))
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	set(Schema + 1)
	for _, readOnly := range []bool{false, true} {
		_, err := Open(dir, Options{ReadOnly: readOnly})
		if !errors.Is(err, ErrSchema) || !strings.Contains(err.Error(), "schema 2, this program knows 1") {
			t.Errorf("%v", err)
		}
	}
	// Put it right again, for the check at the end.
	db, err := bbolt.Open(filepath.Join(dir, FileName), 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	s = &Store{path: filepath.Join(dir, FileName), db: db}
	set(Schema)
}

func TestForeignFilesAreRefused(t *testing.T) {
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	db, err := bbolt.Open(foreign, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("etcd")); return err })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"text":          []byte("a,b\n1,2\n"),
		"zeros":         make([]byte, 1<<20),
		"random":        randomBytes(1, 1<<20),
		"another bbolt": other,
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, FileName)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, readOnly := range []bool{false, true} {
			_, err := Open(dir, Options{ReadOnly: readOnly})
			if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s, read only %t: %v", name, readOnly, err)
			}
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, data) {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func TestDefaultDir(t *testing.T) {
	for _, c := range []struct{ sweep, state, home, want string }{
		{"/s", "/x", "/h", "/s"},
		{"", "/x", "/h", "/x/sweep"},
		{"", "x", "/h", "/h/.local/state/sweep"},
		{"", "", "/h", "/h/.local/state/sweep"},
		{"", "", "", ""},
	} {
		env := map[string]string{"SWEEP_STORE": c.sweep, "XDG_STATE_HOME": c.state, "HOME": c.home}
		got, err := DefaultDir(func(k string) string { return env[k] })
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%v: %q, %v", c, got, err)
		}
	}
}

// A worker's kill must not leave the lock behind, even while a child of the
// holder lives on.
func TestLockIsNotInherited(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Skip("no sleep: ", err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	create(t, s, "r1")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(dir, Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := again.Run("r1"); err != nil || r.State != run.Queued {
		t.Errorf("%+v, %v", r, err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
