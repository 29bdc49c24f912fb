//go:build !nvml || !cgo || !linux

package main

import "github.com/backbone-sweep/sweep/sweep/run"

// gpu is a GPU that is never there: NVIDIA's management library needs the build tag nvml
// and cgo.
type gpu struct{}

func openGPU() *gpu { return nil }

func (*gpu) values() run.Values { return nil }

func (*gpu) close() {}
