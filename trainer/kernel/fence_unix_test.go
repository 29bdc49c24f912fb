//go:build unix

package kernel

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// fenced returns n NaNs that end where a page begins that nobody may touch, and
// the values before them, after another such page. Reading or writing past the
// end ends the test binary.
func fenced(t testing.TB, n int) (out, before []float32) {
	t.Helper()
	page := unix.Getpagesize()
	size := blocks(4*n, page) * page
	all, err := unix.Mmap(-1, 0, size+2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Munmap(all); err != nil {
			t.Error(err)
		}
	})
	for _, fence := range [][]byte{all[:page], all[page+size:]} {
		if err := unix.Mprotect(fence, unix.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	if size == 0 {
		return nil, nil
	}
	floats := unsafe.Slice((*float32)(unsafe.Pointer(&all[page])), size/4)
	copy(floats, garbage(len(floats)))
	return floats[len(floats)-n:], floats[:len(floats)-n]
}
