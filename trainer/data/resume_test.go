package data

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// cancelled prepares until n images are decoded.
func cancelled(t *testing.T, d run.Data, n int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := Prepare(ctx, d, testTasks(), func(stage string, done, _ int) {
		if stage == StageDecode && done == n {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want %v", err, context.Canceled)
	}
}

// onlyFolder is the one folder of a prepared set below d.Prepared.
func onlyFolder(t *testing.T, d run.Data) string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(d.Prepared, "*", partName))
	if err != nil || len(dirs) != 1 {
		t.Fatalf("parts: %v, %v", dirs, err)
	}
	return filepath.Dir(dirs[0])
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// spoil puts other bytes into every frame and keeps its size and time, so that
// whoever decodes it again fails.
func spoil(t *testing.T, d run.Data) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(d.Dir, "*", "*", "*.jpg"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err == nil {
			err = os.WriteFile(name, bytes.Repeat([]byte("x"), int(info.Size())), 0o600)
		}
		if err == nil {
			err = os.Chtimes(name, info.ModTime(), info.ModTime())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// fresh is the digest of the set made from nothing.
func fresh(t *testing.T, d run.Data) string {
	t.Helper()
	d.Prepared = t.TempDir()
	p, _ := prepare(t, d)
	return p.DataDigest
}

func TestCancelledPreparationGoesOn(t *testing.T) {
	d := hubData(t)
	want := fresh(t, d)
	cancelled(t, d, 8)
	dir := onlyFolder(t, d)
	if exists(filepath.Join(dir, cacheName)) {
		t.Error("there is a cache although nothing was finished")
	}
	_, kept, err := openJournal(dir, d.ImageSize)
	if err != nil || len(kept) < 8 {
		t.Fatalf("%d images kept, %v", len(kept), err)
	}
	p, _ := prepare(t, d)
	if p.DataDigest != want {
		t.Error("the set that was gone on with is another than one made at once")
	}
	for _, name := range []string{partName, journalName} {
		if exists(filepath.Join(dir, name)) {
			t.Errorf("%s is left behind", name)
		}
	}
}

// All images are decoded when the preparation stops; then their files stop being
// images, and yet it goes on to the same set.
func TestGoingOnDecodesNothingTwice(t *testing.T) {
	d := hubData(t)
	want := fresh(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Prepare(ctx, d, testTasks(), func(stage string, done, total int) {
		if stage == StageCheck {
			cancel() // comes after the last image is decoded
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	spoil(t, d)
	d.AllowSkips = true // the frames that are only checked look broken now
	p, _ := prepare(t, d)
	if p.DataDigest != want {
		t.Errorf("another set; skips %v", p.Report.Skipped)
	}
}

func TestGoingOnDoesNotTrustATornPart(t *testing.T) {
	for _, c := range []struct {
		name string
		tear func(dir string) error
	}{
		{"pixels lost", func(dir string) error {
			name := filepath.Join(dir, partName)
			info, err := os.Stat(name)
			if err != nil {
				return err
			}
			return os.WriteFile(name, make([]byte, info.Size()), 0o600) // as after a power cut
		}},
		{"part cut", func(dir string) error { return os.Truncate(filepath.Join(dir, partName), headerBytes+100) }},
		{"part gone", func(dir string) error { return os.Remove(filepath.Join(dir, partName)) }},
		{"journal gone", func(dir string) error { return os.Remove(filepath.Join(dir, journalName)) }},
		{"journal cut", func(dir string) error {
			return os.Truncate(filepath.Join(dir, journalName), journalHeader+2*journalRecord+7)
		}},
		{"journal of another size", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, journalName), journalStart(9), 0o600)
		}},
		{"no journal", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, journalName), []byte("something else"), 0o600)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := hubData(t)
			want := fresh(t, d)
			cancelled(t, d, 9)
			if err := c.tear(onlyFolder(t, d)); err != nil {
				t.Fatal(err)
			}
			p, _ := prepare(t, d)
			if p.DataDigest != want {
				t.Error("another set")
			}
		})
	}
}

// The source changes between the two attempts.
func TestGoingOnNoticesChanges(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(t *testing.T, d run.Data)
	}{
		{"frame rewritten", func(t *testing.T, d run.Data) {
			write(t, filepath.Join(d.Dir, "A", "v00", testFrameName(6)), jpegBytes(t, 31, 31))
		}},
		{"video added before the others", func(t *testing.T, d run.Data) {
			f := tree{}
			f.add(t, "A/a00", goodVideo("a00", 0, 6))
			for name, content := range f {
				write(t, filepath.Join(d.Dir, name), []byte(content))
			}
		}},
		{"video removed", func(t *testing.T, d run.Data) {
			if err := os.RemoveAll(filepath.Join(d.Dir, "A", "v01")); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := hubData(t)
			cancelled(t, d, 10)
			c.change(t, d)
			want := fresh(t, d)
			p, _ := prepare(t, d)
			if p.DataDigest != want {
				t.Error("another set than one made at once")
			}
		})
	}
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A finished set gives its images to the next one: after a change beside them,
// and to another split.
func TestPrepareTakesImagesOver(t *testing.T) {
	d := hubData(t)
	d.FrequentOver = 100 // all frames, so that all are decoded
	prepare(t, d)
	spoil(t, d)
	other := d
	other.Group = "video"
	q, made := prepare(t, other)
	if !made || len(q.Images) != 36 {
		t.Errorf("another split has %d images, want 36", len(q.Images))
	}
	write(t, filepath.Join(d.Dir, "A", "v00", testFrameName(6)), jpegBytes(t, 40, 40))
	p, _ := prepare(t, d)
	if len(p.Images) != 36 {
		t.Errorf("after a change %d images, want 36: %v", len(p.Images), p.Skips)
	}
	want, err := LoadImage(filepath.Join(d.Dir, "A", "v00", testFrameName(6)), d.ImageSize)
	if err != nil {
		t.Fatal(err)
	}
	if at := slices.IndexFunc(p.Images, func(img Image) bool {
		return strings.HasSuffix(img.Path, filepath.Join("v00", testFrameName(6)))
	}); at < 0 || !slices.Equal(p.Pixels(at), want) {
		t.Error("the changed frame has its old pixels")
	}
}

// A cache with a wrong image in it gives that one to nobody.
func TestPrepareTakesNoDamagedImageOver(t *testing.T) {
	d := hubData(t)
	p, _ := prepare(t, d)
	name := filepath.Join(p.Dir, cacheName)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[headerBytes+5] ^= 1
	write(t, name, b)
	d.Group = "video"
	want := fresh(t, d)
	q, _ := prepare(t, d)
	if q.DataDigest != want {
		t.Error("a damaged image was taken over")
	}
}

const killVariable = "SWEEP_TEST_PREPARE_KILL" // source folder and folder to prepare in

// TestHelperKilled kills itself in the middle of a preparation, for the test below.
func TestHelperKilled(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv(killVariable))
	if len(dirs) != 2 {
		t.Skip("part of TestPrepareAfterAKill")
	}
	d := run.Data{
		Dir: dirs[0], ImageSize: 8, FrequentOver: 5, Val: 0.15, Test: 0.15, Group: "image", Seed: 42, Prepared: dirs[1],
	}
	_, err := Prepare(t.Context(), d, testTasks(), func(stage string, done, _ int) {
		if stage == StageDecode && done == 7 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	})
	fmt.Println("still alive", err)
}

