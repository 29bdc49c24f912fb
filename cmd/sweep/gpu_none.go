//go:build !nvml || !cgo || !linux

package main

import (
	"errors"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// gpu is a GPU that is never there: NVIDIA's management library needs the build tag nvml
// and cgo.
type gpu struct{}

func openGPU() (*gpu, error) {
	return nil, errors.New("this build does not watch the GPU: make build-xla builds one that does")
}

func (*gpu) name() string { return "" }

func (*gpu) values(to run.Values) run.Values { return to }

func (*gpu) close() {}
