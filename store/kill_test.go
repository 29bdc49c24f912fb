package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// noContext is for calls that a victim's own end ends.
var noContext = context.Background()

// TestKills kills a writing process at random moments and checks each time that
// all it announced is there and nothing is half there. SWEEP_TEST_SEED repeats a
// campaign; SWEEP_SLOW makes it long.
func TestKills(t *testing.T) {
	seed, kills := uint64(time.Now().UnixNano()), 12
	if os.Getenv("SWEEP_SLOW") != "" {
		kills = 300
	}
	if v, err := strconv.ParseUint(os.Getenv("SWEEP_TEST_SEED"), 10, 64); err == nil {
		seed = v
	}
	t.Logf("SWEEP_TEST_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	var lastSeq int64
	for kill := range kills {
		p := startVictim(t, dir, "write")
		timer := time.NewTimer(time.Duration(random.IntN(250_000)) * time.Microsecond)
		<-timer.C
		said := p.kill(t)
		for _, line := range said {
			var seq int64
			if _, err := fmt.Sscanf(line, "seq %d", &seq); err != nil {
				if _, err := fmt.Sscanf(line, "best %d", &seq); err != nil {
					t.Fatalf("kill %d: the victim says %q", kill, line)
				}
			}
			lastSeq = seq
		}
		if _, err := os.Stat(filepath.Join(dir, FileName)); err != nil {
			continue // killed before it began
		}
		verifyFile(t, dir)
		checkAfterKill(t, dir, lastSeq)
		if t.Failed() {
			t.Fatalf("kill %d", kill)
		}
	}
}

func checkAfterKill(t *testing.T, dir string, lastSeq int64) {
	t.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Run("r1")
	if err != nil {
		if lastSeq > 0 {
			t.Fatal(err)
		}
		return
	}
	if r.Seq < lastSeq {
		t.Errorf("the last event is %d, event %d was announced", r.Seq, lastSeq)
	}
	if events := allEvents(t, s, "r1", 1); int64(len(events)) != r.Seq {
		t.Errorf("%d events, the record says %d", len(events), r.Seq)
	}
	for name, left := range leftovers(t, s, "r1") {
		if left > 0 {
			t.Errorf("%d %s are left", left, name)
		}
	}
	if r.Best == nil {
		return
	}
	w, err := s.OpenWeights("r1")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(w.Reader())
	if err != nil || !bytes.Equal(got, victimWeights(r.Best.Epoch)) {
		t.Errorf("the weights of epoch %d: %d bytes, %v", r.Best.Epoch, len(got), err)
	}
}

// leftovers counts what no store should hold once it was opened for writing.
func leftovers(t testing.TB, s *Store, id string) map[string]int {
	t.Helper()
	out := map[string]int{}
	err := s.viewRun(id, func(b runBucket, _ *record) error {
		unbound, err := b.unbound()
		out["unbound generations"] = len(unbound)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.Path() + compactSuffix); err == nil {
		out["compacted files"] = 1
	}
	return out
}
