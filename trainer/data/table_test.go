package data

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func TestParseTable(t *testing.T) {
	tasks := []run.Task{
		{Name: "action", Classes: []string{"걷기", "먹을것, 장난감"}},
		{Name: "emotion", Classes: []string{"공포"}},
	}
	for _, c := range []struct{ name, text, want string }{
		{"plain", "image_path,action,emotion\na.jpg,걷기,공포\nsub/b.jpg,\"먹을것, 장난감\",공포\n", "/t/a.jpg [0 0] /t/sub/b.jpg [1 0]"},
		{"byte-order mark, CRLF, no last newline", "\xef\xbb\xbfimage_path,action,emotion\r\na.jpg,걷기,공포", "/t/a.jpg [0 0]"},
		{"columns in any order, others ignored", "emotion,note,action,image_path\n공포,\"a \"\"b\"\"\",걷기,a.jpg\n", "/t/a.jpg [0 0]"},
		{"absolute and unclean paths", "image_path,action,emotion\n/x/a.jpg,걷기,공포\n./s/../b.jpg,걷기,공포\n", "/x/a.jpg [0 0] /t/b.jpg [0 0]"},
		{"decomposed label", norm.NFD.String("image_path,action,emotion\na.jpg,걷기,공포\n"), "/t/a.jpg [0 0]"},
		{"line break in a field", "image_path,action,emotion\n\"a\nb.jpg\",걷기,공포\n", "/t/a\nb.jpg [0 0]"},
		{"empty", "", "/t/x.csv: the table is empty: want a header line with image_path,action,emotion"},
		{"header only", "image_path,action,emotion\n", "/t/x.csv: the table has a header and no rows"},
		{"column missing", "image_path,action\na.jpg,걷기\n", `/t/x.csv:1: no column "emotion": the header is "image_path,action", want image_path,action,emotion`},
		{"column twice", "image_path,action,emotion,action\n", `/t/x.csv:1: two columns are called "action": leave one of them`},
		{"unknown label", "image_path,action,emotion\na.jpg,걷기,공포\nb.jpg,걷지,공포\n", `/t/x.csv:3:7: column "action": "걷지" is not in label_names.action (did you mean "걷기"?)`},
		{"unknown label unlike any", "image_path,action,emotion\na.jpg,something else,공포\n", `/t/x.csv:2:7: column "action": "something else" is not in label_names.action`},
		{"no path", "image_path,action,emotion\n,걷기,공포\n", "/t/x.csv:2:1: empty image_path"},
		{"path twice", "image_path,action,emotion\na.jpg,걷기,공포\n./a.jpg,걷기,공포\n", `/t/x.csv:3:1: image_path "./a.jpg" stands in line 2 already: leave one of them`},
		{"short row", "image_path,action,emotion\na.jpg,걷기\n", "/t/x.csv:2:1: not a well-formed table: wrong number of fields"},
		{"open quote", "image_path,action,emotion\n\"a.jpg,걷기,공포\n", "/t/x.csv:2:22: not a well-formed table: extraneous or missing \" in quoted-field"},
		{"another encoding", "image_path,action,emotion\na.jpg,\xb0\xc8\xb1\xe2,공포\n", "/t/x.csv:2: not UTF-8 text: save the table as UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, err := parseTable("/t/x.csv", []byte(c.text), "", tasks)
			var got []string
			for _, r := range rows {
				got = append(got, fmt.Sprintf("%s %v", r.Path, r.Labels))
			}
			if err != nil {
				if !errors.As(err, new(*InputError)) {
					t.Errorf("%v is no *InputError", err)
				}
				got = []string{err.Error()}
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("got  %q\nwant %q", g, c.want)
			}
		})
	}
}

// tableData writes n images in folders of four, and a table of them.
func tableData(t *testing.T, n int) (dir string, d run.Data) {
	t.Helper()
	f := tree{}
	var b strings.Builder
	b.WriteString("image_path,action,emotion\n")
	for i := range n {
		name := fmt.Sprintf("v%d/%d.jpg", i/4, i)
		f[name] = string(jpegBytes(t, 10+i%5, 9))
		fmt.Fprintf(&b, "%s,%s,%s\n", name, testTasks()[0].Classes[i/4%3], testTasks()[1].Classes[i/4%2])
	}
	f["all.csv"] = b.String()
	dir = f.write(t)
	return dir, run.Data{
		CSV: filepath.Join(dir, "all.csv"), ImageSize: 8, FrequentOver: 0, Val: 0.15, Test: 0.15,
		Group: "image", Seed: 42, Prepared: t.TempDir(),
	}
}

