package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/configs"
)

// A weight file that cannot be used is refused with exit code 2 and its reason,
// before anything starts, by every command that reads one.
func TestWeightFilesRefused(t *testing.T) {
	dir := t.TempDir()
	nan := filepath.Join(dir, "nan.safetensors")
	weightFile(t, "resnet18", nan, "layer2.0.conv1.weight", float32(math.NaN()))
	evil, err := filepath.Abs(filepath.Join(root, "trainer", "weights", "testdata", "evil.pth"))
	if err != nil {
		t.Fatal(err)
	}
	huge := filepath.Join(dir, "huge.safetensors")
	if err := os.WriteFile(huge, []byte("\x00\x00\x00\x00\x00\x00\x00\x10{}"), 0o600); err != nil { // a header of 2^60 bytes
		t.Fatal(err)
	}
	c := newConsole(t)
	images := filepath.Join(dir, "images")
	c.run(t, t.Context(), 0, "data", "demo", images)
	demo, err := os.ReadFile(filepath.Join(root, "configs", "demo.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(demo), "data/demo", images, 1)
	config := func(more string) string {
		path := filepath.Join(dir, "config.yaml")
		if err := os.WriteFile(path, []byte(text+more), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, x := range []struct{ file, words string }{
		{nan, "tensor layer2.0.conv1.weight: not a usable weight file: value 0 is NaN"},
		{evil, "system"},
		{huge, "no safetensors header"},
	} {
		name := filepath.Base(x.file)
		plain := config("")
		if x.file != nan { // whose names and shapes are right
			_, stderr := c.run(t, t.Context(), 2, "weights", "inspect", x.file)
			if !strings.Contains(stderr, x.words) {
				t.Errorf("inspect %s: %s", name, stderr)
			}
		}
		_, stderr := c.run(t, t.Context(), 2, "infer", "--input_dir", firstFolder(t, images), "--config", plain, "--weights", x.file)
		if !strings.Contains(stderr, x.words) {
			t.Errorf("infer %s: %s", name, stderr)
		}
		_, stderr = c.run(t, t.Context(), 2, "--no-tui", "--models", "resnet18", "--config", config(fmt.Sprintf("pretrained: {resnet18: %s}\n", x.file)))
		if !strings.Contains(stderr, x.words) {
			t.Errorf("a sweep from %s: %s", name, stderr)
		}
		if out, _ := c.run(t, t.Context(), 0, "runs", "--format", "json"); strings.TrimSpace(out) != "[]" {
			t.Errorf("%s: something was started: %s", name, out)
		}
	}
}

// firstFolder is a folder of images below a data set.
func firstFolder(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no folders in %s (%v)", dir, err)
	}
	return found[0]
}

// What `pretrained: true` takes is named with its checksum; a file that is not
// what its name says, too.
func TestKnownWeightsNotice(t *testing.T) {
	c := newConsole(t)
	cfg := &configs.Config{WeightsDir: t.TempDir()}
	path := filepath.Join(cfg.WeightsDir, "resnet18-f37072fd.pth")
	for name, doubt := range map[string]bool{path: true, filepath.Join(cfg.WeightsDir, "resnet18.pth"): false} {
		digest := weightFile(t, "resnet18", name, "", 0)
		got, notice, err := knownWeights(&c.env, cfg, "resnet18")
		if err != nil || got != name || !strings.Contains(notice, name+" (sha256 "+digest+")") {
			t.Errorf("%s, %q, %v", got, notice, err)
		}
		if doubt != strings.Contains(notice, "not the published file: that has the f37072fd of its name") {
			t.Errorf("notice %q", notice)
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}
