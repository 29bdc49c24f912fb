//go:build cuda

package main

// #include <cuda.h>
import "C"

import (
	"fmt"
	"unsafe"

	"gorgonia.org/cu"
)

// lockedMemory is size bytes of the host's memory that the device reads itself;
// gorgonia.org/cu frees such memory but has no call to get it. Pages that are
// not locked are copied twice, which halves the speed.
func lockedMemory(size int64) (unsafe.Pointer, error) {
	var p unsafe.Pointer
	switch code := C.cuMemAllocHost(&p, C.size_t(size)); code {
	case C.CUDA_SUCCESS:
		return p, nil
	case C.CUDA_ERROR_OUT_OF_MEMORY:
		return nil, cu.OutOfMemory
	default:
		return nil, fmt.Errorf("UnknownErrorCode:%d", code)
	}
}
