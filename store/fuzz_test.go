package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// What is read as a block is written as the same content again; anything else is refused.
func FuzzStepBlock(f *testing.F) {
	e := stepEvent(1)
	b := newStepBlock(&e)
	for i := range 3 {
		e := stepEvent(i + 1)
		e.Seq = int64(i + 1)
		b.add(&e)
	}
	f.Add(b.pack())
	f.Add([]byte{})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := unpackStepBlock(data)
		if err != nil {
			return
		}
		again, err := unpackStepBlock(b.pack())
		if err != nil || !bytes.Equal(again.pack(), b.pack()) {
			t.Errorf("written again it differs: %v", err)
		}
		if n := len(b.events("r", 0)) + len(b.events("r", b.Seq[0])); n > 2*b.Len() {
			t.Errorf("%d events of %d points", n, b.Len())
		}
	})
}

func FuzzNotes(f *testing.F) {
	for _, e := range []run.Event{
		epochEvent(3, run.Val), logEvent("hello"), *bestEvent("r", 1, 0.5),
		{Type: run.EventState, State: run.Running, Provenance: &run.Provenance{DataDigest: "d"}},
	} {
		var one, p packer
		if err := packEvent(&one, &e); err != nil {
			f.Fatal(err)
		}
		p.string(string(one.b))
		f.Add(p.b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := unpackNotes(data)
		if err != nil {
			return
		}
		for _, e := range events {
			var p packer
			if err := packEvent(&p, &e); err != nil {
				t.Fatal(err)
			}
			u := &unpacker{b: p.b}
			again, err := unpackEvent(u)
			if err := errors.Join(err, u.end()); err != nil || describe(again) != describe(e) {
				t.Errorf("written again it differs: %v", err)
			}
		}
	})
}

func FuzzPredictions(f *testing.F) {
	f.Add(packPredictions(run.Predictions{DataDigest: "d", Truth: [][]int32{{0, 1}, {1, 1}}, Pred: [][]int32{{1, 1}, {0, 1}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := unpackPredictions(data)
		if err != nil {
			return
		}
		again, err := unpackPredictions(packPredictions(p))
		if err != nil || !bytes.Equal(packPredictions(again), packPredictions(p)) {
			t.Errorf("written again it differs: %v", err)
		}
	})
}

// Any bytes laid over any place of a store end in an error or in reading, not in a crash.
func FuzzFile(f *testing.F) {
	whole := sample(f, 20_000)
	f.Add(uint32(pageSize), []byte{1, 2, 3})
	f.Add(uint32(3*pageSize+8), []byte{flagBranch, 0, 1})
	f.Add(uint32(0), make([]byte, 80))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		data := bytes.Clone(whole)
		copy(data[int(at)%len(data):], patch)
		path := filepath.Join(t.TempDir(), FileName)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		dumped, problems, refused := outcome(t, path, at%2 == 0)
		if refused == nil && len(problems) == 0 && dumped == "" {
			t.Error("nothing is wrong and nothing is there")
		}
	})
}
