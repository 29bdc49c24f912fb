package sweep

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A supervisor that cannot start says why through the error of who wanted it.
func TestConnectShowsTheLog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, SupervisorLog), []byte("of yesterday\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, command := range map[string]string{
		"it ends at once":            "echo no room on the disk >&2; exit 4",
		"it says something else":     "echo no room on the disk >&2; echo hello",
		"its log has escape letters": `printf '\033[31mno room on the disk\n' >&2`,
	} {
		_, err := Connect(t.Context(), dir, Spawner{Command: []string{"sh", "-c", command}})
		if err == nil || !strings.Contains(err.Error(), "no room on the disk") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Contains(err.Error(), "yesterday") || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%s: the error shows %q", name, err)
		}
	}
	if _, err := Connect(t.Context(), dir, Spawner{Command: []string{"/no/such/program"}}); err == nil || !strings.Contains(err.Error(), "/no/such/program") {
		t.Errorf("no program: %v", err)
	}
}

// Where somebody else was quicker, nothing is wrong.
func TestConnectFindsTheQuickerOne(t *testing.T) {
	h := newHarness(t, wholeRun)
	ready := filepath.Join(t.TempDir(), "ready")
	served := make(chan error, 1)
	go func() {
		for t.Context().Err() == nil { // until the command below has begun
			if _, err := os.Stat(ready); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		s, err := Serve(h.Supervisor, ServerOptions{})
		if err == nil {
			t.Cleanup(func() { _ = s.Close() })
		}
		served <- err
	}()
	c, err := Connect(t.Context(), h.dir(), Spawner{Command: []string{"sh", "-c", "touch " + ready + "; sleep 5; exit 4"}})
	if err := <-served; err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
