package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

func newWeights(e *env) *cobra.Command {
	inspect := &cobra.Command{
		Use:   "inspect FILE",
		Short: "Say what a weight file holds and which backbone it fits",
		Long:  "inspect lists the tensors of a weight file. Formats: text, json.",
		Args:  needs("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			format, err := e.oneOf("text", "json")
			if err != nil {
				return err
			}
			report, err := weights.Inspect(args[0])
			if err != nil {
				return withCode(exitUsage, err)
			}
			if format == "json" {
				return writeJSON(e.stdout, report)
			}
			return writeReport(e.stdout, report)
		},
	}
	return group("weights", "Take weights out of the store, look into weight files, download public ones", newWeightsExport(e), inspect, newWeightsFetch(e))
}

// openBest returns the best weights of a run. The caller closes the stream.
func openBest(st sweep.Reader, id string) (*store.Manifest, io.ReadCloser, error) {
	r, err := st.Run(id)
	if err != nil {
		return nil, nil, notFound(err)
	}
	m, w, err := st.Weights(r.Spec.ID)
	if errors.Is(err, store.ErrNoBest) {
		err = withCode(exitUsage, err)
	}
	return m, w, err
}

// replaceFile writes a file under a temporary name and renames it when it is whole.
func replaceFile(path string, content io.Reader) error {
	return replaceWith(path, func(w io.Writer) error {
		_, err := io.Copy(w, content)
		return err
	})
}

// replaceWith is replaceFile for what write writes. A device or a pipe is written
// to, not replaced.
func replaceWith(path string, write func(io.Writer) error) (err error) {
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return usagef("it is a folder: give the name of a file")
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	if dir, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) || err == nil && !dir.IsDir() {
		return usagef("there is no folder %s", filepath.Dir(path))
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func writeReport(w io.Writer, r weights.Report) error {
	rows := [][]string{{"TENSOR", "TYPE", "SHAPE"}}
	for _, t := range r.Entries {
		rows = append(rows, []string{t.Name, t.DType, strings.Trim(strings.ReplaceAll(fmt.Sprint(t.Shape), " ", "×"), "[]")})
	}
	if err := writeColumns(w, rows); err != nil {
		return err
	}
	fits := "no backbone that this program knows"
	if r.Model != "" {
		fits = r.Model
	}
	fmt.Fprintf(w, "\n%d tensors, %d values\nfits %s\n", len(r.Entries), r.Values, fits)
	var keys []string
	for k := range r.Metadata {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		fmt.Fprintf(w, "%s: %s\n", k, r.Metadata[k])
	}
	return nil
}
