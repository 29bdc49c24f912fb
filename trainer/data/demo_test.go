package data

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep/run"
)

func demoData(t *testing.T) run.Data {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	if err := WriteDemo(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return run.Data{
		Dir: dir, ImageSize: 16, FrequentOver: 5, Val: 0.15, Test: 0.15, Group: "image", Seed: 42,
		Prepared: t.TempDir(),
	}
}

func TestDemoCounts(t *testing.T) {
	p, err := Prepare(t.Context(), demoData(t), DemoTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	got := fmt.Sprintf("%d videos, %d combinations, %d frequent, %d frames, %d selected, %d skips, %d warnings",
		p.Report.Videos, p.Report.Combinations, p.Report.Frequent, p.Report.Frames, p.Report.Selected, len(p.Skips), len(p.Report.Warnings))
	if want := "54 videos, 36 combinations, 3 frequent, 414 frames, 351 selected, 0 skips, 0 warnings"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDemoIsTheSameEveryTime(t *testing.T) {
	a, b := treeDigest(t, demoData(t).Dir), treeDigest(t, demoData(t).Dir)
	if a != b {
		t.Errorf("two demos differ: %s and %s", a, b)
	}
}

func TestDemoFitsItsConfig(t *testing.T) {
	cfg, err := configs.LoadEmbedded("demo")
	if err != nil {
		t.Fatal(err)
	}
	var got []run.Task
	for _, task := range cfg.Tasks {
		got = append(got, run.Task{Name: task.Name, Classes: task.Classes})
	}
	if !reflect.DeepEqual(got, DemoTasks()) {
		t.Errorf("demo.yaml has %v\nthe demo draws %v", got, DemoTasks())
	}
}

func TestDemoKeepsAForeignFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("years of work"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := treeDigest(t, dir)
	if e := (*InputError)(nil); !errors.As(WriteDemo(t.Context(), dir), &e) {
		t.Error("a folder with another file was accepted")
	}
	if treeDigest(t, dir) != before {
		t.Error("the foreign folder was changed")
	}
}

func TestDemoMayBeWrittenAgain(t *testing.T) {
	d := demoData(t)
	before := treeDigest(t, d.Dir)
	if err := WriteDemo(t.Context(), d.Dir); err != nil {
		t.Fatal(err)
	}
	if treeDigest(t, d.Dir) != before {
		t.Error("writing again changed the data set")
	}
}

// treeDigest covers names and contents of all files below dir.
func treeDigest(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p)))
		fmt.Fprintf(h, "%s\x00%d\x00%s", p, len(b), b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}
