package kernel

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAssemblyIsGenerated runs the generator and compares.
func TestAssemblyIsGenerated(t *testing.T) {
	if os.Getenv("SWEEP_SLOW") == "" {
		t.Skip("slow: set SWEEP_SLOW=1")
	}
	files, err := filepath.Glob("*_amd64.s")
	if err != nil || len(files) == 0 {
		t.Fatalf("no assembly found: %v", err)
	}
	for _, file := range files {
		family := strings.TrimSuffix(file, "_amd64.s")
		out := filepath.Join(t.TempDir(), file)
		if msg, err := exec.Command("go", "run", "./internal/gen", "-family", family, "-out", out).CombinedOutput(); err != nil {
			t.Fatalf("generate %s: %v\n%s", family, err, msg)
		}
		want, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		// The first line names the command and with it a path.
		_, want, _ = bytes.Cut(want, []byte("\n"))
		_, got, _ = bytes.Cut(got, []byte("\n"))
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the generator writes: run go generate ./trainer/kernel", file)
		}
	}
}