// A table is split by the rule, but all its rows are taken: it lists images that
// were chosen already.
func TestPrepareTable(t *testing.T) {
	_, d := tableData(t, 40)
	p, err := Prepare(t.Context(), d, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got, want := partSizes(p), "train 28 val 6 test 6"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	d.Group = "video" // rows of a folder stay together
	q, err := Prepare(t.Context(), d, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	noVideoInTwoParts(t, q)
}

// Paths start at the table's folder, and those that lead nowhere at the base.
func TestTablePathsStartAtTheBaseToo(t *testing.T) {
	base := t.TempDir()
	write := func(name, content string) string {
		p := filepath.Join(base, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	beside := write("tables/a.jpg", "beside the table")
	below := write("images/b.jpg", "below the base")
	write("a.jpg", "not meant: the table's folder comes first")
	table := write("tables/t.csv", "image_path,action,emotion\na.jpg,걷기,공포\nimages/b.jpg,눕기,공포\nimages/c.jpg,눕기,공포\n")
	m, err := ReadManifest(t.Context(), run.Data{CSV: table, Base: base}, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Rows) != 2 || m.Rows[0].Path != beside || m.Rows[1].Path != below || m.Rows[1].Folder != filepath.Dir(below) {
		t.Errorf("got %+v, want %s and %s", m.Rows, beside, below)
	}
	if want := filepath.Join(base, "tables/images/c.jpg"); len(m.Skips) != 1 || m.Skips[0].Path != want {
		t.Errorf("skipped %v, want %s", m.Skips, want)
	}
}

func TestPrepareTableSkipsMissingAndBrokenImages(t *testing.T) {
	dir, d := tableData(t, 60)
	if err := os.Remove(filepath.Join(dir, "v0/1.jpg")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "v0/2.jpg"), []byte("no image"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := Prepare(t.Context(), d, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if len(p.Images) != 58 || p.Report.Skipped[ImageMissing] != 1 || p.Report.Skipped[ImageBroken] != 1 {
		t.Errorf("%d images, skips %v", len(p.Images), p.Report.Skipped)
	}
	for i := 3; i < 6; i++ { // now 5 of 60: more than 5 %
		if err := os.Remove(filepath.Join(dir, fmt.Sprintf("v%d/%d.jpg", i/4, i))); err != nil {
			t.Fatal(err)
		}
	}
	e := (*TooManySkipsError)(nil)
	if _, err := Prepare(t.Context(), d, testTasks(), nil); !errors.As(err, &e) {
		t.Fatalf("got %v, want a *TooManySkipsError", err)
	}
	if e.FramesSkipped != 5 || e.Frames != 60 || e.Videos != 0 {
		t.Errorf("got %+v", e)
	}
	skipped, err := os.ReadFile(e.List)
	if err != nil || strings.Count(string(skipped), "\n") != 6 {
		t.Errorf("the list of skips is %q, %v", skipped, err)
	}
	d.AllowSkips = true
	q, err := Prepare(t.Context(), d, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	if len(q.Images) != 55 {
		t.Errorf("%d images, want 55", len(q.Images))
	}
}

// The tables that a preparation writes are a source themselves, and give the
// same parts; an image in two of them is worth a warning.
func TestPrepareThreeTables(t *testing.T) {
	_, d := tableData(t, 40)
	p, err := Prepare(t.Context(), d, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	ready := d
	ready.CSV = ""
	ready.TrainCSV, ready.ValCSV, ready.TestCSV = filepath.Join(p.Dir, "train.csv"), filepath.Join(p.Dir, "val.csv"), filepath.Join(p.Dir, "test.csv")
	q, err := Prepare(t.Context(), ready, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	for _, part := range Parts() {
		a, err1 := os.ReadFile(filepath.Join(p.Dir, string(part)+".csv"))
		b, err2 := os.ReadFile(filepath.Join(q.Dir, string(part)+".csv"))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if string(a) != string(b) {
			t.Errorf("%s.csv differs:\n%s\n%s", part, a, b)
		}
	}
	if len(q.Report.Warnings) != 0 {
		t.Errorf("warnings %q", q.Report.Warnings)
	}
	ready.TestCSV = ready.ValCSV
	r, err := Prepare(t.Context(), ready, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if want := "6 images are in val and in test"; len(r.Report.Warnings) != 1 || r.Report.Warnings[0] != want {
		t.Errorf("warnings %q, want %q", r.Report.Warnings, want)
	}
	ready.TestCSV = ""
	if _, err := Prepare(t.Context(), ready, testTasks(), nil); !errors.As(err, new(*InputError)) {
		t.Errorf("without a test table: got %v, want an *InputError", err)
	}
}

func TestTablePathInTheOtherUnicodeForm(t *testing.T) {
	dir, d := tableData(t, 20)
	b, err := os.ReadFile(d.CSV)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "v0/1.jpg"), filepath.Join(dir, "v0", norm.NFD.String("고양이.jpg"))); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b), "v0/1.jpg", norm.NFC.String("v0/고양이.jpg"), 1)
	if err := os.WriteFile(d.CSV, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(t.Context(), d, testTasks(), nil)
	if err != nil || len(m.Rows) != 20 || len(m.Skips) != 0 {
		t.Errorf("%d rows, skips %v, %v", len(m.Rows), m.Skips, err)
	}
}

func FuzzParseTable(f *testing.F) {
	f.Add("image_path,action,emotion\na.jpg,걷기,공포\n")
	f.Add("\xef\xbb\xbfemotion,image_path,action\r\n공포,\"a,\"\"b\"\"\",눕기\r\n")
	f.Add("image_path,action,emotion\n\"")
	f.Add("image_path\xff")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := parseTable("/t/x.csv", []byte(text), "/base", testTasks())
		if err != nil {
			if !errors.As(err, new(*InputError)) {
				t.Errorf("%v is no *InputError", err)
			}
			return
		}
		for _, r := range rows {
			if !filepath.IsAbs(r.Path) || len(r.Labels) != 2 || r.Labels[0] < 0 || r.Labels[0] > 2 || r.Labels[1] < 0 || r.Labels[1] > 1 {
				t.Errorf("row %+v", r)
			}
		}
	})
}
