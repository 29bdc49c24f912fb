package data

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// file is a JSON or image file below the source folder.
type file struct {
	name  string
	size  int64
	mtime int64 // Unix nanoseconds
}

// folder is one folder below the source folder, with the files that matter.
type folder struct {
	rel    string // with slashes; "." is the source folder itself
	json   []file // sorted by name
	images []file // sorted by name
	subs   int    // folders in it
}

// stamp identifies the state of a source: names, sizes and times of its files.
type stamp [sha256.Size]byte

// scan lists every folder below root in sorted order, parents first. Links to
// folders are followed once.
func scan(ctx context.Context, root string, progress Progress) ([]folder, stamp, error) {
	s := &scanner{ctx: ctx, root: root, seen: map[string]bool{}}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		s.seen[real] = true
	}
	if err := s.walk("."); err != nil {
		return nil, stamp{}, err
	}
	count := newCounter(progress, "listing files", len(s.folders))
	err := each(ctx, len(s.folders), func(_, i int) error {
		f := &s.folders[i]
		dir := filepath.Join(root, filepath.FromSlash(f.rel))
		f.json, f.images = statAll(dir, f.json), statAll(dir, f.images)
		count.add(1)
		return nil
	})
	if err != nil {
		return nil, stamp{}, err
	}
	return s.folders, stampOf(s.folders), nil
}

type scanner struct {
	ctx     context.Context
	root    string
	seen    map[string]bool // real paths of the folders that links led to
	folders []folder
}

func (s *scanner) walk(rel string) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	dir := filepath.Join(s.root, filepath.FromSlash(rel))
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return &InputError{On: dir, What: "the folder cannot be read", Err: err}
	}
	at := len(s.folders)
	s.folders = append(s.folders, folder{rel: rel})
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		isDir := e.IsDir()
		if e.Type()&fs.ModeSymlink != 0 {
			if isDir, err = s.linksToNewFolder(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
		switch {
		case isDir:
			s.folders[at].subs++
			if err := s.walk(path.Join(rel, name)); err != nil {
				return err
			}
		case strings.EqualFold(path.Ext(name), ".json"):
			s.folders[at].json = append(s.folders[at].json, file{name: name})
		case isImageName(name):
			s.folders[at].images = append(s.folders[at].images, file{name: name})
		}
	}
	return nil
}

// linksToNewFolder reports whether a link leads to a folder that was not walked
// yet, so that a circle of links ends.
func (s *scanner) linksToNewFolder(link string) (bool, error) {
	info, err := os.Stat(link)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // a dangling link is a missing file
	}
	if err != nil {
		return false, &InputError{On: link, What: "the link cannot be followed", Err: err}
	}
	if !info.IsDir() {
		return false, nil
	}
	real, err := filepath.EvalSymlinks(link)
	if err != nil {
		return false, &InputError{On: link, What: "the link cannot be followed", Err: err}
	}
	if s.seen[real] {
		return false, nil
	}
	s.seen[real] = true
	return true, nil
}

// statAll fills in sizes and times; it drops what is not there any more, such as
// the target of a dangling link.
func statAll(dir string, files []file) []file {
	kept := files[:0]
	for _, f := range files {
		info, err := os.Stat(filepath.Join(dir, f.name))
		if err != nil || info.IsDir() {
			continue
		}
		f.size, f.mtime = info.Size(), info.ModTime().UnixNano()
		kept = append(kept, f)
	}
	return kept
}

func stampOf(folders []folder) stamp {
	h := sha256.New()
	var b []byte
	for _, f := range folders {
		b = append(append(b[:0], f.rel...), 0)
		for _, list := range [][]file{f.json, f.images} {
			for _, x := range list {
				b = append(append(b, x.name...), 0)
				b = binary.LittleEndian.AppendUint64(b, uint64(x.size))
				b = binary.LittleEndian.AppendUint64(b, uint64(x.mtime))
			}
			b = append(b, 0)
		}
		_, _ = h.Write(b)
	}
	return stamp(h.Sum(nil))
}

// readLimited reads a whole file of at most limit bytes.
func readLimited(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = errors.New("the file is too large")
	}
	return b, err
}
