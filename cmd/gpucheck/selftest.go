//go:build cuda

package main

import (
	_ "embed"
	"fmt"
	"unsafe"

	"gorgonia.org/cu"
)

//go:embed saxpy.ptx
var kernel string

const (
	testValues  = 1_000_003 // no multiple of a block: the last one is partly idle
	blockSize   = 256
	testFactor  = 3
	testPattern = 1 << 12 // with it all results are integers that float32 holds
)

// selfTest compiles a kernel for the current device, runs it and compares every value.
func selfTest() error {
	module, err := cu.LoadData(kernel)
	if err != nil {
		return failed("the self-test's kernel cannot be loaded", err)
	}
	defer module.Unload()
	saxpy, err := module.Function("saxpy")
	if err != nil {
		return failed("the self-test's kernel cannot be loaded", err)
	}

	x, y := make([]float32, testValues), make([]float32, testValues)
	for i := range x {
		x[i], y[i] = float32(i%testPattern), float32(i)
	}
	dx, err := upload(x)
	if err != nil {
		return err
	}
	defer cu.MemFree(dx)
	dy, err := upload(y)
	if err != nil {
		return err
	}
	defer cu.MemFree(dy)

	// Launch reads eight bytes of each argument.
	factor, n := [2]float32{testFactor}, uint64(testValues)
	grid := (testValues + blockSize - 1) / blockSize
	err = saxpy.Launch(grid, 1, 1, blockSize, 1, 1, 0, cu.NoStream, []unsafe.Pointer{
		unsafe.Pointer(&dy), unsafe.Pointer(&dx), unsafe.Pointer(&factor), unsafe.Pointer(&n),
	})
	if err == nil {
		err = cu.Synchronize()
	}
	if err != nil {
		return failed("the self-test's kernel does not run", err)
	}

	got := make([]float32, testValues)
	if err := cu.MemcpyDtoH(unsafe.Pointer(&got[0]), dy, bytesOf(got)); err != nil {
		return failed("the self-test's result cannot be read", err)
	}
	wrong, first := 0, 0
	for i := range got {
		if got[i] != testFactor*x[i]+y[i] {
			if wrong == 0 {
				first = i
			}
			wrong++
		}
	}
	if wrong > 0 {
		return fmt.Errorf("the self-test got %d of %d values wrong, the first at %d (%v, not %v): do not train on this GPU; nvidia-smi -q and dmesg say more",
			wrong, testValues, first, got[first], testFactor*x[first]+y[first])
	}
	return nil
}

func upload(v []float32) (cu.DevicePtr, error) {
	p, err := cu.MemAlloc(bytesOf(v))
	if err != nil {
		return 0, failed(fmt.Sprintf("no %d MiB for the self-test", bytesOf(v)>>20), err)
	}
	if err := cu.MemcpyHtoD(p, unsafe.Pointer(&v[0]), bytesOf(v)); err != nil {
		cu.MemFree(p)
		return 0, failed("nothing can be copied to it", err)
	}
	return p, nil
}

func bytesOf(v []float32) int64 { return int64(len(v)) * 4 }
