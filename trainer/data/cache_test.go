package data

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// hubData is a small AI-Hub folder: two combinations, one of them frequent.
func hubData(t *testing.T) run.Data {
	t.Helper()
	f := tree{}
	for v := range 12 {
		video := goodVideo(fmt.Sprintf("v%02d", v), 0, 6, 12)
		if v < 4 {
			video.action = "눕기"
		}
		f.add(t, fmt.Sprintf("A/v%02d", v), video)
	}
	return run.Data{
		Dir: f.write(t), ImageSize: 8, FrequentOver: 5, Val: 0.15, Test: 0.15, Group: "image", Seed: 42,
		Prepared: t.TempDir(),
	}
}

// prepare prepares and reports whether images were decoded for it.
func prepare(t *testing.T, d run.Data) (p *Prepared, made bool) {
	t.Helper()
	p, err := Prepare(t.Context(), d, testTasks(), func(stage string, _, _ int) {
		made = made || stage == StageDecode
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p, made
}

func TestPrepareHoldsEachImagesPixels(t *testing.T) {
	d := hubData(t)
	p, _ := prepare(t, d)
	if got, want := partSizes(p), "train 14 val 3 test 3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for i, img := range p.Images {
		want, err := LoadImage(img.Path, d.ImageSize)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.Pixels(i), want) {
			t.Errorf("image %d does not hold the pixels of %s", i, img.Path)
		}
	}
	if len(p.AllPixels()) != len(p.Images)*imageBytes(8) {
		t.Errorf("%d bytes of pixels for %d images", len(p.AllPixels()), len(p.Images))
	}
}

func TestPrepareFindsAFinishedSet(t *testing.T) {
	d := hubData(t)
	p, made := prepare(t, d)
	if !made {
		t.Fatal("the first preparation decoded nothing")
	}
	q, made := prepare(t, d)
	if made {
		t.Error("the second preparation decoded again")
	}
	if p.DataDigest != q.DataDigest || mustJSON(t, p.Report) != mustJSON(t, q.Report) || mustJSON(t, p.Images) != mustJSON(t, q.Images) {
		t.Error("the found set is another")
	}
	for _, part := range Parts() {
		if !slices.Equal(p.Part(part), q.Part(part)) {
			t.Errorf("the %s part is another", part)
		}
	}
	// Deleted tables come back.
	if err := os.Remove(filepath.Join(p.Dir, "val.csv")); err != nil {
		t.Fatal(err)
	}
	prepare(t, d)
	if _, err := os.Stat(filepath.Join(p.Dir, "val.csv")); err != nil {
		t.Error(err)
	}
}

func TestPrepareDoesNotDependOnThreads(t *testing.T) {
	d := hubData(t)
	p, _ := prepare(t, d)
	d.Prepared = t.TempDir()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(7))
	q, _ := prepare(t, d)
	if p.DataDigest != q.DataDigest {
		t.Error("another number of threads gave another data set")
	}
}

func TestPrepareNoticesChanges(t *testing.T) {
	frame := filepath.Join("A", "v00", testFrameName(6))
	for _, c := range []struct {
		name   string
		change func(t *testing.T, d *run.Data) error
		moved  bool // another folder: config, not source
		same   bool // the images stay what they were
	}{
		{"frame rewritten", func(t *testing.T, d *run.Data) error {
			return os.WriteFile(filepath.Join(d.Dir, frame), jpegBytes(t, 31, 31), 0o600)
		}, false, false},
		{"frame removed", func(_ *testing.T, d *run.Data) error {
			d.AllowSkips = true
			return os.Remove(filepath.Join(d.Dir, frame))
		}, false, false},
		{"frame added", func(_ *testing.T, d *run.Data) error {
			d.AllowSkips = true
			return os.WriteFile(filepath.Join(d.Dir, "A", "v00", testFrameName(99)), nil, 0o600)
		}, false, true},
		{"label changed", func(t *testing.T, d *run.Data) error {
			v := goodVideo("v00", 0, 6, 12)
			v.action = "구르기"
			return os.WriteFile(filepath.Join(d.Dir, "A", "v00", "v00.json"), v.json(t), 0o600)
		}, false, false},
		{"another seed", func(_ *testing.T, d *run.Data) error { d.Seed++; return nil }, true, false},
		{"another size", func(_ *testing.T, d *run.Data) error { d.ImageSize++; return nil }, true, false},
		{"another rule", func(_ *testing.T, d *run.Data) error { d.FrequentOver = 100; return nil }, true, false},
		{"another split", func(_ *testing.T, d *run.Data) error { d.Group = "video"; return nil }, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := hubData(t)
			p, _ := prepare(t, d)
			if err := c.change(t, &d); err != nil {
				t.Fatal(err)
			}
			q, made := prepare(t, d)
			if !made || (q.DataDigest == p.DataDigest) != c.same {
				t.Errorf("decoded again: %v, digests %s and %s", made, p.DataDigest, q.DataDigest)
			}
			if (p.Dir != q.Dir) != c.moved {
				t.Errorf("folders %s and %s", p.Dir, q.Dir)
			}
			// The first set goes on being readable: a run may be using it.
			if got := sumOf(p.Pixels(0)).crc; got != p.sums[0] {
				t.Error("the set that was open has changed")
			}
		})
	}
}

func TestPrepareMakesADamagedCacheAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(name string, b []byte) error
	}{
		{"cut off", func(name string, b []byte) error { return os.Truncate(name, int64(len(b)-1)) }},
		{"empty", func(name string, _ []byte) error { return os.Truncate(name, 0) }},
		{"longer", func(name string, b []byte) error { return os.WriteFile(name, append(b, 0), 0o600) }},
		{"header", func(name string, b []byte) error { b[40] ^= 1; return os.WriteFile(name, b, 0o600) }},
		{"index", func(name string, b []byte) error { b[len(b)-9] ^= 1; return os.WriteFile(name, b, 0o600) }},
		{"gone", func(name string, _ []byte) error { return os.Remove(name) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := hubData(t)
			p, _ := prepare(t, d)
			digest, name := p.DataDigest, filepath.Join(p.Dir, cacheName)
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.damage(name, b); err != nil {
				t.Fatal(err)
			}
			q, made := prepare(t, d)
			if !made || q.DataDigest != digest {
				t.Errorf("made again: %v, digest %s, want %s", made, q.DataDigest, digest)
			}
		})
	}
}

const helperVariable = "SWEEP_TEST_PREPARE" // source folder and folder to prepare in

// TestHelperProcess prepares in a process of its own, for the test below.
func TestHelperProcess(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv(helperVariable))
	if len(dirs) != 2 {
		t.Skip("part of TestProcessesPrepareAtOnce")
	}
	d := run.Data{
		Dir: dirs[0], ImageSize: 8, FrequentOver: 5, Val: 0.15, Test: 0.15, Group: "image", Seed: 42, Prepared: dirs[1],
	}
	p, made := prepare(t, d)
	fmt.Printf("digest %s made %v\n", p.DataDigest, made)
}

func TestProcessesPrepareAtOnce(t *testing.T) {
	d := hubData(t)
	outputs := make([]string, 4)
	var wg sync.WaitGroup
	for i := range outputs {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperProcess$")
			cmd.Env = append(os.Environ(), helperVariable+"="+d.Dir+string(filepath.ListSeparator)+d.Prepared)
			b, err := cmd.CombinedOutput()
			outputs[i] = string(b)
			if err != nil {
				t.Errorf("%v\n%s", err, b)
			}
		})
	}
	wg.Wait()
	p, made := prepare(t, d)
	if made {
		t.Error("after four processes the set is still not finished")
	}
	makers := 0
	for _, o := range outputs {
		makers += strings.Count(o, "made true")
		if !strings.Contains(o, "digest "+p.DataDigest) {
			t.Errorf("a process has another data set than %s:\n%s", p.DataDigest, o)
		}
	}
	if makers != 1 {
		t.Errorf("%d processes decoded, want 1", makers)
	}
}

// Broken frames leave slots empty; the images behind them move up.
func TestPrepareClosesHoles(t *testing.T) {
	d := hubData(t)
	d.AllowSkips = true
	for v := range 12 {
		for _, n := range []int{0, 6, 12} {
			if (v+n)%4 == 0 {
				if err := os.WriteFile(filepath.Join(d.Dir, "A", fmt.Sprintf("v%02d", v), testFrameName(n)), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	p, _ := prepare(t, d)
	want := map[string]bool{}
	for i, img := range p.Images {
		want[img.Path] = true
		px, err := LoadImage(img.Path, d.ImageSize)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.Pixels(i), px) {
			t.Errorf("image %d does not hold the pixels of %s", i, img.Path)
		}
	}
	if len(want) != len(p.Images) || p.Report.Skipped[ImageBroken] != 9 {
		t.Errorf("%d images of %d files, skips %v", len(p.Images), len(want), p.Report.Skipped)
	}
}

func TestDiskErrorsAreSentences(t *testing.T) {
	err := diskError("/store/x", 5<<20, &os.PathError{Op: "write", Path: "/store/x", Err: syscall.ENOSPC})
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the disk is full, 5 MiB are needed") {
		t.Errorf("got %v", err)
	}
	w, err := newCacheWriter(t.TempDir(), maxImageSize, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close(false)
	if err := w.reserve(1 << 36); !errors.Is(err, syscall.ENOSPC) { // 3 EiB
		t.Errorf("room for 2^36 images: %v", err)
	}
}

func TestPrepareRefusesBadConfig(t *testing.T) {
	for name, change := range map[string]func(*run.Data){
		"size 0":   func(d *run.Data) { d.ImageSize = 0 },
		"size 1e6": func(d *run.Data) { d.ImageSize = 1_000_000 },
		"no val":   func(d *run.Data) { d.Val = 0 },
		"no train": func(d *run.Data) { d.Val = 1 },
		"source":   func(d *run.Data) { d.Dir = "" },
	} {
		d := hubData(t)
		change(&d)
		if _, err := Prepare(t.Context(), d, testTasks(), nil); !errors.As(err, new(*InputError)) {
			t.Errorf("%s: got %v, want an *InputError", name, err)
		}
	}
}
