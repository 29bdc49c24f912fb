//go:build !linux

package main

import "golang.org/x/sys/unix"

// residentBytes is the most memory that this process has had in use: without
// cgo the system tells no more. macOS counts in bytes.
func residentBytes() (int64, bool) {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0, false
	}
	return int64(u.Maxrss), true
}
