package weights

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The files in testdata were written by torch.save of PyTorch 2.15: the same
// tensors in the zip format, in the one before it, and under "state_dict" beside
// other values.
func TestPth(t *testing.T) {
	for _, name := range []string{"zip.pth", "legacy.pth", "nested.pth"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name)
			f, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if f.Format != "pth" {
				t.Errorf("format %s", f.Format)
			}
			want := []struct {
				Entry
				values []float32
			}{
				{Entry{"a.weight", "F32", []int{2, 3}}, []float32{-0.5, -0.25, 0, 0.25, 0.5, 0.75}},
				{Entry{"half", "F16", []int{5}}, []float32{1.5, -2, 0x1p-14, 0x1p-24, 65504}},
				{Entry{"bf", "BF16", []int{3}}, []float32{1.5, -3, 1.0008e30}},
				{Entry{"double", "F64", []int{2}}, []float32{0.1, -0.2}},
				{Entry{"num_batches_tracked", "I64", nil}, nil},
				{Entry{"view", "F32", []int{3}}, []float32{4, 5, 6}},
				{Entry{"param", "F32", []int{1}}, []float32{9}},
			}
			if len(f.Entries) != len(want) {
				t.Fatalf("entries %v", f.Entries)
			}
			for i, w := range want {
				e := f.Entries[i]
				if e.Name != w.Name || e.DType != w.DType || !slices.Equal(e.Shape, w.Shape) {
					t.Errorf("entry %v, want %v", e, w.Entry)
				}
				if w.values == nil {
					continue
				}
				got := make([]float32, e.Len())
				if err := f.values(i, got); err != nil {
					t.Error(err)
				}
				if w.Name == "bf" { // 1e30 is rounded to eight bits
					w.values[2] = got[2]
					if got[2] < 0.99e30 || got[2] > 1.01e30 {
						t.Errorf("bf: %v", got)
					}
				}
				if !slices.Equal(got, w.values) {
					t.Errorf("%s: %v, want %v", w.Name, got, w.values)
				}
			}
		})
	}
}

func TestRefusedPth(t *testing.T) {
	if _, err := Open(filepath.Join("testdata", "evil.pth")); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "system") {
		t.Errorf("evil.pth: error %v", err)
	}
	if _, err := values(t, filepath.Join("testdata", "nan.pth"), "w"); err == nil || !strings.Contains(err.Error(), "tensor w") {
		t.Errorf("nan.pth: error %v", err)
	}
	for _, name := range []string{"zip.pth", "legacy.pth"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{len(raw) - 1, len(raw) / 2, 40, 14} {
			if _, err := Open(write(t, raw[:n])); !errors.Is(err, ErrFormat) {
				t.Errorf("%s cut to %d bytes: error %v", name, n, err)
			}
		}
	}
}

// strided.pth holds a transposed tensor: torch.arange(10.).view(2, 5).t().
func TestStrided(t *testing.T) {
	f, err := Open(filepath.Join("testdata", "strided.pth"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got := make([]float32, f.Entries[0].Len())
	if err := f.values(0, got); err != nil {
		t.Fatal(err)
	}
	if want := []float32{0, 5, 1, 6, 2, 7, 3, 8, 4, 9}; !slices.Equal(f.Entries[0].Shape, []int{5, 2}) || !slices.Equal(got, want) {
		t.Errorf("%v %v, want %v", f.Entries[0], got, want)
	}
}

// Read in pieces, a permuted tensor is what it is read at once.
func TestStridedInPieces(t *testing.T) {
	raw := make([]byte, 2*3*4*5)
	for i := range raw {
		raw[i] = byte(i)
	}
	s := &strided{span: bytes.NewReader(raw), width: 2, bytes: int64(len(raw)), shape: []int64{3, 4, 5}, stride: []int64{1, 15, 3}}
	var want []byte
	for a := range 3 {
		for b := range 4 {
			for c := range 5 {
				at := 2 * (a + 15*b + 3*c)
				want = append(want, raw[at:at+2]...)
			}
		}
	}
	for _, size := range []int{2, 14, len(raw)} {
		var got []byte
		for at := 0; at < len(raw); at += size {
			piece := make([]byte, min(size, len(raw)-at))
			if n, err := s.ReadAt(piece, int64(at)); n < len(piece) {
				t.Fatalf("%d of %d bytes at %d: %v", n, len(piece), at, err)
			}
			got = append(got, piece...)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("in pieces of %d: %v, want %v", size, got, want)
		}
	}
	if n, err := s.ReadAt(make([]byte, 2), int64(len(raw))); n != 0 || err != io.EOF {
		t.Errorf("behind the end: %d, %v", n, err)
	}
}

func TestUnpickleRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"empty":              "",
		"pop of nothing":     ".",
		"tuple of nothing":   "\x85.",
		"no mark":            "t.",
		"recall":             "h\x01.",
		"remember nothing":   "q\x01.",
		"long string":        "X\xff\xff\xff\xff",
		"class":              "cposix\nsystem\n.",
		"call of a string":   "U\x01a)R.",
		"fill a number":      "K\x01K\x02a.",
		"odd dictionary":     "}(K\x01u.",
		"list as dictionary": "](K\x01K\x02u.",
		"attributes":         "K\x01}b.",
		"persistent":         "K\x01Q.",
		"instruction":        "\xff.",
		"protocol":           "\x80\x06.",
	} {
		if p, err := unpickle([]byte(raw)); err == nil {
			t.Errorf("%s: %v, want an error", name, p.value)
		}
	}
}
