package data

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestSetsListsFinishedAndUnfinishedOnes(t *testing.T) {
	d := hubData(t)
	p, _ := prepare(t, d)
	other := d
	other.ImageSize = 9
	cancelled(t, other, 8)
	write(t, filepath.Join(d.Prepared, "notes", "x"), nil) // somebody's own
	sets, err := Sets(d.Prepared)
	if err != nil || len(sets) != 2 {
		t.Fatalf("%+v, %v", sets, err)
	}
	for _, s := range sets {
		finished := s.ID == SetID(d, testTasks())
		if s.Finished != finished || s.Used.IsZero() || s.Bytes < 8*8*8*3 {
			t.Errorf("%+v", s)
		}
		if finished && (s.Images != len(p.Images) || s.Source != d.Dir || s.Group != "image" || s.Parts[Val] != 3) {
			t.Errorf("%+v", s)
		}
		if !finished && (s.ID != SetID(other, testTasks()) || s.Images < 8) {
			t.Errorf("%+v", s)
		}
	}
}

func TestRemoveSetLeavesWhatIsBeingPrepared(t *testing.T) {
	d := hubData(t)
	p, _ := prepare(t, d)
	sets, err := Sets(d.Prepared)
	if err != nil || len(sets) != 1 {
		t.Fatal(sets, err)
	}
	unlock, err := lockFile(t.Context(), p.Dir+".lock", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := RemoveSet(sets[0]); !errors.Is(err, ErrSetBusy) {
		t.Errorf("got %v, want %v", err, ErrSetBusy)
	}
	unlock()
	if err := RemoveSet(sets[0]); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(p.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if got := sumOf(p.Pixels(0)).crc; got != p.sums[0] {
		t.Error("the open set lost its pixels")
	}
	if q, made := prepare(t, d); !made || q.DataDigest != p.DataDigest {
		t.Error("the set is not made again")
	}
}
