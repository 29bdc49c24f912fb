package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// refused opens a file, wants a format error that holds the words, and returns
// how many bytes were allocated on the way.
func refused(t *testing.T, name string, raw []byte, words string) uint64 {
	t.Helper()
	path := write(t, raw)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Open(path)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: error %.300v, want a format error with %q", name, err, words)
	}
	if err != nil && len(err.Error()) > 4096 {
		t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
	}
	return after.TotalAlloc - before.TotalAlloc
}

// archive is a zip of uncompressed files.
func archive(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every way by which a pickle can make Python call something is refused, with
// the name of what it would call, in both formats; and nothing is called.
func TestPickleRunsNothing(t *testing.T) {
	victim := filepath.Join(t.TempDir(), "victim")
	command := "touch " + victim
	text := func(s string) string { return "\x8c" + string(rune(len(s))) + s }
	for name, c := range map[string][2]string{
		"GLOBAL, REDUCE":       {"\x80\x02cos\nsystem\n" + text(command) + "\x85R.", `"os.system"`},
		"STACK_GLOBAL, REDUCE": {"\x80\x04" + text("os") + text("system") + "\x93" + text(command) + "\x85R.", `"os.system"`},
		"INST":                 {"(" + text(command) + "ios\nsystem\n.", `"os.system"`},
		"INST of a container":  {"(icollections\nOrderedDict\n.", `"collections.OrderedDict"`},
		"OBJ":                  {"(cos\nsystem\n" + text(command) + "o.", `"os.system"`},
		"OBJ of a container":   {"(ccollections\nOrderedDict\no.", "0x6f"},
		"NEWOBJ":               {"\x80\x02csubprocess\nPopen\n" + text(command) + "\x85\x81.", `"subprocess.Popen"`},
		"NEWOBJ of a storage":  {"\x80\x02ctorch\nFloatStorage\n)\x81.", "0x81"},
		"NEWOBJ_EX":            {"\x80\x04" + text("builtins") + text("exec") + "\x93" + text(command) + "\x85}\x92.", `"builtins.exec"`},
		"EXT1":                 {"\x80\x02\x82\x01.", "0x82"},
		"PERSID":               {"Pos.system\n.", "0x50"},
		"BINPERSID":            {"\x80\x02" + text("os.system") + "Q.", "no storage"},
		"a storage of a class": {"\x80\x02" + text("storage") + "cos\nsystem\n" + "\x86Q.", `"os.system"`},
		"BUILD on a function":  {"\x80\x02ccollections\nOrderedDict\n}b.", "attributes"},
		"a call of a dict":     {"\x80\x02}" + text(command) + "\x85R.", "no function"},
		"a module of dots":     {"\x80\x04" + text("collections") + text("OrderedDict.__init__.__globals__") + "\x93.", "__globals__"},
		"a line without end":   {"\x80\x02c" + strings.Repeat("a", 1<<20), "ends too early"},
		"a name of a megabyte": {"\x80\x02c" + strings.Repeat("a", 1<<20) + "\nb\n.", "pickle uses"},
	} {
		refused(t, name+" in a zip", archive(t, "m/data.pkl", c[0]), c[1])
		protocol := "\x80\x02M\xe9\x03."
		system := "\x80\x02}" + text("little_endian") + "\x88s."
		refused(t, name+" in the old format", []byte(legacyMagic+"."+protocol+system+c[0]), c[1])
		if _, err := os.Stat(victim); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("%s: the command ran (%v)", name, err)
		}
	}
}

// What a file claims or repeats takes no more memory than its bytes allow.
func TestMemoryIsBounded(t *testing.T) {
	const mebibyte = 1 << 20
	pickle := func(body string) []byte { return archive(t, "m/data.pkl", "\x80\x02"+body) }
	long := func(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }

	var doubling strings.Builder // a tuple of 2^60 elements by 60 recalls
	doubling.WriteString("K\x01q\x00")
	for range 60 {
		doubling.WriteString("h\x00h\x00\x86q\x00")
	}
	pairs := "](" + strings.Repeat("](K\x01K\x02e", 4000) + "eq\x00"
	shape := "(" + strings.Repeat("K\x01", 100_000) + "tq\x00"

	deflated := func(name string, n int) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		zeros := make([]byte, mebibyte)
		for range n {
			if _, err := w.Write(zeros); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	lying := func(claimed uint64) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: "m/data.pkl", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(".")),
			CompressedSize64: claimed, UncompressedSize64: claimed,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(".")); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}

	for _, c := range []struct {
		name  string
		raw   []byte
		words string
		limit uint64 // bytes
	}{
		{"a doubling tuple, called", pickle(doubling.String() + ")R."), "no function", mebibyte},
		{"a doubling tuple, saved", pickle(doubling.String() + "."), "no dictionary", mebibyte},
		{"a list made into dictionaries", pickle(pairs + strings.Repeat("ccollections\nOrderedDict\nh\x00\x85R", 20_000) + "."), "steps", 300 * mebibyte},
		{"a shape of 100,000 axes", pickle(shape + strings.Repeat("ctorch._utils\n_rebuild_tensor\n(Nh\x00h\x00h\x00tR", 1000) + "."), "malformed tensor", 50 * mebibyte},
		{"8 MiB of dictionaries", pickle(strings.Repeat("}", 8*mebibyte-16) + "."), "steps", 300 * mebibyte},
		{"8 MiB of memories", pickle("}" + strings.Repeat("\x94", 8*mebibyte-16) + "."), "steps", 300 * mebibyte},
		{"8 MiB of marks", pickle(strings.Repeat("(", 8*mebibyte-16) + "."), "steps", 300 * mebibyte},
		{"a pickle of 9 MiB", pickle(strings.Repeat(" ", 9*mebibyte)), "too many", 20 * mebibyte},
		{"text of 4 GiB", pickle("X\xff\xff\xff\xff"), "ends too early", mebibyte},
		{"a deflated pickle of 256 MiB", deflated("m/data.pkl", 256), "compressed", 4 * mebibyte},
		{"a pickle that claims 2^62 bytes", lying(1 << 62), "which the file does not", mebibyte},
		{"a pickle that claims 2^31 bytes", lying(1 << 31), "which the file does not", mebibyte},
		{"a header of 2^60 bytes", append(long(1<<60), '{', '}'), "no safetensors header", mebibyte},
		{"a header of 2^63 bytes", append(long(1<<63), '{', '}'), "no safetensors header", mebibyte},
		{"a header nested a million times", file(strings.Repeat("[", mebibyte)), "JSON", 50 * mebibyte},
		{"metadata nested a million times", file(`{"__metadata__":` + strings.Repeat(`{"a":`, mebibyte/5)), "metadata", 50 * mebibyte},
	} {
		n := refused(t, c.name, c.raw, c.words)
		t.Logf("%-35s %6.1f MiB allocated for a file of %.1f MiB", c.name, float64(n)/mebibyte, float64(len(c.raw))/mebibyte)
		if n > c.limit {
			t.Errorf("%s: %d bytes were allocated, want at most %d", c.name, n, c.limit)
		}
	}
}

