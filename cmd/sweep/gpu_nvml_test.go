//go:build nvml && cgo && linux

package main

import (
	"slices"
	"testing"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func TestGPUTellsWhatItCan(t *testing.T) {
	device := &mock.Device{
		GetUtilizationRatesFunc: func() (nvml.Utilization, nvml.Return) {
			return nvml.Utilization{Gpu: 87}, nvml.SUCCESS
		},
		GetMemoryInfoFunc: func() (nvml.Memory, nvml.Return) {
			return nvml.Memory{Used: 21 << 30, Total: 139 << 30}, nvml.SUCCESS
		},
		GetTemperatureFunc: func(nvml.TemperatureSensors) (uint32, nvml.Return) { return 54, nvml.SUCCESS },
		GetPowerUsageFunc:  func() (uint32, nvml.Return) { return 0, nvml.ERROR_NOT_SUPPORTED },
	}
	closed := false
	g := watchGPU(&mock.Interface{
		InitFunc:                   func() nvml.Return { return nvml.SUCCESS },
		DeviceGetHandleByIndexFunc: func(int) (nvml.Device, nvml.Return) { return device, nvml.SUCCESS },
		ShutdownFunc:               func() nvml.Return { closed = true; return nvml.SUCCESS },
	})
	want := run.Values{
		{Key: "gpu", V: 0.87},
		{Key: "gpu_memory", V: 21 << 30},
		{Key: "gpu_memory_total", V: 139 << 30},
		{Key: "gpu_temperature", V: 54},
	}
	if got := g.values(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if g.close(); !closed {
		t.Error("the library was not let go of")
	}
}

// A machine without a driver, and one whose driver has no device, have no GPU to watch.
func TestNoGPU(t *testing.T) {
	shut := 0
	lib := &mock.Interface{
		InitFunc: func() nvml.Return { return nvml.SUCCESS },
		DeviceGetHandleByIndexFunc: func(int) (nvml.Device, nvml.Return) {
			return nil, nvml.ERROR_NOT_FOUND
		},
		ShutdownFunc: func() nvml.Return { shut++; return nvml.SUCCESS },
	}
	if watchGPU(lib) != nil || shut != 1 {
		t.Errorf("a driver without a device: shut down %d times", shut)
	}
	lib.InitFunc = func() nvml.Return { return nvml.ERROR_LIBRARY_NOT_FOUND }
	g := watchGPU(lib)
	if g != nil || g.values() != nil {
		t.Error("no driver, and yet a GPU")
	}
	g.close()
}
