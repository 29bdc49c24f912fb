package fetch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// FreeSpace is how many bytes the disk of a folder has free for this user.
func FreeSpace(dir string) (int64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return 0, &os.PathError{Op: "statfs", Path: dir, Err: err}
	}
	return int64(fs.Bavail) * int64(fs.Bsize), nil
}

// disk turns an error of the disk into a sentence.
func (d *download) disk(err error) error {
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return fmt.Errorf("fetch %s: the disk of %s is full: free some, then the same command goes on: %w", d.r.URL, filepath.Dir(d.r.Path), err)
	}
	return fmt.Errorf("fetch %s: %w", d.r.URL, err)
}

// spare is what a download leaves free on the disk, in bytes.
const spare = 16 << 20

// roomFor wants n bytes free.
func (d *download) roomFor(n int64) error {
	if d.c.Free == nil || n <= 0 {
		return nil
	}
	dir := filepath.Dir(d.r.Path)
	free, err := d.c.Free(dir)
	if err != nil {
		return fmt.Errorf("fetch %s: free space of %s: %w", d.r.URL, dir, err)
	}
	if n+spare > free {
		return fmt.Errorf("fetch %s: %s are to come and %s has %s free: free some, or choose another folder", d.r.URL, size(n), dir, size(free))
	}
	return nil
}
