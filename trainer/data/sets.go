package data

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"golang.org/x/sys/unix"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Set is a prepared data set as it lies in its folder, finished or not.
type Set struct {
	ID        string       `json:"id"` // name of the folder
	Dir       string       `json:"dir"`
	Finished  bool         `json:"finished"`
	Source    string       `json:"source"` // "" while it is not known
	ImageSize int          `json:"image_size"`
	Group     string       `json:"group"`
	Seed      uint64       `json:"seed"`
	Images    int          `json:"images"` // decoded so far
	Parts     map[Part]int `json:"parts"`
	Bytes     int64        `json:"bytes"` // on the disk
	Used      time.Time    `json:"used"`  // when it was last made or opened
}

// ErrSetBusy says that a process is preparing the set.
var ErrSetBusy = errors.New("a process is preparing it")

// setName is what SetID makes.
var setName = regexp.MustCompile(`^[0-9a-f]{16}$`)

// SetID names the prepared set that d and tasks describe; it does not depend on
// the folder that it is prepared in. d is as sweep.DataSpec makes it.
func SetID(d run.Data, tasks []run.Task) string {
	k := keyOf(d, tasks)
	return hex.EncodeToString(k[:8])
}

// Sets lists the prepared sets in a folder, in order of their names.
func Sets(prepared string) ([]Set, error) {
	entries, err := os.ReadDir(prepared) // sorted by name
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("prepared data: %w", err)
	}
	var sets []Set
	for _, e := range entries {
		if e.IsDir() && setName.MatchString(e.Name()) {
			s, err := readSet(filepath.Join(prepared, e.Name()))
			if err != nil {
				return nil, err
			}
			sets = append(sets, s)
		}
	}
	return sets, nil
}

func readSet(dir string) (Set, error) {
	s := Set{ID: filepath.Base(dir), Dir: dir}
	files, err := os.ReadDir(dir)
	if err != nil {
		return s, fmt.Errorf("prepared data: %w", err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			continue // deleted meanwhile
		}
		s.Bytes += info.Size()
		if f.Name() == cacheName || f.Name() == journalName {
			s.Used = later(s.Used, info.ModTime())
		}
	}
	var about splitFile
	if b, err := os.ReadFile(filepath.Join(dir, splitName)); err == nil && json.Unmarshal(b, &about) == nil {
		s.Source, s.ImageSize, s.Group, s.Seed = about.Source, about.ImageSize, about.Group, about.Seed
		if about.Counts != nil {
			s.Images, s.Parts = about.Counts.Selected, about.Counts.Parts
		}
	}
	if f, err := os.Open(filepath.Join(dir, cacheName)); err == nil {
		defer f.Close()
		head := make([]byte, headerBytes)
		if _, err := f.ReadAt(head, 0); err == nil {
			_, err = decodeHeader(head)
			s.Finished = err == nil
		}
	}
	if info, err := os.Stat(filepath.Join(dir, journalName)); err == nil && !s.Finished {
		s.Images = int(max(0, info.Size()-journalHeader) / journalRecord)
	}
	return s, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// RemoveSet deletes a prepared set that nobody is preparing. Whoever has it open
// keeps it until the end.
func RemoveSet(s Set) error {
	lock, err := os.OpenFile(s.Dir+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("lock of prepared data: %w", err)
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return fmt.Errorf("prepared data %s: %w", s.ID, ErrSetBusy)
	}
	// The lock's file stays: another process may be about to lock it.
	if err := os.RemoveAll(s.Dir); err != nil {
		return fmt.Errorf("prepared data %s: %w", s.ID, err)
	}
	return nil
}
