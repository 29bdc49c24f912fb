package data

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDiskLeavesNothing fills the disk while images are decoded: that ends
// with a sentence, and what was taken of the disk is given back.
func TestFullDiskLeavesNothing(t *testing.T) {
	const size = 1 << 20
	d := hubData(t)
	d.ImageSize = 64 // 12 KiB an image, 20 images
	if err := syscall.Mount("tmpfs", d.Prepared, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("cannot mount a small file system: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(d.Prepared, 0); err != nil {
			t.Error(err)
		}
	})
	filler := filepath.Join(d.Prepared, "filler")
	_, err := Prepare(context.Background(), d, testTasks(), func(stage string, done, total int) {
		if stage == StageDecode && done == 2 {
			_ = os.WriteFile(filler, make([]byte, size), 0o600) // as much as there is room for
		}
	})
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(err.Error(), "MiB are needed") {
		t.Errorf("got %v", err)
	}
	if sets, err := Sets(d.Prepared); err != nil || len(sets) > 0 {
		t.Errorf("left behind: %v, %v", sets, err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	p, err := Prepare(t.Context(), d, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}
