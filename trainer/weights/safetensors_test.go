package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// file makes the bytes of a safetensors file.
func file(header string, data ...byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

func write(t *testing.T, raw []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// values opens a file and reads one tensor.
func values(t *testing.T, path, name string) ([]float32, error) {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	i := f.index(name)
	if i < 0 {
		t.Fatalf("%s has no tensor %s", path, name)
	}
	dst := make([]float32, f.Entries[i].Len())
	return dst, f.values(i, dst)
}

func TestElementTypes(t *testing.T) {
	le16 := func(v ...uint16) (b []byte) {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint16(b, x)
		}
		return b
	}
	le32 := func(v ...float32) (b []byte) {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		return b
	}
	for _, c := range []struct {
		dtype string
		data  []byte
		want  []float32
	}{
		{"F32", le32(1.5, -0.25), []float32{1.5, -0.25}},
		{"BF16", le16(0x3fc0, 0xc040), []float32{1.5, -3}},
		// one, the largest, the smallest normal, the smallest subnormal, minus zero
		{"F16", le16(0x3c00, 0x7bff, 0x0400, 0x0001, 0x8000), []float32{1, 65504, 0x1p-14, 0x1p-24, float32(math.Copysign(0, -1))}},
		{"F64", binary.LittleEndian.AppendUint64(nil, math.Float64bits(0.1)), []float32{0.1}},
	} {
		size, _ := sizeOf(c.dtype)
		path := write(t, file(`{"w":{"dtype":"`+c.dtype+`","shape":[`+strconv.Itoa(len(c.want))+`],"data_offsets":[0,`+strconv.Itoa(size*len(c.want))+`]}}`, c.data...))
		got, err := values(t, path, "w")
		if err != nil {
			t.Errorf("%s: %v", c.dtype, err)
		}
		for i := range c.want {
			if math.Float32bits(got[i]) != math.Float32bits(c.want[i]) {
				t.Errorf("%s: %v, want %v", c.dtype, got, c.want)
				break
			}
		}
	}
}

func TestRefusedFiles(t *testing.T) {
	four := []byte{0, 0, 0, 0}
	for _, c := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"empty", nil, "too short"},
		{"header longer than the file", binary.LittleEndian.AppendUint64(nil, 100), "no safetensors header"},
		{"header of exabytes", append(binary.LittleEndian.AppendUint64(nil, 1<<62), four...), "no safetensors header"},
		{"no object", file(`[1]`), "no JSON object"},
		{"cut object", file(`{"w":`), "EOF"},
		{"no text", file(`{1:2}`), "invalid character"},
		{"something behind the object", file(`{} x`), "after the JSON object"},
		{"unknown member", file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}`, four...), "unknown field"},
		{"unknown type", file(`{"w":{"dtype":"F80","shape":[1],"data_offsets":[0,4]}}`, four...), `"F80"`},
		{"negative size", file(`{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, four...), "impossible shape"},
		{"product overflows", file(`{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`), "impossible shape"},
		{"too few bytes", file(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, four...), "needs 8 bytes and has 4"},
		{"offsets fall", file(`{"w":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}`, four...), "two rising numbers"},
		{"beyond the end", file(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, four...), "it is cut"},
		{"behind the last tensor", file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 0, 0, 0, 0, 0), "something after it"},
		{"overlap", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}`, 0, 0, 0, 0, 0, 0), `"b" begins at byte 2`},
		{"gap", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}`, 0, 0, 0), `"b" begins at byte 2`},
		{"twice", file(`{"w":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}`, 0, 0), "there twice"},
		{"metadata of numbers", file(`{"__metadata__":{"a":1}}`), "metadata"},
	} {
		_, err := Open(write(t, c.raw))
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error %v, want a format error with %q", c.name, err, c.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: error %v", err)
	}
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrFormat) {
		t.Errorf("a folder: error %v", err)
	}
}

func TestRefusedValues(t *testing.T) {
	for name, bits := range map[string]uint16{"NaN": 0x7e00, "+Inf": 0x7c00, "-Inf": 0xfc00} {
		raw := binary.LittleEndian.AppendUint16([]byte{0, 0x3c}, bits)
		_, err := values(t, write(t, file(`{"w":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}`, raw...)), "w")
		if err == nil || !strings.Contains(err.Error(), "tensor w: not a usable weight file: value 1 is "+name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	// Too large for float32.
	raw := binary.LittleEndian.AppendUint64(nil, math.Float64bits(1e300))
	if _, err := values(t, write(t, file(`{"w":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}`, raw...)), "w"); !errors.Is(err, ErrFormat) {
		t.Errorf("1e300: error %v", err)
	}
	if _, err := values(t, write(t, file(`{"w":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}`, 0, 0, 0, 0)), "w"); !errors.Is(err, ErrFormat) {
		t.Errorf("integers: error %v", err)
	}
}

func TestWriteSafetensors(t *testing.T) {
	entries := []Entry{{Name: "z", Shape: []int{2, 1}}, {Name: "a<ü>", Shape: []int{}}, {Name: "none", Shape: []int{0, 3}}}
	data := [][]float32{{1, -2}, {3}, {}}
	metadata := map[string]string{"seed": "42", "model": "resnet18"}
	get := func(i int) ([]float32, error) { return data[i], nil }
	var one, two bytes.Buffer
	for _, w := range []*bytes.Buffer{&one, &two} {
		if err := WriteSafetensors(w, entries, metadata, get); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same tensors gave different bytes")
	}
	raw := one.Bytes()
	if n := binary.LittleEndian.Uint64(raw); n%8 != 0 || len(raw) != 8+int(n)+12 {
		t.Errorf("header of %d bytes in a file of %d", n, len(raw))
	}
	path := write(t, raw)
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Metadata["seed"] != "42" || f.Metadata["model"] != "resnet18" || len(f.Metadata) != 2 {
		t.Errorf("metadata %v", f.Metadata)
	}
	for i, e := range entries {
		if got := f.Entries[i]; got.Name != e.Name || got.DType != "F32" || !slices.Equal(got.Shape, e.Shape) {
			t.Errorf("entry %v, want %v", got, e)
		}
		dst := make([]float32, e.Len())
		if err := f.values(i, dst); err != nil || !slices.Equal(dst, data[i]) {
			t.Errorf("%s: %v (%v), want %v", e.Name, dst, err, data[i])
		}
	}
	if err := WriteSafetensors(&one, entries, nil, func(int) ([]float32, error) { return []float32{1}, nil }); err == nil {
		t.Error("a wrong number of values: no error")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(file(`{"__metadata__":{"a":"b"},"w":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]}}`, 0, 0, 0, 0))
	f.Add(file(`{}`))
	for _, name := range []string{"zip.pth", "legacy.pth", "nested.pth", "evil.pth", "strided.pth"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := parse(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		timmNames(file.Entries)
		for i, e := range file.Entries {
			// Several tensors of a .pth may lie in one storage, but none is
			// larger than the file.
			if size, _ := sizeOf(e.DType); e.Len()*size > len(raw) {
				t.Fatalf("tensor %s of %d values in a file of %d bytes", e.Name, e.Len(), len(raw))
			}
			dst := make([]float32, e.Len())
			if err := file.values(i, dst); err != nil {
				continue
			}
			for _, v := range dst {
				if d := float64(v); math.IsNaN(d) || math.IsInf(d, 0) {
					t.Fatalf("tensor %s holds %v", e.Name, v)
				}
			}
		}
	})
}
