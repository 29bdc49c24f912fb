package data

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// testTasks are two small label lists; "situation" is left out on purpose.
func testTasks() []run.Task {
	return []run.Task{
		{Name: "action", Classes: []string{"걷기", "눕기", "구르기"}},
		{Name: "emotion", Classes: []string{"편안/안정", "공포"}},
	}
}

// testVideo is a video to be written; tests change what they want to spoil.
type testVideo struct {
	id              string
	action, emotion any // anything JSON can hold
	frames          []int
	drop            string // a key of metadata to leave out
}

func goodVideo(id string, frames ...int) testVideo {
	return testVideo{id: id, action: "걷기", emotion: "공포", frames: frames}
}

func (v testVideo) json(t testing.TB) []byte {
	t.Helper()
	type object map[string]any
	annotations := []object{}
	for _, n := range v.frames {
		annotations = append(annotations, object{"frame_number": n, "timestamp": n * 100, "keypoints": object{"1": nil}})
	}
	metadata := object{
		"inspect": object{"action": v.action, "emotion": v.emotion},
		"owner":   object{"emotion": "편안/안정", "situation": "기타"},
		"animal":  object{"breed": "샴"},
		"species": "CAT",
	}
	delete(metadata, v.drop)
	b, err := json.Marshal(object{"file_video": v.id, "metadata": metadata, "annotations": annotations})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func testFrameName(n int) string { return fmt.Sprintf("frame_%d_timestamp_%d.jpg", n, n*100) }

// tree is a folder to be written: path → content.
type tree map[string]string

// add writes a video in the first layout.
func (f tree) add(t testing.TB, folder string, v testVideo) {
	t.Helper()
	f[folder+"/"+filepath.Base(folder)+".json"] = string(v.json(t))
	for _, n := range v.frames {
		f[folder+"/"+testFrameName(n)] = string(jpegBytes(t, 20+n%7, 24))
	}
}

func (f tree) write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range f {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (m *Manifest) summary() string {
	var b strings.Builder
	for _, v := range m.Videos {
		fmt.Fprintf(&b, "%s %v", v.ID, v.Labels)
		for _, f := range v.Frames {
			fmt.Fprintf(&b, " %d", f.Number)
		}
		b.WriteString("\n")
	}
	for _, s := range m.Skips {
		fmt.Fprintf(&b, "%s %s\n", s.Reason, s.Path)
	}
	return b.String()
}