// Storages that lie about their place or size.
func TestStoragesOutOfRange(t *testing.T) {
	// tensor writes {"w": a float32 tensor} of one axis.
	tensor := func(elements, from, size, stride int) string {
		number := func(n int) string {
			b := binary.LittleEndian.AppendUint64(nil, uint64(n))
			return "\x8a\x08" + string(b)
		}
		return "\x80\x02}X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n" +
			"X\x01\x00\x00\x000X\x03\x00\x00\x00cpu" + number(elements) + "tQ" + number(from) + number(size) + "\x85" + number(stride) + "\x85\x89}tRs."
	}
	ok := archive(t, "m/data.pkl", tensor(4, 1, 3, 1), "m/data/0", strings.Repeat("\x00", 16))
	if f, err := Open(write(t, ok)); err != nil || f.Entries[0].Len() != 3 {
		t.Fatalf("a tensor in its storage: %v", err)
	}
	const huge = 1 << 62
	for _, c := range []struct {
		name, pickle, words string
	}{
		{"behind its storage", tensor(4, 4, 1, 1), "does not fit"},
		{"longer than its storage", tensor(4, 0, 5, 1), "does not fit"},
		{"strides out of its storage", tensor(4, 0, 2, 4), "does not fit"},
		{"more elements than its storage", tensor(4, 0, 5, 0), "does not fit"},
		{"a storage larger than claimed", tensor(5, 0, 5, 1), "needs 20 bytes, its storage has 16"},
		{"one element a thousand times", tensor(1<<40, 0, 1000, 0), "has 1000 elements, its storage has 16 bytes"},
		{"negative place", tensor(4, -1, 1, 1), "malformed"},
		{"negative size", tensor(4, 0, -1, 1), "impossible shape"},
		{"negative stride", tensor(4, 3, 2, -1), "impossible shape"},
		{"negative storage", tensor(-1, 0, 0, 1), "malformed storage"},
		{"a storage of 2^62", tensor(huge, 0, huge, 1), "malformed storage"},
		{"a shape of 2^62", tensor(4, 0, huge, 0), "does not fit"},
		{"a stride of 2^62", tensor(4, 0, 3, huge), "does not fit"},
		{"a place of 2^62", tensor(4, huge, 1, 1), "does not fit"},
	} {
		refused(t, c.name, archive(t, "m/data.pkl", c.pickle, "m/data/0", strings.Repeat("\x00", 16)), c.words)
	}
	refused(t, "no storage", archive(t, "m/data.pkl", tensor(4, 0, 4, 1)), "missing")
	refused(t, "big-endian", archive(t, "m/data.pkl", tensor(4, 0, 4, 1), "m/byteorder", "big", "m/data/0", strings.Repeat("\x00", 16)), `"big"`)
	thin := archive(t, "m/data.pkl", tensor(1000, 0, 10, 100), "m/data/0", strings.Repeat("\x00", 4000))
	refused(t, "a thin view", thin, "tensor w is a thin view")
}

func FuzzUnpickle(f *testing.F) {
	for _, s := range []string{
		".", "}.", "(lp0\n.", "\x80\x02}(X\x01\x00\x00\x00aK\x01u.",
		"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x93.",
		"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000NK\x04tQK\x00K\x04\x85K\x01\x85\x89Nt\x52.",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := unpickle(raw)
		if err != nil {
			if len(err.Error()) > 4096 {
				t.Fatalf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		tensors, _, err := stateDict(p.value)
		if err != nil {
			return
		}
		for _, n := range tensors {
			if n.from < 0 || n.from+n.span() > n.storage.n {
				t.Fatalf("tensor %q leaves its storage: %v", n.name, n.tensor)
			}
		}
	})
}
