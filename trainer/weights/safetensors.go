package weights

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
)

// maxHeader bounds the JSON header of a safetensors file in bytes; the largest
// of the known networks needs 40 kB.
const maxHeader = 16 << 20

// extent is where an entry's bytes are, counted from the end of the header.
type extent struct{ from, to int64 }

// parseSafetensors reads the header: eight bytes of length, that many bytes of
// JSON; the rest of the file is the tensors' bytes, without gap or overlap.
func parseSafetensors(r io.ReaderAt, size int64) (*File, error) {
	if size < 8 {
		return nil, fmt.Errorf("%w: %d bytes are too short for safetensors", ErrFormat, size)
	}
	var length [8]byte
	if _, err := r.ReadAt(length[:], 0); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader || int64(n) > size-8 {
		var first [1]byte
		if _, err := r.ReadAt(first[:], 8); err == nil && first[0] != '{' {
			return nil, fmt.Errorf("%w: no safetensors header, and no .pth of torch", ErrFormat)
		}
		return nil, fmt.Errorf("%w: no safetensors header (its length would be %d of %d bytes)", ErrFormat, n, size)
	}
	header := make([]byte, n)
	if _, err := r.ReadAt(header, 8); err != nil && !(err == io.EOF && n == 0) {
		return nil, err
	}
	f := &File{Format: "safetensors"}
	extents, err := f.header(header)
	if err != nil {
		return nil, fmt.Errorf("%w: safetensors header: %w", ErrFormat, err)
	}
	data := 8 + int64(n)
	if err := covers(f.Entries, extents, size-data); err != nil {
		return nil, fmt.Errorf("%w: safetensors: %w", ErrFormat, err)
	}
	for _, x := range extents {
		f.data = append(f.data, io.NewSectionReader(r, data+x.from, x.to-x.from))
	}
	return f, nil
}

// header fills in metadata and entries from the JSON object.
func (f *File) header(raw []byte) ([]extent, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("no JSON object")
	}
	var extents []extent
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name := t.(string) // a key of an object
		if seen[name] {
			return nil, fmt.Errorf("%q is there twice", name)
		}
		seen[name] = true
		if name == "__metadata__" {
			if err := d.Decode(&f.Metadata); err != nil {
				return nil, fmt.Errorf("metadata: %w", err)
			}
			continue
		}
		var v struct {
			DType   string  `json:"dtype"`
			Shape   []int64 `json:"shape"`
			Offsets []int64 `json:"data_offsets"`
		}
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		if len(v.Offsets) != 2 || v.Offsets[0] < 0 || v.Offsets[1] < v.Offsets[0] {
			return nil, fmt.Errorf("tensor %q: data_offsets %v: want two rising numbers", name, v.Offsets)
		}
		x := extent{v.Offsets[0], v.Offsets[1]}
		e := Entry{Name: name, DType: v.DType}
		if e.Shape, err = checkShape(v.Shape, v.DType, x.to-x.from); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		f.Entries, extents = append(f.Entries, e), append(extents, x)
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if rest := bytes.TrimRight(raw[d.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return nil, fmt.Errorf("%d bytes after the JSON object", len(rest))
	}
	return extents, nil
}

// checkShape returns the shape when its product of elements fills the bytes.
func checkShape(shape []int64, dtype string, bytes int64) ([]int, error) {
	size, known := sizeOf(dtype)
	if !known {
		return nil, fmt.Errorf("unknown element type %q", dtype)
	}
	out := make([]int, 0, len(shape))
	n := int64(size)
	for _, d := range shape {
		if d < 0 || d > 0 && n > math.MaxInt64/d {
			return nil, fmt.Errorf("impossible shape %v", shape)
		}
		n *= d
		out = append(out, int(d))
	}
	if n != bytes {
		return nil, fmt.Errorf("shape %v of %s needs %d bytes and has %d", shape, dtype, n, bytes)
	}
	return out, nil
}

// covers checks that the extents follow one another from 0 to size.
func covers(entries []Entry, extents []extent, size int64) error {
	order := make([]int, len(extents))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(extents[a].from, extents[b].from), cmp.Compare(extents[a].to, extents[b].to))
	})
	at := int64(0)
	for _, i := range order {
		if extents[i].from != at {
			return fmt.Errorf("tensor %q begins at byte %d, the one before it ends at %d", entries[i].Name, extents[i].from, at)
		}
		at = extents[i].to
	}
	if at != size {
		return fmt.Errorf("the tensors need %d bytes, the file has %d: it is cut or has something after it", at, size)
	}
	return nil
}

// WriteSafetensors writes a file of float32 tensors in the order of entries
// (their DType is not looked at). values returns the i-th tensor; it is called
// once for each, in order, so that only one needs to be in memory. Equal input
// gives equal bytes.
func WriteSafetensors(w io.Writer, entries []Entry, metadata map[string]string, values func(i int) ([]float32, error)) error {
	header, err := writeHeader(entries, metadata)
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	for i, e := range entries {
		v, err := values(i)
		if err != nil {
			return err
		}
		if len(v) != e.Len() {
			return fmt.Errorf("weights: tensor %s has %d values: its shape %v needs %d", e.Name, len(v), e.Shape, e.Len())
		}
		if err := WriteValues(w, v); err != nil {
			return err
		}
	}
	return nil
}

// WriteValues writes float32 values little endian, a piece at a time.
func WriteValues(w io.Writer, v []float32) error {
	buf := make([]byte, 0, min(4*len(v), chunk))
	for part := range slices.Chunk(v, chunk/4) {
		buf = buf[:0]
		for _, x := range part {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

// writeHeader returns length and JSON, padded so that the values start at a
// multiple of eight bytes.
func writeHeader(entries []Entry, metadata map[string]string) ([]byte, error) {
	var b bytes.Buffer
	b.Write(make([]byte, 8))
	b.WriteByte('{')
	if len(metadata) > 0 {
		m, err := json.Marshal(metadata) // sorts the keys
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, `"__metadata__":%s`, m)
	}
	from := 0
	for i, e := range entries {
		if i > 0 || len(metadata) > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(e.Name)
		if err != nil {
			return nil, err
		}
		shape, err := json.Marshal(append([]int{}, e.Shape...))
		if err != nil {
			return nil, err
		}
		to := from + 4*e.Len()
		fmt.Fprintf(&b, `%s:{"dtype":"F32","shape":%s,"data_offsets":[%d,%d]}`, name, shape, from, to)
		from = to
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	header := b.Bytes()
	binary.LittleEndian.PutUint64(header, uint64(len(header)-8))
	return header, nil
}
