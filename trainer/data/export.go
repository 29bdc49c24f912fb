package data

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/backbone-sweep/sweep/sweep/run"
)

const (
	skippedName = "skipped.csv"
	splitName   = "split.json"
)

// writeTables writes what people and other programs read of a prepared set:
// a CSV file per part, the split and the list of skips. Image paths in them are
// absolute, so that a table may be moved and used as a source itself.
func writeTables(p *Prepared, d run.Data) error {
	for _, part := range Parts() {
		if err := writeFile(filepath.Join(p.Dir, string(part)+".csv"), func(w io.Writer) error {
			return writePart(w, p, part)
		}); err != nil {
			return err
		}
	}
	if err := writeSkips(filepath.Join(p.Dir, skippedName), p.Skips); err != nil {
		return err
	}
	return writeFile(filepath.Join(p.Dir, splitName), func(w io.Writer) error { return writeSplit(w, p, d) })
}

func tablesThere(dir string) bool {
	for _, name := range []string{"train.csv", "val.csv", "test.csv", splitName, skippedName} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

func writePart(w io.Writer, p *Prepared, part Part) error {
	c := csv.NewWriter(w)
	header := []string{pathColumn}
	for _, t := range p.Tasks {
		header = append(header, t.Name)
	}
	rows := [][]string{}
	for _, i := range slices.SortedFunc(slices.Values(p.parts[part]), func(a, b int32) int {
		return compareImages(&p.Images[a], &p.Images[b])
	}) {
		row := []string{p.Images[i].Path}
		for t, label := range p.Images[i].Labels {
			row = append(row, p.Tasks[t].Classes[label])
		}
		rows = append(rows, row)
	}
	if err := c.Write(header); err != nil {
		return err
	}
	return c.WriteAll(rows)
}

// compareImages orders images folder by folder, and those of a video by frame
// number: frame_9 before frame_12.
func compareImages(a, b *Image) int {
	return cmp.Or(
		comparePaths(filepath.ToSlash(filepath.Dir(a.Path)), filepath.ToSlash(filepath.Dir(b.Path))),
		cmp.Compare(a.Frame, b.Frame),
		strings.Compare(a.Path, b.Path),
	)
}

// writeSkips writes path, reason and detail of every skip.
func writeSkips(name string, skips []Skip) error {
	return writeFile(name, func(w io.Writer) error {
		rows := [][]string{{"path", "reason", "detail"}}
		for _, s := range skips {
			rows = append(rows, []string{s.Path, string(s.Reason), s.Detail})
		}
		return csv.NewWriter(w).WriteAll(rows)
	})
}

// splitFile is split.json.
type splitFile struct {
	Source       string            `json:"source"`
	Seed         uint64            `json:"seed"`
	FrequentOver int               `json:"frequent_over"`
	Val          float64           `json:"val"`
	Test         float64           `json:"test"`
	Group        string            `json:"group"`
	ImageSize    int               `json:"image_size"`
	DataDigest   string            `json:"data_digest"`
	Counts       *Report           `json:"counts"`
	Videos       map[Part][]string `json:"videos"`
}

func writeSplit(w io.Writer, p *Prepared, d run.Data) error {
	videos := map[Part][]string{}
	for _, part := range Parts() {
		ids := map[string]bool{}
		for _, i := range p.parts[part] {
			ids[p.Images[i].Video] = true
		}
		videos[part] = append([]string{}, slices.Sorted(maps.Keys(ids))...)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(splitFile{p.Report.Source, d.Seed, d.FrequentOver, d.Val, d.Test, d.Group, d.ImageSize, p.DataDigest, p.Report, videos})
}

// writeFile writes a file under a temporary name and renames it.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}
