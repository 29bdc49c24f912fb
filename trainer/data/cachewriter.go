package data

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// cacheWriter fills a cache under a temporary name. Slots may be written from
// many goroutines, each slot by one at a time; a slot of a broken image stays a
// hole until finish closes it.
type cacheWriter struct {
	dir  string
	f    *os.File
	size int
	sums []imageSum // per slot
}

func newCacheWriter(dir string, size int) (*cacheWriter, error) {
	f, err := os.OpenFile(filepath.Join(dir, cacheName+".tmp"), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, diskError(dir, 0, err)
	}
	return &cacheWriter{dir: dir, f: f, size: size}, nil
}

func (w *cacheWriter) offset(slot int) int64 {
	return headerBytes + int64(slot)*int64(imageBytes(w.size))
}

// reserve makes room for n slots in all, and fails early where the disk has none.
func (w *cacheWriter) reserve(n int) error {
	need := w.offset(n - len(w.sums))
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(w.f.Fd()), &st); err == nil && st.Bsize > 0 && uint64(need)/uint64(st.Bsize) > st.Bavail {
		return diskError(w.f.Name(), need, unix.ENOSPC)
	}
	w.sums = append(w.sums, make([]imageSum, n-len(w.sums))...)
	return nil
}

func (w *cacheWriter) put(slot int, pixels []byte) error {
	if _, err := w.f.WriteAt(pixels, w.offset(slot)); err != nil {
		return diskError(w.f.Name(), w.offset(len(w.sums)), err)
	}
	w.sums[slot] = sumOf(pixels)
	return nil
}

// compact closes the holes: the images in the last slots move into them. used
// holds the used slots in ascending order; the result has the new place of each.
func (w *cacheWriter) compact(used []int) ([]int, error) {
	place := slices.Clone(used)
	n := len(used)
	px := make([]byte, imageBytes(w.size))
	mover := n - 1
	// Below n there are as many holes as there are images at n or above.
	for hole, k := 0, 0; hole < n; hole++ {
		if used[k] == hole {
			k++
			continue
		}
		if _, err := w.f.ReadAt(px, w.offset(used[mover])); err != nil {
			return nil, diskError(w.f.Name(), 0, err)
		}
		if err := w.put(hole, px); err != nil {
			return nil, err
		}
		place[mover] = hole
		mover--
	}
	w.sums = w.sums[:n]
	return place, nil
}

// finish writes index and header, and gives the file its name: from then on the
// cache exists, before it does not.
func (w *cacheWriter) finish(x *index, k key, st stamp) error {
	fail := func(err error) error { return diskError(w.f.Name(), w.offset(len(w.sums)), err) }
	text, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("image cache %s: %w", w.f.Name(), err)
	}
	end := w.offset(len(w.sums))
	if err := w.f.Truncate(end); err != nil {
		return fail(err)
	}
	if _, err := w.f.WriteAt(text, end); err != nil {
		return fail(err)
	}
	h := header{
		Format: cacheFormat, Size: uint32(w.size), Images: uint64(len(w.sums)),
		IndexBytes: uint64(len(text)), IndexSum: crc32.Checksum(text, castagnoli), Key: k, Stamp: st,
	}
	copy(h.Magic[:], cacheMagic)
	if _, err := w.f.WriteAt(h.encode(), 0); err != nil {
		return fail(err)
	}
	if err := w.f.Sync(); err != nil {
		return fail(err)
	}
	if err := os.Rename(w.f.Name(), filepath.Join(w.dir, cacheName)); err != nil {
		return fail(err)
	}
	return syncFolder(w.dir)
}

// close ends the writing; without finish nothing stays.
func (w *cacheWriter) close() {
	_ = w.f.Close()
	_ = os.Remove(w.f.Name()) // after finish there is none by this name
}

// syncFolder makes a rename in it survive a power cut.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
