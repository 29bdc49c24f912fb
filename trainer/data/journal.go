package data

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// The journal says which images the part of an unfinished cache holds, numbers
// little-endian:
//
//	0    magic, cache format, image size
//	16   records of 60 bytes: file id, SHA-256 of the pixels, slot, CRC-32C of these
//
// A record is written after its pixels and nothing waits for the disk: whoever
// takes an image over compares its SHA-256. So a kill costs the images in hand,
// a power cut those that had not reached the disk.
const (
	journalName   = cacheName + ".journal"
	journalMagic  = "SWEEPJNL"
	journalHeader = 16
	journalRecord = 16 + sha256.Size + 8 + 4
)

// fileState is what a source file's content is known by, beside its path.
type fileState struct {
	Size  int64 `json:"size"`
	MTime int64 `json:"mtime"` // Unix nanoseconds
}

// fileID is a hash of path, size and time.
type fileID [16]byte

func identify(path string) (fileID, fileState, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fileID{}, fileState{}, err
	}
	s := fileState{info.Size(), info.ModTime().UnixNano()}
	return s.id(path), s, nil
}

func (s fileState) id(path string) fileID {
	b := make([]byte, 16, 16+len(path))
	binary.LittleEndian.PutUint64(b, uint64(s.Size))
	binary.LittleEndian.PutUint64(b[8:], uint64(s.MTime))
	sum := sha256.Sum256(append(b, path...))
	return fileID(sum[:16])
}

// keptImage is an image in a part.
type keptImage struct {
	slot int
	sha  [sha256.Size]byte
}

// journal takes records from several goroutines.
type journal struct {
	mu sync.Mutex
	f  *os.File
}

// openJournal reads the journal in a folder and goes on with it, or begins one.
func openJournal(dir string, size int) (*journal, map[fileID]keptImage, error) {
	f, err := os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, err
	}
	j := &journal{f: f}
	kept, end, err := readJournal(f, size)
	if err != nil {
		kept, end = nil, 0 // of another version, or damaged: begin anew
	}
	if err := j.begin(size, end); err != nil {
		j.close()
		return nil, nil, err
	}
	return j, kept, nil
}

// begin cuts the journal off behind its last whole record.
func (j *journal) begin(size int, end int64) error {
	if err := j.f.Truncate(end); err != nil {
		return err
	}
	if end == 0 {
		if _, err := j.f.WriteAt(journalStart(size), 0); err != nil {
			return err
		}
	}
	_, err := j.f.Seek(0, io.SeekEnd)
	return err
}

func journalStart(size int) []byte {
	b := append(make([]byte, 0, journalHeader), journalMagic...)
	b = binary.LittleEndian.AppendUint32(b, cacheFormat)
	return binary.LittleEndian.AppendUint32(b, uint32(size))
}

// readJournal returns the images of a journal and where its last whole record
// ends. Of a file that was recorded twice the last record counts.
func readJournal(r io.Reader, size int) (kept map[fileID]keptImage, end int64, err error) {
	in := bufio.NewReader(r)
	head := make([]byte, journalHeader)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, 0, err
	}
	if !bytes.Equal(head, journalStart(size)) {
		return nil, 0, errors.New("not a journal of this version and image size")
	}
	kept, end = map[fileID]keptImage{}, journalHeader
	b := make([]byte, journalRecord)
	for {
		if _, err := io.ReadFull(in, b); err != nil {
			return kept, end, nil // the end, or a record that was cut off
		}
		sum := len(b) - 4
		slot := binary.LittleEndian.Uint64(b[sum-8:])
		if crc32.Checksum(b[:sum], castagnoli) != binary.LittleEndian.Uint32(b[sum:]) || slot > mostSlots {
			return kept, end, nil
		}
		kept[fileID(b[:16])] = keptImage{int(slot), [sha256.Size]byte(b[16:])}
		end += journalRecord
	}
}

// mostSlots keeps offsets far from overflow.
const mostSlots = 1 << 31

func (j *journal) add(id fileID, k keptImage) error {
	b := append(make([]byte, 0, journalRecord), id[:]...)
	b = append(b, k.sha[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(k.slot))
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.f.Write(b); err != nil {
		return fmt.Errorf("its journal: %w", err)
	}
	return nil
}

func (j *journal) close() { _ = j.f.Close() }
