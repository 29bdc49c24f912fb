package weights

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// ErrFormat is wrapped by every error about the contents of a weight file.
var ErrFormat = errors.New("not a usable weight file")

// File is an open weight file.
type File struct {
	Path     string
	Format   string // safetensors or pth
	Metadata map[string]string
	Entries  []Entry // in the file's order

	closer io.Closer
	byName map[string]int // positions in Entries
	data   []io.ReaderAt  // parallel to Entries: the values, little endian, in row-major order
}

// Open reads a weight file's list of tensors; the values stay in the file. The
// format is told from the contents. Errors about the contents wrap ErrFormat.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	file, err := read(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("weights: %s: %w", path, err)
	}
	file.Path, file.closer = path, f
	timmNames(file.Entries)
	if err := file.indexNames(); err != nil {
		f.Close()
		return nil, fmt.Errorf("weights: %s: %w", path, err)
	}
	return file, nil
}

func read(f *os.File) (*File, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: no regular file", ErrFormat)
	}
	return parse(f, info.Size())
}

// Close closes the file.
func (f *File) Close() error { return f.closer.Close() }

// indexNames lets index find the tensors. A name that two of them have, as
// "conv1.weight" and "module.conv1.weight" do, is an error.
func (f *File) indexNames() error {
	f.byName = make(map[string]int, len(f.Entries))
	for i, e := range f.Entries {
		if _, twice := f.byName[e.Name]; twice {
			return fmt.Errorf("%w: tensor %s is there twice", ErrFormat, e.Name)
		}
		f.byName[e.Name] = i
	}
	return nil
}

// index returns the position of the tensor of that name, -1 without one.
func (f *File) index(name string) int {
	if i, ok := f.byName[name]; ok {
		return i
	}
	return -1
}

// Values reads a tensor as float32, in the file's order of elements.
func (f *File) Values(name string) ([]float32, error) {
	i := f.index(name)
	if i < 0 {
		return nil, fmt.Errorf("weights: %s: %w: there is no tensor %s", f.Path, ErrFormat, name)
	}
	dst := make([]float32, f.Entries[i].Len())
	return dst, f.values(i, dst)
}

// chunk is how much of a file is held in memory at a time, in bytes.
const chunk = 1 << 20

// values reads the i-th tensor into dst, which has its length, as float32. A
// value that is NaN or infinite as float32 is an error.
func (f *File) values(i int, dst []float32) error {
	e := f.Entries[i]
	convert := decoder(e.DType)
	if convert == nil {
		return fmt.Errorf("weights: %s: tensor %s: %w: elements are %s, want F32, F16, BF16 or F64", f.Path, e.Name, ErrFormat, e.DType)
	}
	size, _ := sizeOf(e.DType)
	buf := make([]byte, min(chunk, len(dst)*size))
	for at := 0; at < len(dst); {
		n := min(len(buf)/size, len(dst)-at)
		if got, err := f.data[i].ReadAt(buf[:n*size], int64(at*size)); got < n*size {
			return fmt.Errorf("weights: %s: tensor %s: %w", f.Path, e.Name, err)
		}
		for k := range n {
			v := convert(buf[k*size:])
			if d := float64(v); math.IsNaN(d) || math.IsInf(d, 0) {
				return fmt.Errorf("weights: %s: tensor %s: %w: value %d is %v", f.Path, e.Name, ErrFormat, at+k, v)
			}
			dst[at+k] = v
		}
		at += n
	}
	return nil
}

// parse tells the format from the first bytes.
func parse(r io.ReaderAt, size int64) (*File, error) {
	head := make([]byte, min(size, 16))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return parseZip(r, size)
	case bytes.HasPrefix(head, []byte(legacyMagic)):
		return parseLegacy(r, size)
	}
	return parseSafetensors(r, size)
}

// Digest is the SHA-256 of a file in hexadecimal.
func Digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("weights: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("weights: %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
