package data

import (
	"bytes"
	"image/jpeg"
	"image/png"
	"io"
	"os"
)

// cacheDecoder decodes frames into the slots of a cache.
type cacheDecoder struct {
	w       *cacheWriter
	readers []*ImageReader
	pixels  [][]byte // one image a worker
}

// newCacheDecoder returns a decoder for images of a size; w may be nil where
// images are only checked.
func newCacheDecoder(w *cacheWriter, size int) *cacheDecoder {
	d := &cacheDecoder{w: w, readers: NewImageReaders(size, workers())}
	for range d.readers {
		d.pixels = append(d.pixels, make([]byte, imageBytes(size)))
	}
	return d
}

func (d *cacheDecoder) Reserve(slots int) error { return d.w.reserve(slots) }

func (d *cacheDecoder) Decode(worker, slot int, path string) (broken, err error) {
	px := d.pixels[worker]
	// Before it is read: of a file that changes meanwhile the pixels are not kept.
	id, state, err := identify(path)
	if err == nil {
		if found, err := d.w.recall(slot, id, state, px); found || err != nil {
			return nil, err
		}
	}
	if err := d.readers[worker].Load(px, path); err != nil {
		return err, nil
	}
	return nil, d.w.put(slot, id, state, px)
}

// Check looks at the two ends of the file, which is what a cut, empty or foreign
// file fails; whatever looks wrong is decoded, so nothing is called broken that
// decodes.
func (d *cacheDecoder) Check(worker int, path string) error {
	if looksWhole(path) {
		return nil
	}
	return d.readers[worker].Load(d.pixels[worker], path)
}

// tailBytes is how far from the end of a file its end marker may lie.
const tailBytes = 64

func looksWhole(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() < tailBytes {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var tail [tailBytes]byte
	if _, err := f.ReadAt(tail[:], info.Size()-tailBytes); err != nil {
		return false
	}
	var start [len(pngSignature)]byte
	if _, err := f.ReadAt(start[:], 0); err != nil {
		return false
	}
	config, end := jpeg.DecodeConfig, []byte("\xff\xd9")
	if bytes.HasPrefix(start[:], []byte(pngSignature)) {
		config, end = png.DecodeConfig, []byte("IEND")
	}
	if !bytes.Contains(tail[:], end) {
		return false
	}
	_, err = config(io.NewSectionReader(f, 0, info.Size()))
	return err == nil
}