func TestPrepareAfterAKill(t *testing.T) {
	d := hubData(t)
	want := fresh(t, d)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperKilled$")
	cmd.Env = append(os.Environ(), killVariable+"="+d.Dir+string(filepath.ListSeparator)+d.Prepared)
	if b, err := cmd.CombinedOutput(); err == nil || strings.Contains(string(b), "still alive") {
		t.Fatalf("the process was not killed: %v\n%s", err, b)
	}
	j, kept, err := openJournal(onlyFolder(t, d), d.ImageSize)
	if err != nil || len(kept) < 6 {
		t.Fatalf("%d images kept, %v", len(kept), err)
	}
	j.close()
	p, _ := prepare(t, d)
	if p.DataDigest != want {
		t.Error("after the kill the set is another")
	}
}

func FuzzReadJournal(f *testing.F) {
	f.Add([]byte{})
	f.Add(journalStart(8))
	dir := f.TempDir()
	j, _, err := openJournal(dir, 8)
	if err != nil {
		f.Fatal(err)
	}
	for i := range 3 {
		if err := j.add(fileState{1, 2}.id(fmt.Sprint(i)), keptImage{slot: i}); err != nil {
			f.Fatal(err)
		}
	}
	j.close()
	b, err := os.ReadFile(filepath.Join(dir, journalName))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		kept, end, err := readJournal(bytes.NewReader(b), 8)
		if err != nil {
			return
		}
		if end > int64(len(b)) || int64(len(kept)) > end/journalRecord {
			t.Errorf("%d images, end %d, of %d bytes", len(kept), end, len(b))
		}
		for _, k := range kept {
			if k.slot < 0 {
				t.Errorf("slot %d", k.slot)
			}
		}
	})
}

// Who waits for another process is told so, and can give up.
func TestSecondPreparationSaysThatItWaits(t *testing.T) {
	d := hubData(t)
	dir := filepath.Join(d.Prepared, SetID(d, testTasks()))
	unlock, err := lockFile(t.Context(), dir+".lock", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	said := ""
	_, err = Prepare(ctx, d, testTasks(), func(stage string, done, total int) {
		if strings.HasPrefix(stage, "waiting") && done == 0 && total == 0 {
			said = stage
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || said != "waiting for another process that prepares the same data" {
		t.Errorf("said %q, got %v", said, err)
	}
}
