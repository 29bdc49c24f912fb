package data

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Progress hears how far a long stage is. It may be called from several
// goroutines, but never from two at once; done counts up to total, which may
// rise; both are 0 where there is nothing to count. A nil Progress is allowed.
type Progress func(stage string, done, total int)

// The stages that look at images.
const (
	StageDecode = "decoding images"
	StageCheck  = "checking images"
)

// maxImageSize bounds image_size: 48 MiB an image.
const maxImageSize = 4096

// Prepare makes the data set that d and tasks describe in a folder of d.Prepared,
// or finds it there: a set whose config and source files are the same is only
// opened. Several processes may prepare at once; one works and the others wait.
// When ctx ends, or the process, the next call goes on with the images that are
// decoded; an error, such as a full disk, leaves nothing but CSV files.
//
// *InputError and *TooManySkipsError are the input's fault; the second comes with
// a finished folder when broken images are the reason, so that going on with
// d.AllowSkips costs nothing.
func Prepare(ctx context.Context, d run.Data, tasks []run.Task, progress Progress) (*Prepared, error) {
	if err := check(&d, tasks); err != nil {
		return nil, err
	}
	s, err := survey(ctx, d, tasks, progress)
	if err != nil {
		return nil, err
	}
	k := keyOf(d, tasks)
	dir := filepath.Join(d.Prepared, SetID(d, tasks))
	if p, err := openCache(dir, k, s.stamp); err == nil {
		return p.accept(d)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("folder for prepared data: %w", err)
	}
	unlock, err := lockFile(ctx, dir+".lock", progress)
	if err != nil {
		return nil, err
	}
	defer unlock()
	// Another process may have finished it meanwhile.
	if p, err := openCache(dir, k, s.stamp); err == nil {
		return p.accept(d)
	}
	m, err := s.manifest(ctx, d, tasks, progress)
	if err != nil {
		return nil, err
	}
	if err := buildCache(ctx, dir, m, d, tasks, k, s.stamp, progress); err != nil {
		return nil, err
	}
	p, err := openCache(dir, k, s.stamp)
	if err != nil {
		return nil, err
	}
	return p.accept(d)
}

func check(d *run.Data, tasks []run.Task) error {
	if d.ImageSize < 1 || d.ImageSize > maxImageSize {
		return inputErrorf("data.image_size", "%d: want 1 to %d", d.ImageSize, maxImageSize)
	}
	if len(tasks) == 0 {
		return inputErrorf("label_names", "no task: want at least one list of labels")
	}
	if d.Prepared == "" {
		return errors.New("prepare data: no folder to prepare in")
	}
	for _, p := range []*string{&d.Dir, &d.CSV, &d.TrainCSV, &d.ValCSV, &d.TestCSV, &d.Prepared} {
		if *p == "" {
			continue
		}
		abs, err := filepath.Abs(*p)
		if err != nil {
			return fmt.Errorf("prepare data: %w", err)
		}
		*p = abs
	}
	return nil
}

// keyOf covers what the outcome depends on beside the source's files.
func keyOf(d run.Data, tasks []run.Task) key {
	d.Prepared, d.AllowSkips = "", false
	b, _ := json.Marshal(struct { // plain values: marshalling cannot fail
		Format int
		Data   run.Data
		Tasks  []run.Task
	}{cacheFormat, d, tasks})
	return sha256.Sum256(b)
}

// accept refuses a set with too many skips, and writes tables again that somebody
// has deleted.
func (p *Prepared) accept(d run.Data) (*Prepared, error) {
	now := time.Now()
	_ = os.Chtimes(filepath.Join(p.Dir, cacheName), now, now) // for Sets alone
	if !tablesThere(p.Dir) {
		if err := writeTables(p, d); err != nil {
			_ = p.Close()
			return nil, err
		}
	}
	if err := p.Report.tooManySkips(); err != nil && !d.AllowSkips {
		_ = p.Close()
		err.List = filepath.Join(p.Dir, skippedName)
		return nil, err
	}
	return p, nil
}
