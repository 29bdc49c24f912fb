package data

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// pathColumn is the column of a CSV source that names the image.
const pathColumn = "image_path"

// readTables reads a CSV source. Rows whose image is not there become skips;
// a label that is not in the list is an error, as the table was written by hand
// or by a program and can be mended.
func readTables(ctx context.Context, d run.Data, tasks []run.Task, progress Progress) (*Manifest, stamp, error) {
	type source struct {
		path string
		part Part
	}
	sources := []source{{d.CSV, ""}}
	if d.CSV == "" {
		sources = []source{{d.TrainCSV, Train}, {d.ValCSV, Val}, {d.TestCSV, Test}}
	}
	m := &Manifest{Source: sources[0].path}
	h := sha256.New()
	for _, s := range sources {
		if s.path == "" {
			return nil, stamp{}, inputErrorf("data", "no source: give dir, csv, or all of train_csv, val_csv and test_csv")
		}
		b, err := os.ReadFile(s.path)
		if err != nil {
			return nil, stamp{}, &InputError{On: s.path, What: "the table cannot be read", Err: err}
		}
		rows, err := parseTable(s.path, b, d.Base, tasks)
		if err != nil {
			return nil, stamp{}, err
		}
		for i := range rows {
			rows[i].Part = s.part
		}
		m.Rows = append(m.Rows, rows...)
		writeSized(h, b)
	}
	infos, err := locate(ctx, m.Rows, progress)
	if err != nil {
		return nil, stamp{}, err
	}
	kept := m.Rows[:0]
	for i, r := range m.Rows {
		writeSized(h, []byte(r.Path))
		if infos[i] == nil {
			m.Skips = append(m.Skips, Skip{r.Path, ImageMissing, "there is no such file"})
			continue
		}
		_ = binary.Write(h, binary.LittleEndian, [2]int64{infos[i].Size(), infos[i].ModTime().UnixNano()})
		kept = append(kept, r)
	}
	m.Rows = kept
	return m, stamp(h.Sum(nil)), nil
}

// locate looks for every row's image: beside the table, then below the base, and
// also under the other Unicode form of its name, in which macOS writes Korean
// names. A missing one has a nil info.
func locate(ctx context.Context, rows []Row, progress Progress) ([]os.FileInfo, error) {
	infos := make([]os.FileInfo, len(rows))
	count := newCounter(progress, "listing files", len(rows))
	err := each(ctx, len(rows), func(_, i int) error {
		defer count.add(1)
		for _, p := range []string{rows[i].Path, rows[i].other} {
			if p == "" {
				continue
			}
			for _, p := range []string{p, norm.NFC.String(p), norm.NFD.String(p)} {
				if info, err := os.Stat(p); err == nil {
					rows[i].Path, rows[i].Folder, infos[i] = p, filepath.Dir(p), info
					return nil
				}
			}
		}
		return nil
	})
	return infos, err
}

func writeSized(w io.Writer, b []byte) {
	_ = binary.Write(w, binary.LittleEndian, int64(len(b)))
	_, _ = w.Write(b)
}

// parseTable reads one CSV file: a header line, then image_path and a column per
// task; other columns are ignored. Paths are relative to the file's folder, or
// else to base.
func parseTable(name string, b []byte, base string, tasks []run.Task) ([]Row, error) {
	b = bytes.TrimPrefix(b, utf8BOM)
	switch {
	case len(bytes.TrimSpace(b)) == 0:
		return nil, inputErrorf(name, "the table is empty: want a header line with %s", columnList(tasks))
	case !utf8.Valid(b):
		return nil, inputErrorf(fmt.Sprintf("%s:%d", name, lineOfBadText(b)), "not UTF-8 text: save the table as UTF-8")
	}
	r := csv.NewReader(bufio.NewReader(bytes.NewReader(b)))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return nil, tableError(name, err)
	}
	path, columns, err := findColumns(name, header, tasks)
	if err != nil {
		return nil, err
	}
	classes := classIndex(tasks)
	folder := filepath.Dir(name)
	seen := map[string]int{}
	var rows []Row
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, tableError(name, err)
		}
		at := func(column int) string {
			line, col := r.FieldPos(column)
			return fmt.Sprintf("%s:%d:%d", name, line, col)
		}
		p := filepath.FromSlash(record[path])
		if p == "" {
			return nil, inputErrorf(at(path), "empty %s", pathColumn)
		}
		var other string
		if !filepath.IsAbs(p) {
			if base != "" && base != folder {
				other = filepath.Join(base, p)
			}
			p = filepath.Join(folder, p)
		}
		p = filepath.Clean(p)
		line, _ := r.FieldPos(path)
		if first, ok := seen[p]; ok {
			return nil, inputErrorf(at(path), "%s %q stands in line %d already: leave one of them", pathColumn, shorten(record[path]), first)
		}
		seen[p] = line
		row := Row{Path: p, other: other, Folder: filepath.Dir(p), Labels: make([]int32, len(tasks))}
		for t, task := range tasks {
			value := norm.NFC.String(record[columns[t]])
			class, ok := classes[t][value]
			if !ok {
				return nil, inputErrorf(at(columns[t]), "column %q: %q is not in label_names.%s%s",
					task.Name, shorten(value), task.Name, didYouMean(value, task.Classes))
			}
			row.Labels[t] = class
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil, inputErrorf(name, "the table has a header and no rows")
	}
	return rows, nil
}

func findColumns(name string, header []string, tasks []run.Task) (path int, columns []int, err error) {
	find := func(want string) (int, error) {
		at := -1
		for i, h := range header {
			if norm.NFC.String(strings.TrimSpace(h)) != norm.NFC.String(want) {
				continue
			}
			if at >= 0 {
				return 0, inputErrorf(name+":1", "two columns are called %q: leave one of them", want)
			}
			at = i
		}
		if at < 0 {
			return 0, inputErrorf(name+":1", "no column %q: the header is %q, want %s",
				want, shorten(strings.Join(header, ",")), columnList(tasks))
		}
		return at, nil
	}
	if path, err = find(pathColumn); err != nil {
		return 0, nil, err
	}
	for _, t := range tasks {
		c, err := find(t.Name)
		if err != nil {
			return 0, nil, err
		}
		columns = append(columns, c)
	}
	return path, columns, nil
}

func columnList(tasks []run.Task) string {
	names := []string{pathColumn}
	for _, t := range tasks {
		names = append(names, t.Name)
	}
	return strings.Join(names, ",")
}

func tableError(name string, err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &InputError{On: fmt.Sprintf("%s:%d:%d", name, parse.Line, parse.Column), What: "not a well-formed table", Err: parse.Err}
	}
	return &InputError{On: name, What: "not a well-formed table", Err: err}
}

func lineOfBadText(b []byte) int {
	line := 1
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		b = b[n:]
	}
	return line
}
