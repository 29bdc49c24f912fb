package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// fullSize is how large the file may grow in these tests, in bytes.
const fullSize = 12 << 20

func TestDiskFull(t *testing.T) {
	t.Run("file system", func(t *testing.T) {
		dir := t.TempDir()
		mountSmall(t, dir)
		if err := fillStore(dir); err != nil {
			t.Error(err)
		}
		verifyFile(t, dir)
	})
	t.Run("file size limit", func(t *testing.T) {
		dir := t.TempDir()
		p := startVictim(t, dir, "full")
		for line := range p.lines {
			if strings.HasPrefix(line, "error") {
				t.Error(line)
			}
		}
		verifyFile(t, dir)
	})
}

// fillStore writes into a store until the disk is full and returns an error
// unless everything is as it was before the call that failed.
func fillStore(dir string) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.Create(specOf("r1"), start); err != nil {
		return err
	}
	old := randomBytes(1, 3<<20)
	if _, err := s.PutBest(noContext, bestEvent("r1", 1, 0.5), bytes.NewReader(old), int64(len(old))); err != nil {
		return err
	}
	big := randomBytes(2, 20<<20)
	_, err = s.PutBest(noContext, bestEvent("r1", 2, 0.6), bytes.NewReader(big), int64(len(big)))
	if err == nil {
		return errors.New("20 MiB of weights found room")
	}
	// Then with small changes until those find no room either.
	before, err := s.Run("r1")
	if err != nil {
		return err
	}
	for {
		err := s.Append("r1", []run.Event{logEvent("%s", bytes.Repeat([]byte("x"), 200_000))})
		if err != nil {
			break
		}
		before.Seq++
		if before.Seq > 1000 {
			return errors.New("the disk never fills")
		}
	}
	after, err := s.Run("r1")
	if err != nil {
		return err
	}
	if after.Seq != before.Seq || after.Best == nil || *after.Best != (run.Best{Epoch: 1, Metric: "macro_f1", Value: 0.5}) {
		return fmt.Errorf("record after the disk was full: %+v", after)
	}
	w, err := s.OpenWeights("r1")
	if err != nil {
		return err
	}
	got, err := io.ReadAll(w.Reader())
	if err != nil || !bytes.Equal(got, old) {
		return fmt.Errorf("weights after the disk was full: %d bytes, %v", len(got), err)
	}
	if problems, err := s.Verify(noContext, nil); len(problems) > 0 || err != nil {
		return fmt.Errorf("verify after the disk was full: %v, %v", problems, err)
	}
	return nil
}
