package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// open opens a file of the run's folder that an event named.
func (r *runner) open(name string) (f *os.File, size int64, err error) {
	if !filepath.IsLocal(name) {
		return nil, 0, fmt.Errorf("file %q: is not in the run's folder", name)
	}
	f, err = os.Open(filepath.Join(r.spec.Dir, name))
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("file %s: is no regular file", f.Name())
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// keepBest moves the checkpoint of a best event into the store.
func (r *runner) keepBest(e *run.Event) error {
	f, size, err := r.open(e.File)
	if err != nil {
		return err
	}
	defer f.Close()
	e.File = ""
	// The weights are small enough to be stored whole, even when the run is to end.
	if _, err := r.s.Store.PutBest(context.Background(), e, f, size); err != nil {
		return err
	}
	if err := remove(f.Name()); err != nil {
		r.warn("the store has the best weights, but their file stays: %v", err)
	}
	return nil
}

// maxPredictions bounds a file of predictions in bytes: tens of millions of images fit.
const maxPredictions = 1 << 30

// keepPredictions moves the predictions of a test result into the store.
func (r *runner) keepPredictions(name string) error {
	f, size, err := r.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if size > maxPredictions {
		return fmt.Errorf("file %s: has %d bytes", f.Name(), size)
	}
	var p run.Predictions
	if err := json.NewDecoder(f).Decode(&p); err != nil {
		return fmt.Errorf("file %s: %w", f.Name(), err)
	}
	if err := r.s.Store.PutPredictions(r.spec.ID, p); err != nil {
		return err
	}
	return remove(f.Name())
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
