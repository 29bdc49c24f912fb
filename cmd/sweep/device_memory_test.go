package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

func TestFreeDeviceMemory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	e := &env{getenv: func(key string) string {
		if key == "CUDA_VISIBLE_DEVICES" {
			return "GPU-5f,1"
		}
		return ""
	}}
	if _, _, ok := e.freeDeviceMemory(); ok {
		t.Error("without nvidia-smi an answer was given")
	}
	for _, c := range []struct {
		says        string
		free, total int64
		ok          bool
	}{
		{`[ "$4" = GPU-5f ] && echo "1024, 81559"`, 1 << 30, 81559 << 20, true},
		{`echo "[N/A], [N/A]"`, 0, 0, false},
		{`echo "No devices were found"; exit 6`, 0, 0, false},
		{`echo`, 0, 0, false},
	} {
		if err := os.WriteFile(filepath.Join(dir, "nvidia-smi"), []byte("#!/bin/sh\n"+c.says+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		free, total, ok := e.freeMemoryOf(xla.Device{Platform: "cuda"})
		if free != c.free || total != c.total || ok != c.ok {
			t.Errorf("%s: %d of %d, %t", c.says, free, total, ok)
		}
		if _, _, ok := e.freeMemoryOf(xla.Device{Platform: "cpu"}); ok {
			t.Error("the GPU was asked about another device")
		}
	}
}
