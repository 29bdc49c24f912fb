package data

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Each case is one folder beside a good video; want is what it adds to the
// summary of the manifest.
func TestReadManifest(t *testing.T) {
	const dir = "B/v2"
	video := goodVideo("v2", 12, 6)
	for _, c := range []struct {
		name  string
		spoil func(f tree)
		want  string
	}{
		{"frames in order of their numbers", func(tree) {}, "v2 [0 1] 6 12\n"},
		{"byte-order mark", func(f tree) { f[dir+"/v2.json"] = "\xef\xbb\xbf" + f[dir+"/v2.json"] }, "v2 [0 1] 6 12\n"},
		{"hidden files", func(f tree) {
			f[dir+"/._frame_6_timestamp_600.jpg"] = "resource fork"
			f[dir+"/._v2.json"] = "resource fork"
		}, "v2 [0 1] 6 12\n"},
		{"other files", func(f tree) { f[dir+"/notes.txt"] = "x" }, "v2 [0 1] 6 12\n"},
		{"null keypoints", func(f tree) {
			f[dir+"/v2.json"] = strings.ReplaceAll(f[dir+"/v2.json"], `{"1":null}`, `null`)
		}, "v2 [0 1] 6 12\n"},
		{"decomposed label", func(f tree) { f[dir+"/v2.json"] = norm.NFD.String(f[dir+"/v2.json"]) }, "v2 [0 1] 6 12\n"},
		{"capital extension", func(f tree) {
			f[dir+"/frame_6_timestamp_600.JPG"] = f[dir+"/"+testFrameName(6)]
			delete(f, dir+"/"+testFrameName(6))
		}, "v2 [0 1] 6 12\n"},
		{"another timestamp", func(f tree) {
			f[dir+"/frame_6_timestamp_601.jpg"] = f[dir+"/"+testFrameName(6)]
			delete(f, dir+"/"+testFrameName(6))
		}, "v2 [0 1] 6 12\n"},
		{"two files of a frame", func(f tree) {
			f[dir+"/frame_6_timestamp_599.jpg"] = f[dir+"/"+testFrameName(6)]
		}, "v2 [0 1] 6 12\nframe-unlisted B/v2/frame_6_timestamp_599.jpg\n"},
		{"frame listed twice", func(f tree) { f.add(t, dir, goodVideo("v2", 12, 6, 12)) }, "v2 [0 1] 6 12\n"},
		{
			"frame without file", func(f tree) { delete(f, dir+"/"+testFrameName(12)) },
			"v2 [0 1] 6\nframe-missing B/v2/frame_12_timestamp_1200.jpg\n",
		},
		{
			"frame not listed", func(f tree) { f[dir+"/"+testFrameName(18)] = "x" },
			"v2 [0 1] 6 12\nframe-unlisted B/v2/frame_18_timestamp_1800.jpg\n",
		},
		{
			"image with another name", func(f tree) { f[dir+"/cover.png"] = "x" },
			"v2 [0 1] 6 12\nframe-unlisted B/v2/cover.png\n",
		},
		{"no annotation", func(f tree) {
			f.add(t, dir, goodVideo("v2"))
			delete(f, dir+"/"+testFrameName(6))
			delete(f, dir+"/"+testFrameName(12))
		}, "video-empty B/v2\n"},
		{"all files gone", func(f tree) {
			delete(f, dir+"/"+testFrameName(6))
			delete(f, dir+"/"+testFrameName(12))
		}, "frame-missing B/v2/frame_12_timestamp_1200.jpg\nframe-missing B/v2/frame_6_timestamp_600.jpg\nvideo-empty B/v2\n"},
		{"JSON absent", func(f tree) { delete(f, dir+"/v2.json") }, "json-missing B/v2\n"},
		{"JSON twice", func(f tree) { f[dir+"/copy.json"] = f[dir+"/v2.json"] }, "json-ambiguous B/v2\n"},
		{"JSON cut", func(f tree) { f[dir+"/v2.json"] = f[dir+"/v2.json"][:40] }, "json-broken B/v2\n"},
		{"JSON empty", func(f tree) { f[dir+"/v2.json"] = "" }, "json-broken B/v2\n"},
		{"JSON with more behind it", func(f tree) { f[dir+"/v2.json"] += "{}" }, "json-broken B/v2\n"},
		{"JSON null", func(f tree) { f[dir+"/v2.json"] = "null" }, "json-broken B/v2\n"},
		{"no id", func(f tree) { f.add(t, dir, goodVideo("", 6, 12)) }, "json-broken B/v2\n"},
		{"null annotation", func(f tree) {
			f[dir+"/v2.json"] = strings.Replace(f[dir+"/v2.json"], `"annotations":[`, `"annotations":[null,`, 1)
		}, "json-broken B/v2\n"},
		{"frame number is text", func(f tree) {
			f[dir+"/v2.json"] = strings.Replace(f[dir+"/v2.json"], `"frame_number":6`, `"frame_number":"six"`, 1)
		}, "json-broken B/v2\n"},
		{"label absent", func(f tree) { v := video; v.drop = "inspect"; f.add(t, dir, v) }, "label-missing B/v2\n"},
		{"label null", func(f tree) { v := video; v.emotion = nil; f.add(t, dir, v) }, "label-missing B/v2\n"},
		{"label empty", func(f tree) { v := video; v.emotion = ""; f.add(t, dir, v) }, "label-missing B/v2\n"},
		{"label of another type", func(f tree) { v := video; v.emotion = 3; f.add(t, dir, v) }, "json-broken B/v2\n"},
		{"label unknown", func(f tree) { v := video; v.action = "하품"; f.add(t, dir, v) }, "label-unknown B/v2\n"},
		{"the owner's emotion does not count", func(f tree) { v := video; v.emotion = "편안/안정"; f.add(t, dir, v) }, "v2 [0 0] 6 12\n"},
		{"id seen before", func(f tree) { f.add(t, dir, goodVideo("v1", 6, 12)) }, "video-duplicate B/v2\n"},
		{"JSON beside folders", func(f tree) { f["B/expect.json"] = "{}"; f["summary.json"] = "{}" }, "v2 [0 1] 6 12\n"},
		{"empty folder", func(f tree) { f["C/empty/"] = "" }, "v2 [0 1] 6 12\n"},
		{"deeper", func(f tree) {
			f.add(t, "B/2020/10/v3", goodVideo("v3", 1))
		}, "v3 [0 1] 1\nv2 [0 1] 6 12\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := tree{}
			f.add(t, "A/v1", goodVideo("v1", 3))
			f.add(t, dir, video)
			c.spoil(f)
			m, err := ReadManifest(t.Context(), run.Data{Dir: f.write(t)}, testTasks(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := m.summary(), "v1 [0 1] 3\n"+c.want; got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// The second layout: labels and images in folders of their own.
func TestReadManifestPairedFolders(t *testing.T) {
	jpg := string(jpegBytes(t, 8, 8))
	doc := func(id string, frames ...int) string { return string(goodVideo(id, frames...).json(t)) }
	f := tree{
		// JSON named after the video's folder, beside each other.
		"training/label/ARCH/a.mp4.json":                doc("a", 6),
		"training/image/ARCH/a.mp4/" + testFrameName(6): jpg,
		"training/label/ARCH/b.json":                    doc("b", 6, 12),
		"training/image/ARCH/b/" + testFrameName(6):     jpg,
		// A folder a video on both sides.
		"training/label/ROLL.zip":                     "PK\x03\x04",
		"training/image/ROLL.zip":                     "PK\x03\x04",
		"validation/label/ROLL/c/any.json":            doc("c", 6),
		"validation/image/ROLL/c/" + testFrameName(6): jpg,
		// Nothing on the other side.
		"validation/label/ROLL/d.json":                doc("d", 6),
		"validation/image/ROLL/e/" + testFrameName(6): jpg,
		// Two JSON files for one folder.
		"validation/label/ROLL/f.json":                doc("f", 6),
		"validation/label/ROLL/f.mp4.json":            doc("f", 6),
		"validation/image/ROLL/f/" + testFrameName(6): jpg,
		"validation/label/ROLL/g/one.json":            doc("g", 6),
		"validation/label/ROLL/g/two.json":            doc("g", 6),
		"validation/image/ROLL/g/" + testFrameName(6): jpg,
	}
	m, err := ReadManifest(t.Context(), run.Data{Dir: f.write(t)}, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `a [0 1] 6
b [0 1] 6
c [0 1] 6
frame-missing training/image/ARCH/b/frame_12_timestamp_1200.jpg
json-missing validation/image/ROLL/e
json-ambiguous validation/image/ROLL/f
json-ambiguous validation/image/ROLL/g
frame-missing validation/image/ROLL/d/frame_6_timestamp_600.jpg
video-empty validation/label/ROLL/d.json
`
	if got := m.summary(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if m.Folders != 7 {
		t.Errorf("%d videos found, want 7", m.Folders)
	}
}

func TestReadManifestOtherTasks(t *testing.T) {
	f := tree{}
	f.add(t, "A/v1", goodVideo("v1", 3))
	dir := f.write(t)
	for _, c := range []struct{ task, label, want string }{
		{"breed", "샴", "v1 [0] 3\n"},
		{"species", "CAT", "v1 [0] 3\n"},
		{"situation", "기타", "v1 [0] 3\n"},
		{"colour", "x", `no JSON has a label for the task "colour" (looked for metadata.inspect.colour, metadata.owner.colour, metadata.animal.colour, metadata.colour): check label_names`},
	} {
		m, err := ReadManifest(t.Context(), run.Data{Dir: dir}, []run.Task{{Name: c.task, Classes: []string{c.label}}}, nil)
		got := ""
		if e := (*InputError)(nil); errors.As(err, &e) {
			got = e.What
		} else if err != nil {
			t.Fatal(err)
		} else {
			got = m.summary()
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.task, got, c.want)
		}
	}
}

func TestReadManifestFollowsLinks(t *testing.T) {
	f := tree{}
	f.add(t, "elsewhere/v1", goodVideo("v1", 3))
	f.add(t, "data/A/v2", goodVideo("v2", 3))
	root := f.write(t)
	link := func(to, name string) {
		if err := os.Symlink(filepath.Join(root, to), filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	link("elsewhere", "data/B")
	link("data", "data/B/circle")
	link("nowhere", "data/dangling")
	m, err := ReadManifest(t.Context(), run.Data{Dir: filepath.Join(root, "data")}, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.summary(), "v2 [0 1] 3\nv1 [0 1] 3\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestReadManifestWithoutVideos(t *testing.T) {
	for name, dir := range map[string]string{"empty": t.TempDir(), "absent": filepath.Join(t.TempDir(), "none")} {
		_, err := ReadManifest(t.Context(), run.Data{Dir: dir}, testTasks(), nil)
		if !errors.As(err, new(*InputError)) {
			t.Errorf("%s: got %v, want an *InputError", name, err)
		}
	}
}

func FuzzParseDocument(f *testing.F) {
	f.Add(goodVideo("v1", 6, 12).json(f))
	f.Add([]byte(`{"file_video":"a","metadata":{"inspect":null},"annotations":null}`))
	f.Add([]byte(`{"file_video":"a","annotations":[{"frame_number":6e0},{"frame_number":"7"}]}`))
	f.Add([]byte("\xef\xbb\xbf{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := parseDocument(b, testTasks())
		if err != nil {
			return
		}
		if d.id == "" || len(d.labels) != 2 {
			t.Errorf("accepted %q as %+v", b, d)
		}
		for _, fr := range d.frames {
			if fr.number < 0 {
				t.Errorf("accepted frame number %d", fr.number)
			}
		}
	})
}

// FuzzManifest puts two videos of any JSON and file names together: whatever
// they hold, labels are classes, frames are files of their folder, and no file
// is both a frame and a skip.
func FuzzManifest(f *testing.F) {
	good := string(goodVideo("v1", 6, 12).json(f))
	f.Add(good, good, testFrameName(6)+"\n"+testFrameName(12))
	f.Add(good, strings.Replace(good, "v1", "v2", 1), "frame_6_timestamp_1.jpg\nframe_6_timestamp_600.jpg\nx.png\nframe_6_timestamp_600.JPG")
	f.Add(strings.Replace(good, "걷기", "구르기", 1), `{"file_video":"a","annotations":[{"frame_number":6},{"frame_number":6}]}`, testFrameName(6))
	f.Fuzz(func(t *testing.T, first, second, names string) {
		tasks := mergedTasks()
		m := &Manifest{Source: "/root"}
		r := resolver{m: m, tasks: tasks, classes: classIndex(tasks), seen: map[string]string{}}
		var images []file
		for name := range strings.SplitSeq(names, "\n") {
			if isImageName(name) && !strings.ContainsRune(name, '/') && !slices.ContainsFunc(images, func(f file) bool { return f.name == name }) {
				images = append(images, file{name: name})
			}
		}
		for i, text := range []string{first, second} {
			dir := []string{"A/one", "A/two"}[i]
			d := read{skip: &Skip{dir, JSONBroken, "x"}}
			if doc, err := parseDocument([]byte(text), tasks); err == nil {
				d = read{doc: doc}
			}
			r.add(clip{rel: dir, dir: dir, jsons: []string{dir + "/x.json"}, images: images}, d)
		}
		if len(m.Videos) == 2 && m.Videos[0].ID == m.Videos[1].ID {
			t.Errorf("two videos are %q", m.Videos[0].ID)
		}
		skipped := map[string]bool{}
		for _, s := range m.Skips {
			skipped[filepath.Join("/root", s.Path)] = true
		}
		for _, v := range m.Videos {
			for k, l := range v.Labels {
				if l < 0 || int(l) >= len(tasks[k].Classes) {
					t.Errorf("class %d of %s", l, tasks[k].Name)
				}
			}
			for i, fr := range v.Frames {
				if filepath.Dir(fr.Path) != filepath.Join("/root", v.Dir) || skipped[fr.Path] {
					t.Errorf("frame %s of %s", fr.Path, v.Dir)
				}
				if i > 0 && v.Frames[i-1].Number >= fr.Number {
					t.Errorf("frame %d after %d", fr.Number, v.Frames[i-1].Number)
				}
			}
		}
	})
}
