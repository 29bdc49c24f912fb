package data

import (
	"hash/crc32"
	"os"
	"path/filepath"
)

// donor is a finished cache that another one takes images from, so that a file
// is decoded once, although its set is prepared again: because a file beside it
// has changed, or for another split, seed or label list.
type donor struct {
	f    *os.File
	size int
	at   map[fileID]donated
}

type donated struct {
	image int
	crc   uint32
}

// findDonors opens the caches below a folder whose images come from the source
// and have the size.
func findDonors(prepared, source string, size int) []*donor {
	names, _ := filepath.Glob(filepath.Join(prepared, "*", cacheName)) // the pattern is good
	var donors []*donor
	for _, name := range names {
		if d := openDonor(name, source, size); d != nil {
			donors = append(donors, d)
		}
	}
	return donors
}

// openDonor returns nil for a cache that is of no use; it need not be whole.
func openDonor(name, source string, size int) *donor {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	h, x, err := readCache(f)
	if err != nil || int(h.Size) != size || x.Report == nil || x.Report.Source != source ||
		len(x.Files) != len(x.Images) || len(x.Sums) != len(x.Images) {
		_ = f.Close()
		return nil
	}
	d := &donor{f: f, size: size, at: make(map[fileID]donated, len(x.Images))}
	for i, img := range x.Images {
		d.at[x.Files[i].id(img.Path)] = donated{i, x.Sums[i]}
	}
	return d
}

// read fills pixels with the image of a file and reports whether it has it.
func (d *donor) read(id fileID, pixels []byte) bool {
	k, ok := d.at[id]
	if !ok {
		return false
	}
	_, err := d.f.ReadAt(pixels, headerBytes+int64(k.image)*int64(imageBytes(d.size)))
	return err == nil && crc32.Checksum(pixels, castagnoli) == k.crc
}

func (d *donor) close() { _ = d.f.Close() }
