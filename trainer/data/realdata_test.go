package data

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// expectation is the file expect.json beside a generated data set.
type expectation struct {
	Folders      int             `json:"video_folders"`
	Videos       int             `json:"videos"`
	UnknownLabel int             `json:"videos_unknown_label"`
	NoFrames     int             `json:"videos_without_frames"`
	Broken       int             `json:"videos_broken"`
	Combinations int             `json:"combinations"`
	Frequent     int             `json:"combinations_frequent"`
	Frames       int             `json:"frames"`
	Selected     int             `json:"frames_selected"`
	Action       []expectedClass `json:"action"`
	Emotion      []expectedClass `json:"emotion"`
	Situation    []expectedClass `json:"situation"`
}

type expectedClass struct {
	Label  string `json:"label"`
	Videos int    `json:"videos"`
	Images int    `json:"frames_selected"`
}

// TestPreparedFolder prepares a data set that lies on this machine and compares
// every count with the expect.json beside it, and every bad case with dirty.txt
// where there is one. SWEEP_REALDATA names one or more folders that hold an
// "action" folder and expect.json.
func TestPreparedFolder(t *testing.T) {
	list := os.Getenv("SWEEP_REALDATA")
	if list == "" {
		t.Skip("needs a data set: set SWEEP_REALDATA to its folder")
	}
	for _, dir := range filepath.SplitList(list) {
		t.Run(filepath.Base(dir), func(t *testing.T) { comparePrepared(t, dir) })
	}
}

func comparePrepared(t *testing.T, dir string) {
	b, err := os.ReadFile(filepath.Join(dir, "expect.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want expectation
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	lists := map[string][]expectedClass{"action": want.Action, "emotion": want.Emotion, "situation": want.Situation}
	var tasks []run.Task
	for _, name := range []string{"action", "emotion", "situation"} {
		task := run.Task{Name: name}
		for _, c := range lists[name] {
			task.Classes = append(task.Classes, c.Label)
		}
		tasks = append(tasks, task)
	}
	d := run.Data{
		Dir: filepath.Join(dir, "action"), ImageSize: 64, FrequentOver: 5, Val: 0.15, Test: 0.15,
		Group: "image", Seed: 42, Prepared: t.TempDir(),
	}
	var r *Report
	dirty, err := os.ReadFile(filepath.Join(dir, "dirty.txt"))
	if err == nil {
		_, err := Prepare(t.Context(), d, tasks, nil)
		e := (*TooManySkipsError)(nil)
		if !errors.As(err, &e) {
			t.Fatalf("without AllowSkips: got %v, want a *TooManySkipsError", err)
		}
		defer func() {
			if g, w := mustJSON(t, e.Reasons), mustJSON(t, r.Skipped); g != w {
				t.Errorf("refused with %s, then skipped %s", g, w)
			}
		}()
		d.AllowSkips = true
	}
	p, err := Prepare(t.Context(), d, tasks, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	r = p.Report
	_ = r.WriteText(t.Output())
	got := expectation{
		Folders: r.Folders, Videos: r.Videos, UnknownLabel: r.Skipped[LabelUnknown], NoFrames: r.Skipped[VideoEmpty],
		Combinations: r.Combinations, Frequent: r.Frequent, Frames: r.Frames, Selected: r.Selected,
	}
	got.Broken = r.VideosSkipped - got.UnknownLabel - got.NoFrames
	want.Action, want.Emotion, want.Situation = nil, nil, nil
	if g, w := mustJSON(t, got), mustJSON(t, want); g != w {
		t.Errorf("counts\n got %s\nwant %s", g, w)
	}
	for _, task := range r.Tasks {
		for i, c := range task.Classes {
			if w := lists[task.Name][i]; c.Videos != w.Videos || c.Images != w.Images {
				t.Errorf("%s %q: %d videos, %d images, want %d and %d", task.Name, c.Label, c.Videos, c.Images, w.Videos, w.Images)
			}
		}
	}
	compareDirty(t, string(dirty), p)
}

// compareDirty wants exactly one skip, of the suggested name, for every line that
// asks for one, and none for the others.
func compareDirty(t *testing.T, dirty string, p *Prepared) {
	at := map[string][]Skip{}
	for _, s := range p.Skips {
		at[s.Path] = append(at[s.Path], s)
	}
	for line := range strings.Lines(dirty) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(f) != 4 {
			continue
		}
		path := strings.TrimPrefix(f[0], "action/")
		if strings.HasSuffix(path, ".json") {
			path = filepath.Dir(path)
		}
		got := at[path]
		switch f[2] {
		case "skip-frame", "skip-video":
			if len(got) != 1 || string(got[0].Reason) != f[3] {
				t.Errorf("%s: got %v, want one skip %s", f[1], got, f[3])
			}
		default:
			if len(got) != 0 {
				t.Errorf("%s: got %v, want none", f[1], got)
			}
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
