package data

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// The cache file, numbers little-endian:
//
//	0       header, 4096 bytes with zeros at its end, so that pixels begin on a page
//	4096    pixels [n, size, size, 3]
//	…       index: JSON
const (
	cacheName   = "images.cache"
	cacheMagic  = "SWEEPIMG"
	cacheFormat = 2 // of the file, and of how pixels are decoded
	headerBytes = 4096
)

// key identifies the part of the config that a prepared data set depends on.
type key [32]byte

// header is the first page of a cache file.
type header struct {
	Magic      [8]byte
	Format     uint32
	Size       uint32
	Images     uint64
	IndexBytes uint64
	IndexSum   uint32 // CRC-32C
	_          uint32
	Key        key
	Stamp      stamp
	Sum        uint32 // CRC-32C of all fields above
}

// index is everything but the pixels.
type index struct {
	Tasks      []run.Task       `json:"tasks"`
	Images     []Image          `json:"images"`
	Parts      map[Part][]int32 `json:"parts"`
	Sums       []uint32         `json:"sums"`
	Files      []fileState      `json:"files"` // per image, when it was decoded
	DataDigest string           `json:"digest"`
	Report     *Report          `json:"report"`
	Skips      []Skip           `json:"skips"`
}

func (h *header) encode() []byte {
	var b bytes.Buffer
	_ = binary.Write(&b, binary.LittleEndian, h) // a buffer takes every write
	fields := b.Len() - 4
	binary.LittleEndian.PutUint32(b.Bytes()[fields:], crc32.Checksum(b.Bytes()[:fields], castagnoli))
	return append(b.Bytes(), make([]byte, headerBytes-b.Len())...)
}

func decodeHeader(b []byte) (*header, error) {
	var h header
	if _, err := binary.Decode(b, binary.LittleEndian, &h); err != nil {
		return nil, err
	}
	if string(h.Magic[:]) != cacheMagic || h.Format != cacheFormat {
		return nil, errors.New("not an image cache of this version")
	}
	if !bytes.Equal(h.encode(), b) {
		return nil, errors.New("the header has changed on disk")
	}
	return &h, nil
}

// errStale says that a cache belongs to another config or another state of the source.
var errStale = errors.New("the image cache is of another state of the source")

// readCache reads header and index of a finished cache.
func readCache(f *os.File) (*header, *index, error) {
	corrupt := func(what string) error { return &CorruptError{Path: filepath.Dir(f.Name()), What: what} }
	first := make([]byte, headerBytes)
	if _, err := f.ReadAt(first, 0); err != nil {
		return nil, nil, corrupt("the file is cut off")
	}
	h, err := decodeHeader(first)
	if err != nil {
		return nil, nil, corrupt(err.Error())
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	// The header is whole, so these products are of sizes that once fitted a file.
	if want := h.pixelsEnd() + int64(h.IndexBytes); info.Size() != want {
		return nil, nil, corrupt(fmt.Sprintf("the file has %d bytes, not %d", info.Size(), want))
	}
	text := make([]byte, h.IndexBytes)
	if _, err := f.ReadAt(text, h.pixelsEnd()); err != nil {
		return nil, nil, err
	}
	if crc32.Checksum(text, castagnoli) != h.IndexSum {
		return nil, nil, corrupt("the index has changed on disk")
	}
	var x index
	if err := json.Unmarshal(text, &x); err != nil {
		return nil, nil, corrupt(err.Error())
	}
	return h, &x, nil
}

// pixelsEnd is where the index begins.
func (h *header) pixelsEnd() int64 {
	return headerBytes + int64(h.Images)*int64(imageBytes(int(h.Size)))
}

// openCache maps a finished cache into memory. Any fault of the file is an
// error: the caller makes it anew.
func openCache(dir string, want key, source stamp) (*Prepared, error) {
	name := filepath.Join(dir, cacheName)
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // the mapping outlives the file
	h, x, err := readCache(f)
	if err != nil {
		return nil, err
	}
	if h.Key != want || h.Stamp != source {
		return nil, errStale
	}
	m, err := unix.Mmap(int(f.Fd()), 0, int(h.pixelsEnd()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("image cache %s: mapping it into memory: %w", name, err)
	}
	return &Prepared{
		Dir: dir, Size: int(h.Size), Tasks: x.Tasks, Images: x.Images,
		DataDigest: x.DataDigest, Report: x.Report, Skips: x.Skips,
		pixels: m[headerBytes:], sums: x.Sums, parts: x.Parts,
		close: func() error { return unix.Munmap(m) },
	}, nil
}

// diskError turns a failed write into a sentence.
func diskError(name string, need int64, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("image cache %s: the disk is full, %d MiB are needed: free space or give another folder with --store: %w",
			name, (need+1<<20-1)>>20, err)
	}
	return fmt.Errorf("image cache %s: %w", name, err)
}
