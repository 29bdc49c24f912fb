package data

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"sync"
)

// Limits on what is decoded, so that a small file cannot ask for all memory.
const (
	maxPixels     = 178_956_970 // as Pillow: 2/3 GiB of RGB
	maxSide       = 65_535      // JPEG's own limit
	maxFileBytes  = 256 << 20
	largePixels   = 32 << 20 // above this, images are decoded one at a time
	pngSignature  = "\x89PNG\r\n\x1a\n"
	jpegSignature = "\xff\xd8"
)

// ImageError says why an image cannot be used.
type ImageError struct {
	Path string
	What string
	Err  error
}

func (e *ImageError) Error() string { return fmt.Sprintf("image %s: %s", e.Path, e.What) }
func (e *ImageError) Unwrap() error { return e.Err }

// ImageReader decodes and resizes images; it keeps its buffers and is for one goroutine.
type ImageReader struct {
	resizer Resizer
	file    bytes.Buffer
	large   *sync.Mutex // shared by the readers of a pool
}

// NewImageReader returns a reader that resizes to size×size.
func NewImageReader(size int) *ImageReader {
	return NewImageReaders(size, 1)[0]
}

// NewImageReaders returns n readers that decode very large images one at a time.
func NewImageReaders(size, n int) []*ImageReader {
	readers := make([]*ImageReader, n)
	large := new(sync.Mutex)
	for i := range readers {
		readers[i] = &ImageReader{resizer: Resizer{Size: size}, large: large}
	}
	return readers
}

// Load reads a JPEG or PNG file and writes size·size·3 bytes of RGB to dst.
// Errors are *ImageError; errors.Is finds fs.ErrNotExist in them.
func (d *ImageReader) Load(dst []byte, path string) error {
	if err := d.read(path); err != nil {
		return err
	}
	fail := func(what string, err error) error { return &ImageError{Path: path, What: what, Err: err} }
	b := d.file.Bytes()
	config, decode, kind := jpeg.DecodeConfig, decodeJPEG, "JPEG"
	switch {
	case len(b) == 0:
		return fail("the file is empty", nil)
	case bytes.HasPrefix(b, []byte(pngSignature)):
		config, decode, kind = png.DecodeConfig, decodePNG, "PNG"
	case !bytes.HasPrefix(b, []byte(jpegSignature)):
		return fail("neither a JPEG nor a PNG file", nil)
	}
	c, err := config(bytes.NewReader(b))
	if err != nil {
		return fail(damage(kind, err), err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels {
		return fail(fmt.Sprintf("%d×%d pixels, want 1 to %d a side and at most %d in all", c.Width, c.Height, maxSide, maxPixels), nil)
	}
	if c.Width*c.Height > largePixels {
		d.large.Lock()
		defer d.large.Unlock()
	}
	m, err := decode(b)
	if err != nil {
		return fail(damage(kind, err), err)
	}
	size := m.Bounds().Size()
	if size != (image.Point{X: c.Width, Y: c.Height}) {
		return fail(fmt.Sprintf("the %s says %d×%d pixels and has %d×%d", kind, c.Width, c.Height, size.X, size.Y), nil)
	}
	d.resizer.Resize(dst, size.X, size.Y, rowReader(m))
	return nil
}

func decodePNG(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }

func (d *ImageReader) read(path string) error {
	fail := func(what string, err error) error { return &ImageError{Path: path, What: what, Err: err} }
	// Asked before opening: opening a pipe would wait for its writer.
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail("there is no such file", err)
	case err != nil:
		return fail(err.Error(), err)
	case !info.Mode().IsRegular():
		return fail("not a regular file", nil)
	case info.Size() > maxFileBytes:
		return fail(fmt.Sprintf("the file has %d bytes, more than an image of use", info.Size()), nil)
	}
	f, err := os.Open(path)
	if err != nil {
		return fail("cannot be read: "+err.Error(), err)
	}
	defer f.Close()
	d.file.Reset()
	if _, err := d.file.ReadFrom(io.LimitReader(f, maxFileBytes)); err != nil {
		return fail("cannot be read: "+err.Error(), err)
	}
	return nil
}

func damage(kind string, err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "the " + kind + " is cut off"
	}
	return "the " + kind + " is damaged: " + err.Error()
}
