package data

import (
	"path/filepath"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// mergedTasks count 구르기 as 눕기.
func mergedTasks() []run.Task {
	tasks := testTasks()
	tasks[0].Classes = []string{"걷기", "눕기"}
	tasks[0].Merged = map[string]string{"구르기": "눕기"}
	return tasks
}

func TestMergedLabelsOfAFolder(t *testing.T) {
	f := tree{}
	for i, action := range []string{"걷기", "눕기", "구르기"} {
		v := goodVideo("v"+string(rune('0'+i)), 0)
		v.action = action
		f.add(t, "A/"+v.id, v)
	}
	m, err := ReadManifest(t.Context(), run.Data{Dir: f.write(t)}, mergedTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.summary(), "v0 [0 1] 0\nv1 [1 1] 0\nv2 [1 1] 0\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestMergedLabelsOfATable(t *testing.T) {
	rows, err := parseTable("/t/x.csv", []byte("image_path,action,emotion\na.jpg,구르기,공포\nb.jpg,눕기,공포\n"), "", mergedTasks())
	if err != nil || rows[0].Labels[0] != 1 || rows[1].Labels[0] != 1 {
		t.Errorf("%+v, %v", rows, err)
	}
}

// With and without merged labels are two data sets, even where no image bears
// the label that disappears.
func TestMergedLabelsAreAnotherDataSet(t *testing.T) {
	d := hubData(t)
	p, _ := prepare(t, d)
	q, err := Prepare(t.Context(), d, mergedTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	if p.DataDigest == q.DataDigest || filepath.Base(p.Dir) == filepath.Base(q.Dir) {
		t.Errorf("digests %s and %s, folders %s and %s", p.DataDigest, q.DataDigest, p.Dir, q.Dir)
	}
	if SetID(d, testTasks()) == SetID(d, mergedTasks()) {
		t.Error("one id for both")
	}
}
