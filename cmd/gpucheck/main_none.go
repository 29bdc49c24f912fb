//go:build !cuda

// Command gpucheck asks the CUDA driver what this machine's GPUs can do, tries
// them, and prints what it found as JSON. It links CUDA's driver library and so
// is a program of its own, in builds with the tag cuda only.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "this gpucheck was built without CUDA: make build-gpucheck builds the real one")
	os.Exit(1)
}
