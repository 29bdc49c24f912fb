package data

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

const memoryVariable = "SWEEP_TEST_PREPARE_MEMORY" // source folder and folder to prepare in

// TestHelperMemory prepares in a process of its own, for the test below.
func TestHelperMemory(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv(memoryVariable))
	if len(dirs) != 2 {
		t.Skip("part of TestPrepareMemory")
	}
	d := run.Data{
		Dir: dirs[0], ImageSize: 96, FrequentOver: 1000, Val: 0.15, Test: 0.15, Group: "image", Seed: 42, Prepared: dirs[1],
	}
	p, err := Prepare(t.Context(), d, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = p.Close()
}

// The pixels are never in memory together: what grows with the number of frames
// is their names, less than 2 KiB each.
func TestPrepareMemory(t *testing.T) {
	if os.Getenv("SWEEP_SLOW") == "" {
		t.Skip("links and decodes 16,000 frames: set SWEEP_SLOW=1")
	}
	peak := func(videos int) int64 {
		const frames = 400
		dir := t.TempDir()
		picture := filepath.Join(dir, "one.jpg")
		write(t, picture, jpegBytes(t, 24, 24))
		for v := range videos {
			folder := filepath.Join(dir, "A", fmt.Sprintf("v%02d", v))
			clip := goodVideo(filepath.Base(folder), numbers(frames)...)
			write(t, filepath.Join(folder, "v.json"), clip.json(t))
			for _, n := range clip.frames {
				if err := os.Link(picture, filepath.Join(folder, testFrameName(n))); err != nil {
					t.Fatal(err)
				}
			}
		}
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperMemory$")
		cmd.Env = append(os.Environ(), memoryVariable+"="+filepath.Join(dir, "A")+string(filepath.ListSeparator)+t.TempDir())
		if b, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		return int64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) << 10 // bytes on Linux
	}
	few, many := peak(2), peak(40)
	const more = 38 * 400
	t.Logf("peak resident set %d MiB for 800 frames, %d MiB for 16,000; the pixels of these are %d MiB",
		few>>20, many>>20, 16_000*imageBytes(96)>>20)
	if many-few > more*2<<10 {
		t.Errorf("%d bytes a frame", (many-few)/more)
	}
}
