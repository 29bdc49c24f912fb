package trainer

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"unsafe"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

// The resume state: everything that decides the bits of the steps to come.
//
//	"SWEEPRES"            8 bytes
//	header length         uint32, little-endian
//	header                JSON, see resumeHeader
//	tensors               float32 little-endian, in the header's order
//	CRC-32C of all above  uint32, little-endian
const (
	// ResumeFile is the name of the resume state in the folder of a run.
	ResumeFile      = "resume.state"
	resumeMagic     = "SWEEPRES"
	resumeVersion   = 1
	maxResumeHeader = 16 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type resumeHeader struct {
	Version  int             `json:"version"`
	Run      string          `json:"run"`
	Model    string          `json:"model"`
	Config   string          `json:"config"` // digests: a state goes on only with what it began with
	Data     string          `json:"data"`
	Position position        `json:"position"`
	LastLoss float64         `json:"last_loss"`
	Pending  []run.Event     `json:"pending,omitempty"` // emitted, but perhaps kept by nobody
	Tensors  []engine.Tensor `json:"tensors"`
}

func (r *running) header() resumeHeader {
	h := resumeHeader{
		Version: resumeVersion, Run: r.spec.ID, Model: r.spec.Model,
		Config: r.spec.ConfigDigest, Data: r.set.DataDigest,
		Position: r.at, LastLoss: r.lastLoss, Tensors: r.prog.Tensors(),
	}
	if r.deps.Pending != nil {
		h.Pending = r.deps.Pending()
	}
	return h
}

// saveResume writes the resume state of the current position.
func (r *running) saveResume() error {
	head := r.header()
	err := writeFile(r.path(ResumeFile), func(w io.Writer) error {
		return writeResume(w, head, r.prog.Read)
	})
	if err != nil {
		return fmt.Errorf("save the resume state: %w", err)
	}
	if r.at.Best == nil {
		return nil
	}
	return r.removeKept(r.at.Best.Epoch)
}

func writeResume(w io.Writer, head resumeHeader, read func(i int, dst []float32) error) error {
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	sum := crc32.New(castagnoli)
	both := io.MultiWriter(w, sum)
	if _, err := io.WriteString(both, resumeMagic); err != nil {
		return err
	}
	if err := binary.Write(both, binary.LittleEndian, uint32(len(text))); err != nil {
		return err
	}
	if _, err := both.Write(text); err != nil {
		return err
	}
	var scratch []float32
	for i, t := range head.Tensors {
		if cap(scratch) < t.Len {
			scratch = make([]float32, t.Len)
		}
		values := scratch[:t.Len]
		if err := read(i, values); err != nil {
			return err
		}
		if _, err := both.Write(floatBytes(values)); err != nil {
			return err
		}
	}
	return binary.Write(w, binary.LittleEndian, sum.Sum32())
}

// ErrNoResume says that there is nothing to go on from.
var ErrNoResume = errors.New("no resume state")

// loadResume puts the resume state into the network and the position.
func (r *running) loadResume() error {
	f, err := os.Open(r.path(ResumeFile))
	if errors.Is(err, os.ErrNotExist) {
		return ErrNoResume
	} else if err != nil {
		return err
	}
	defer f.Close()
	head, err := readResume(f, r.header(), r.prog.Write)
	if err != nil {
		return fmt.Errorf("resume state %s: %w", f.Name(), err)
	}
	r.at, r.lastLoss, r.pending = head.Position, head.LastLoss, head.Pending
	return nil
}

// readResume reads a resume state that must fit want and hands out its tensors.
// The tensors may have been handed out in part when an error is returned.
func readResume(f io.Reader, want resumeHeader, write func(i int, src []float32) error) (resumeHeader, error) {
	var head resumeHeader
	sum := crc32.New(castagnoli)
	in := bufio.NewReaderSize(f, 1<<20)
	start := make([]byte, len(resumeMagic)+4)
	if err := readSummed(in, sum, start); err != nil {
		return head, err
	}
	if string(start[:len(resumeMagic)]) != resumeMagic {
		return head, errors.New("is no resume state")
	}
	n := binary.LittleEndian.Uint32(start[len(resumeMagic):])
	if n > maxResumeHeader {
		return head, fmt.Errorf("its header claims %d bytes", n)
	}
	text := make([]byte, n)
	if err := readSummed(in, sum, text); err != nil {
		return head, err
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return head, fmt.Errorf("its header: %w", err)
	}
	if err := head.fits(want); err != nil {
		return head, err
	}
	var scratch []float32
	for i, t := range head.Tensors {
		if cap(scratch) < t.Len {
			scratch = make([]float32, t.Len)
		}
		values := scratch[:t.Len]
		if err := readSummed(in, sum, floatBytes(values)); err != nil {
			return head, err
		}
		if err := write(i, values); err != nil {
			return head, err
		}
	}
	got := sum.Sum32()
	var stored uint32
	if err := binary.Read(in, binary.LittleEndian, &stored); err != nil {
		return head, fmt.Errorf("is cut short: %w", err)
	}
	if stored != got {
		return head, errors.New("its checksum is wrong: the file is damaged")
	}
	return head, nil
}

// fits checks that the state continues the same run on the same data; only then
// are its tensor sizes the network's own.
func (h resumeHeader) fits(want resumeHeader) error {
	switch {
	case h.Version != want.Version:
		return fmt.Errorf("has version %d, this program reads %d", h.Version, want.Version)
	case h.Run != want.Run || h.Model != want.Model:
		return fmt.Errorf("belongs to run %s (%s)", h.Run, h.Model)
	case h.Config != want.Config:
		return errors.New("was made with another config")
	case h.Data != want.Data:
		return errors.New("was made with other data: the source folder has changed since")
	case len(h.Tensors) != len(want.Tensors):
		return fmt.Errorf("has %d tensors, the network %d", len(h.Tensors), len(want.Tensors))
	}
	for i, t := range h.Tensors {
		if t != want.Tensors[i] {
			return fmt.Errorf("has %v where the network has %v", t, want.Tensors[i])
		}
	}
	return nil
}

func readSummed(r io.Reader, sum hash.Hash32, b []byte) error {
	if _, err := io.ReadFull(r, b); err != nil {
		return fmt.Errorf("is cut short: %w", err)
	}
	_, _ = sum.Write(b) // never fails
	return nil
}

// floatBytes views values as bytes. All platforms that the program is built for
// are little-endian.
func floatBytes(v []float32) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 4*len(v))
}
