package data

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Pillow's conversion to RGB and resize of the same files. PNG must agree
// exactly, JPEG but for the rounding of the inverse transforms.
func TestImagesAgreeWithPillow(t *testing.T) {
	b, err := os.ReadFile("testdata/images.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		File string
		Size int
		RGB  []int
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 16 {
		t.Fatalf("%d cases, want 16", len(cases))
	}
	for _, c := range cases {
		t.Run(c.File, func(t *testing.T) {
			got, err := LoadImage(filepath.Join("testdata/images", c.File), c.Size)
			if err != nil {
				t.Fatal(err)
			}
			allowed := 0
			switch {
			case strings.HasPrefix(c.File, "edges"): // not resized: chroma's rounding shows
				allowed = 2
			case strings.HasSuffix(c.File, ".jpg"):
				allowed = 1
			}
			worst := 0
			for i, v := range got {
				worst = max(worst, int(v)-c.RGB[i], c.RGB[i]-int(v))
			}
			if worst > allowed {
				t.Errorf("differs by up to %d, allowed %d\ngot  %v\nwant %v", worst, allowed, got, c.RGB)
			}
		})
	}
}

func TestLoadImageSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	whole := jpegBytes(t, 40, 30)
	path := func(name string, b []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.jpg"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, want string }{
		{"cut in half", path("half.jpg", whole[:len(whole)/2]), "the JPEG is cut off"},
		{"cut in the header", path("header.jpg", whole[:24]), "the JPEG is cut off"},
		{"cut before its end marker", path("end.jpg", whole[:len(whole)-1]), "the JPEG is cut off"},
		{"a restart marker out of place", path("restart.jpg", insert(whole, len(whole)-9, 0xff, 0xd3)), "the JPEG is damaged: foreign bytes in the pixels"},
		{"a segment in the pixels", path("segment.jpg", insert(whole, len(whole)-9, 0xff, 0xfe, 0, 1)), "the JPEG is damaged: a segment of 1 bytes"},
		{"empty", path("empty.jpg", nil), "the file is empty"},
		{"text", path("text.jpg", []byte("<html>404</html>")), "neither a JPEG nor a PNG file"},
		{"folder", filepath.Join(dir, "folder.jpg"), "not a regular file"},
		{"missing", filepath.Join(dir, "none.jpg"), "there is no such file"},
		{"PNG bomb", path("bomb.png", pngHeader(60_000, 60_000)), "60000×60000 pixels, want 1 to 65535 a side and at most 178956970 in all"},
		{"PNG line", path("line.png", pngHeader(1, 100_000)), "1×100000 pixels, want 1 to 65535 a side and at most 178956970 in all"},
		{"PNG without data", path("header.png", pngHeader(4, 4)), "the PNG is cut off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := LoadImage(c.path, 8)
			e := (*ImageError)(nil)
			if !errors.As(err, &e) || e.What != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if errors.Is(err, fs.ErrNotExist) != (c.name == "missing") {
				t.Errorf("%v: fs.ErrNotExist is for missing files alone", err)
			}
		})
	}
}

func TestListImages(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.JPG", "a.png", "._a.png", ".hidden.jpg", "c.jpeg", "notes.txt", "d.Png", "e.jpg.part"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sub.jpg"), 0o700); err != nil {
		t.Fatal(err)
	}
	paths, err := ListImages(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range paths {
		got = append(got, filepath.Base(p))
	}
	if want := []string{"a.png", "b.JPG", "c.jpeg", "d.Png"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for name, dir := range map[string]string{"no image": t.TempDir(), "no folder": filepath.Join(dir, "none")} {
		if _, err := ListImages(dir); !errors.As(err, new(*InputError)) {
			t.Errorf("%s: got %v, want an *InputError", name, err)
		}
	}
}

func TestLooksWholeNeverDoubtsWhatIsWhole(t *testing.T) {
	dir := t.TempDir()
	whole := jpegBytes(t, 40, 30)
	var p bytes.Buffer
	if err := png.Encode(&p, image.NewGray(image.Rect(0, 0, 50, 50))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"jpeg", whole, true},
		{"padded jpeg", append(slices.Clone(whole), make([]byte, 20)...), true},
		{"png", p.Bytes(), true},
		{"half", whole[:len(whole)/2], false},
		{"header", whole[:24], false},
		{"empty", nil, false},
		{"text", bytes.Repeat([]byte("not an image "), 20), false},
	} {
		name := filepath.Join(dir, strings.ReplaceAll(c.name, " ", "-"))
		if err := os.WriteFile(name, c.b, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := looksWhole(name); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// jpegBytes is a small picture with something in it.
func jpegBytes(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), uint8((x * y) % 256), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// insert puts bytes into a copy of b before b[at].
func insert(b []byte, at int, v ...byte) []byte { return slices.Insert(slices.Clone(b), at, v...) }

// pngHeader is a PNG that ends after its header.
func pngHeader(w, h uint32) []byte {
	chunk := []byte("IHDR")
	chunk = binary.BigEndian.AppendUint32(chunk, w)
	chunk = binary.BigEndian.AppendUint32(chunk, h)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	b := append([]byte(pngSignature), 0, 0, 0, 13)
	b = append(b, chunk...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
}
