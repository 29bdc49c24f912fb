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
// hole until compact closes it. What an earlier writer left is taken over image
// by image, see recall.
type cacheWriter struct {
	dir     string
	f       *os.File
	size    int
	sums    []imageSum  // per slot
	files   []fileState // per slot: what the pixels were decoded from
	journal *journal
	kept    map[fileID]keptImage // of the part, as the journal has it
	donors  []*donor
}

const partName = cacheName + ".part"

// newCacheWriter opens the part of an unfinished cache, or begins one. donors
// are closed with the writer.
func newCacheWriter(dir string, size int, donors []*donor) (*cacheWriter, error) {
	w := &cacheWriter{dir: dir, size: size, donors: donors}
	var err error
	if w.f, err = os.OpenFile(filepath.Join(dir, partName), os.O_RDWR|os.O_CREATE, 0o600); err == nil {
		w.journal, w.kept, err = openJournal(dir, size)
	}
	if err == nil && len(w.kept) == 0 {
		err = w.f.Truncate(0)
	}
	if err != nil {
		w.close(false)
		return nil, diskError(filepath.Join(dir, partName), 0, err)
	}
	return w, nil
}

func (w *cacheWriter) offset(slot int) int64 {
	return headerBytes + int64(slot)*int64(imageBytes(w.size))
}

// reserve makes room for n slots in all, and fails early where the disk has none.
func (w *cacheWriter) reserve(n int) error {
	need := w.offset(n)
	var fs unix.Statfs_t
	var own unix.Stat_t
	fd := int(w.f.Fd())
	if unix.Fstatfs(fd, &fs) == nil && unix.Fstat(fd, &own) == nil && fs.Bsize > 0 {
		more := need - own.Blocks*512 // the unit of st_blocks, whatever the file system's
		if more > 0 && uint64(more)/uint64(fs.Bsize) > fs.Bavail {
			return diskError(w.f.Name(), need, unix.ENOSPC)
		}
	}
	w.sums = append(w.sums, make([]imageSum, n-len(w.sums))...)
	w.files = append(w.files, make([]fileState, n-len(w.files))...)
	return nil
}

// recall fills slot and pixels with the image that was decoded from the file
// before: by an unfinished writer, or for a finished cache. Its checksum is
// compared, so neither a part that a power cut tore nor one that this writer
// has partly overwritten can give wrong pixels.
func (w *cacheWriter) recall(slot int, id fileID, state fileState, pixels []byte) (bool, error) {
	if k, ok := w.kept[id]; ok {
		if _, err := w.f.ReadAt(pixels, w.offset(k.slot)); err == nil {
			if sum := sumOf(pixels); sum.sha == k.sha {
				if k.slot == slot {
					w.sums[slot], w.files[slot] = sum, state
					return true, nil
				}
				return true, w.put(slot, id, state, pixels)
			}
		}
	}
	for _, d := range w.donors {
		if d.read(id, pixels) {
			return true, w.put(slot, id, state, pixels)
		}
	}
	return false, nil
}

func (w *cacheWriter) put(slot int, id fileID, state fileState, pixels []byte) error {
	sum := sumOf(pixels)
	if _, err := w.f.WriteAt(pixels, w.offset(slot)); err != nil {
		return diskError(w.f.Name(), w.offset(len(w.sums)), err)
	}
	w.sums[slot], w.files[slot] = sum, state
	if err := w.journal.add(id, keptImage{slot, sum.sha}); err != nil {
		return diskError(w.f.Name(), w.offset(len(w.sums)), err)
	}
	return nil
}

// placement closes holes: the images in the last slots move into them. used holds
// the used slots in ascending order; the result has the new place of each.
func placement(used []int) []int {
	place := slices.Clone(used)
	mover := len(used) - 1
	// Below len(used) there are as many holes as there are images behind it.
	for hole, k := 0, 0; hole < len(used); hole++ {
		if used[k] == hole {
			k++
			continue
		}
		place[mover] = hole
		mover--
	}
	return place
}

// compact moves the images in used slots to their places.
func (w *cacheWriter) compact(used []int) ([]int, error) {
	place := placement(used)
	px := make([]byte, imageBytes(w.size))
	for i, at := range place {
		from := used[i]
		if at == from {
			continue
		}
		if _, err := w.f.ReadAt(px, w.offset(from)); err != nil {
			return nil, diskError(w.f.Name(), 0, err)
		}
		if _, err := w.f.WriteAt(px, w.offset(at)); err != nil {
			return nil, diskError(w.f.Name(), w.offset(len(w.sums)), err)
		}
		w.sums[at], w.files[at] = w.sums[from], w.files[from]
	}
	w.sums, w.files = w.sums[:len(used)], w.files[:len(used)]
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

// close ends the writing. With keep the next writer goes on with what is there.
func (w *cacheWriter) close(keep bool) {
	for _, d := range w.donors {
		d.close()
	}
	if w.journal != nil {
		w.journal.close()
	}
	if w.f != nil {
		_ = w.f.Close()
	}
	if !keep {
		// After finish there is no part by this name.
		_ = os.Remove(filepath.Join(w.dir, partName))
		_ = os.Remove(filepath.Join(w.dir, journalName))
	}
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
