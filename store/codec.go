package store

import (
	"encoding/binary"
	"errors"
	"math"
	"time"
)

// errCut is a packed value that ends too early or names an impossible length.
var errCut = errors.New("cut short or malformed")

// noTime stands for the zero time.
const noTime = math.MinInt64

// packer appends packed fields: counts as varints, floats as their 8 bytes.
type packer struct{ b []byte }

func (p *packer) uint(v uint64)   { p.b = binary.AppendUvarint(p.b, v) }
func (p *packer) int(v int64)     { p.b = binary.AppendVarint(p.b, v) }
func (p *packer) float(v float64) { p.b = binary.LittleEndian.AppendUint64(p.b, math.Float64bits(v)) }

func (p *packer) string(s string) {
	p.uint(uint64(len(s)))
	p.b = append(p.b, s...)
}

func (p *packer) time(t time.Time) { p.int(nanos(t)) }

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return noTime
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == noTime {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// unpacker reads what packer wrote. After the first error it returns zeros and
// keeps that error.
type unpacker struct {
	b   []byte
	err error
}

func (u *unpacker) fail() {
	u.b, u.err = nil, errCut
}

func (u *unpacker) uint() uint64 {
	v, n := binary.Uvarint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return v
}

func (u *unpacker) int() int64 {
	v, n := binary.Varint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return v
}

// count reads a number of things of at least size bytes each, which the rest must be able to hold.
func (u *unpacker) count(size int) int {
	v := u.uint()
	if v > uint64(len(u.b)/size) {
		u.fail()
		return 0
	}
	return int(v)
}

func (u *unpacker) bytes(n int) []byte {
	if n < 0 || n > len(u.b) {
		u.fail()
		return nil
	}
	v := u.b[:n]
	u.b = u.b[n:]
	return v
}

func (u *unpacker) float() float64 {
	b := u.bytes(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

func (u *unpacker) string() string { return string(u.bytes(u.count(1))) }

func (u *unpacker) time() time.Time { return fromNanos(u.int()) }

// end returns the first error, or one when bytes are left over.
func (u *unpacker) end() error {
	if u.err == nil && len(u.b) > 0 {
		u.fail()
	}
	return u.err
}
