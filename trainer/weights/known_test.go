package weights

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFindLooksInOrder(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "weights [mine]")
	env := map[string]string{"HOME": home}
	getenv := func(k string) string { return env[k] }

	_, err := Find("resnet18", dir, getenv)
	var missing *NotFoundError
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "resnet18-f37072fd.pth") || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "sweep weights fetch resnet18") {
		t.Fatalf("got %v", err)
	}
	// From the last place looked at to the first: each new file wins.
	for _, name := range []string{
		".cache/huggingface/hub/models--timm--resnet18.a1_in1k/snapshots/abc/pytorch_model.bin",
		".cache/huggingface/hub/models--timm--resnet18.a1_in1k/snapshots/abc/model.safetensors",
		".cache/torch/hub/checkpoints/resnet18-f37072fd.pth",
		"weights [mine]/resnet18-f37072fd.pth",
		"weights [mine]/resnet18.safetensors",
	} {
		file := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := Find("resnet18", dir, getenv); err != nil || got != file {
			t.Errorf("got %s, %v; want %s", got, err, file)
		}
	}
	env["HF_HOME"], env["TORCH_HOME"] = filepath.Join(home, "hf [1]"), filepath.Join(home, "torch")
	file := filepath.Join(home, "hf [1]/hub/models--timm--resnet50.a1_in1k/snapshots/x/model.safetensors")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Find("resnet50", dir, getenv); err != nil || got != file {
		t.Errorf("got %s, %v; want %s", got, err, file)
	}

	// An older revision that was loaded later is not what "main" stands for.
	old := filepath.Join(home, "hf [1]/hub/models--timm--resnet50.a1_in1k/snapshots/old/model.safetensors")
	main := filepath.Join(home, "hf [1]/hub/models--timm--resnet50.a1_in1k/refs/main")
	for name, content := range map[string]string{old: "", main: "x\n"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Now(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, err := Find("resnet50", dir, getenv); err != nil || got != file {
		t.Errorf("got %s, %v; want %s", got, err, file)
	}
}
