//go:build cuda

package main

import (
	"fmt"
	"slices"
	"time"
	"unsafe"

	"gorgonia.org/cu"

	"github.com/backbone-sweep/sweep/cmd/internal/gpureport"
)

const (
	copyBytes  = 256 << 20 // far beyond every cache
	copyRounds = 7         // timed ones, of which the median counts; one more goes first
	// copiesInside are started before the clock is read: one alone takes less than 0.2 ms.
	copiesInside = 8
)

// measureCopies times copies to, from and within the current device, of which
// free bytes are free.
func measureCopies(free int64) (speed gpureport.Copy, err error) {
	size := max(1<<20, min(copyBytes, free/4)&^(1<<20-1))
	mib := fmt.Sprintf("%d MiB", size>>20)
	a, err := cu.MemAlloc(size)
	if err != nil {
		return speed, failed("no "+mib+" for the copy test", err)
	}
	defer cu.MemFree(a)
	b, err := cu.MemAlloc(size)
	if err != nil {
		return speed, failed("no "+mib+" for the copy test", err)
	}
	defer cu.MemFree(b)
	host, err := lockedMemory(size)
	if err != nil {
		return speed, failed("no "+mib+" of page-locked memory on the host for the copy test", err)
	}
	defer cu.MemFreeHost(host)
	clear(unsafe.Slice((*byte)(host), size))

	for _, m := range []struct {
		what  string
		bytes int64
		into  *float64
		copy  func() error
	}{
		{"to it", size, &speed.HostToDevice, func() error { return cu.MemcpyHtoD(a, host, size) }},
		{"from it", size, &speed.DeviceToHost, func() error { return cu.MemcpyDtoH(host, a, size) }},
		{"within it", 2 * copiesInside * size, &speed.DeviceToDevice, func() error {
			for range copiesInside {
				if err := cu.MemcpyDtoD(b, a, size); err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		seconds, err := median(m.copy)
		if err != nil {
			return speed, failed("copying "+m.what+" fails", err)
		}
		*m.into = float64(m.bytes) / seconds / 1e9
	}
	return speed, nil
}

// median is how long f and what it started on the device take, in seconds.
func median(f func() error) (float64, error) {
	var took []float64
	for range 1 + copyRounds {
		start := time.Now()
		if err := f(); err != nil {
			return 0, err
		}
		if err := cu.Synchronize(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(start).Seconds())
	}
	took = took[1:]
	slices.Sort(took)
	return took[len(took)/2], nil
}
