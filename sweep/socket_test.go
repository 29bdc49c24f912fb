package sweep

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/store"
)

// A socket's path is short; a store's may be long.
func TestLongStorePath(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", "")
	dir := filepath.Join(t.TempDir(), strings.Repeat("long/", 20))
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	s, err := Serve(&Supervisor{Store: st}, ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := dial(t, dir)
	if info, err := c.Info(t.Context()); err != nil || info.StoreDir != strings.TrimSuffix(dir, "/") {
		t.Errorf("info %+v, %v", info, err)
	}
	info, err := os.Stat(s.listener.Addr().String())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v, %v", info, err)
	}
}

// A socket that a killed supervisor left is no obstacle.
func TestStaleSocket(t *testing.T) {
	h := newHarness(t, wholeRun)
	path := filepath.Join(h.dir(), socketName)
	l, err := listenAt(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil { // the file stays
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), h.dir()); !errors.Is(err, ErrNoSupervisor) {
		t.Errorf("dial a stale socket: %v", err)
	}
	newServer(t, h, ServerOptions{})
	dial(t, h.dir())
}
