//go:build nvml && cgo && linux

package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock"

	"github.com/backbone-sweep/sweep/sweep/run"
)

const (
	gib  = 1 << 30
	self = 4711 // the process that is watched
)

// machine is a machine with GPUs, as the library shows it.
type machine struct {
	gpus []*mock.Device
	shut int
}

func newMachine(names ...string) *machine {
	m := &machine{}
	for i, name := range names {
		d := bare()
		d.GetNameFunc = func() (string, nvml.Return) { return name, nvml.SUCCESS }
		d.GetIndexFunc = func() (int, nvml.Return) { return i, nvml.SUCCESS }
		d.GetUUIDFunc = func() (string, nvml.Return) { return fmt.Sprintf("GPU-%08x-aaaa", i), nvml.SUCCESS }
		m.gpus = append(m.gpus, d)
	}
	return m
}

// bare is a device that tells nothing.
func bare() *mock.Device {
	none := nvml.ERROR_NOT_SUPPORTED
	return &mock.Device{
		GetNameFunc:                    func() (string, nvml.Return) { return "", none },
		GetIndexFunc:                   func() (int, nvml.Return) { return 0, none },
		GetUUIDFunc:                    func() (string, nvml.Return) { return "", none },
		GetEnforcedPowerLimitFunc:      func() (uint32, nvml.Return) { return 0, none },
		GetUtilizationRatesFunc:        func() (nvml.Utilization, nvml.Return) { return nvml.Utilization{}, none },
		GetMemoryInfoFunc:              func() (nvml.Memory, nvml.Return) { return nvml.Memory{}, none },
		GetTemperatureFunc:             func(nvml.TemperatureSensors) (uint32, nvml.Return) { return 0, none },
		GetPowerUsageFunc:              func() (uint32, nvml.Return) { return 0, none },
		GetComputeRunningProcessesFunc: func() ([]nvml.ProcessInfo, nvml.Return) { return nil, none },
	}
}

// uses makes a process occupy memory of GPU i.
func (m *machine) uses(i int, processes ...nvml.ProcessInfo) {
	m.gpus[i].GetComputeRunningProcessesFunc = func() ([]nvml.ProcessInfo, nvml.Return) { return processes, nvml.SUCCESS }
}

func (m *machine) lib() nvml.Interface {
	return &mock.Interface{
		InitFunc:           func() nvml.Return { return nvml.SUCCESS },
		ShutdownFunc:       func() nvml.Return { m.shut++; return nvml.SUCCESS },
		DeviceGetCountFunc: func() (int, nvml.Return) { return len(m.gpus), nvml.SUCCESS },
		DeviceGetHandleByIndexFunc: func(i int) (nvml.Device, nvml.Return) {
			if i >= len(m.gpus) {
				return nil, nvml.ERROR_INVALID_ARGUMENT
			}
			return m.gpus[i], nvml.SUCCESS
		},
		DeviceGetHandleByUUIDFunc: func(id string) (nvml.Device, nvml.Return) {
			if id != "MIG-1" {
				return nil, nvml.ERROR_NOT_FOUND
			}
			d := bare()
			d.GetNameFunc = func() (string, nvml.Return) { return "a slice", nvml.SUCCESS }
			return d, nvml.SUCCESS
		},
	}
}

func TestGPUTellsWhatItCan(t *testing.T) {
	m := newMachine("NVIDIA H200")
	d := m.gpus[0]
	d.GetUtilizationRatesFunc = func() (nvml.Utilization, nvml.Return) { return nvml.Utilization{Gpu: 87}, nvml.SUCCESS }
	d.GetMemoryInfoFunc = func() (nvml.Memory, nvml.Return) {
		return nvml.Memory{Used: 21 * gib, Total: 139 * gib}, nvml.SUCCESS
	}
	d.GetTemperatureFunc = func(nvml.TemperatureSensors) (uint32, nvml.Return) { return 54, nvml.SUCCESS }
	d.GetEnforcedPowerLimitFunc = func() (uint32, nvml.Return) { return 700_000, nvml.SUCCESS }
	m.uses(0, nvml.ProcessInfo{Pid: 1, UsedGpuMemory: 12 * gib}, nvml.ProcessInfo{Pid: self, UsedGpuMemory: 9 * gib})
	g, err := watchGPU(m.lib(), "0", self)
	if err != nil {
		t.Fatal(err)
	}
	want := run.Values{
		{Key: "cpu", V: 1},
		{Key: "gpu", V: 0.87},
		{Key: "gpu_index", V: 0},
		{Key: "gpu_memory", V: 21 * gib},
		{Key: "gpu_memory_total", V: 139 * gib},
		{Key: "gpu_memory_run", V: 9 * gib},
		{Key: "gpu_temperature", V: 54},
		{Key: "gpu_power_limit", V: 700},
	}
	if got := g.values(run.Values{{Key: "cpu", V: 1}}); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if g.name() != "NVIDIA H200" {
		t.Error(g.name())
	}
	if g.close(); m.shut != 1 {
		t.Error("the library was not let go of")
	}
}

func TestGPUThatCUDAShows(t *testing.T) {
	for list, want := range map[string]string{
		"0":                          "A",
		" 1 ,0":                      "B",
		"GPU-00000002-aaaa":          "C",
		"GPU-00000001,GPU-00000002":  "B",
		"MIG-1":                      "a slice",
		"":                           "shows this process no GPU",
		"-1":                         "shows this process no GPU",
		"none":                       "shows this process no GPU",
		"3":                          "GPU 3 does not answer",
		"GPU-00000009":               "begins with GPU-00000009, which is not there",
		"MIG-2":                      "begins with MIG-2, which is not there",
		"GPU-00000003-gone,GPU-0000": "begins with GPU-00000003-gone, which is not there",
	} {
		m := newMachine("A", "B", "C")
		g, err := watchGPU(m.lib(), list, self)
		if err != nil {
			if !strings.Contains(err.Error(), want) || m.shut != 1 {
				t.Errorf("%q: %v, shut down %d times; want %s", list, err, m.shut, want)
			}
			continue
		}
		if g.name() != want {
			t.Errorf("%q watches %s, want %s", list, g.name(), want)
		}
	}
}

// Where CUDA counts otherwise than the library, the process's own memory says
// which GPU it is on, from when it has some.
func TestGPUThatTheProcessIsOn(t *testing.T) {
	m := newMachine("slow", "fast", "other")
	g, err := watchGPU(m.lib(), "0", self)
	if err != nil {
		t.Fatal(err)
	}
	m.uses(0, nvml.ProcessInfo{Pid: 1, UsedGpuMemory: gib})
	m.uses(1)
	if got := g.values(nil); g.name() != "slow" || slices.ContainsFunc(got, func(v run.Value) bool { return v.Key == "gpu_memory_run" }) {
		t.Errorf("before it computes: %s, %v", g.name(), got)
	}
	m.uses(1, nvml.ProcessInfo{Pid: self, UsedGpuMemory: 2 * gib})
	if got := g.values(nil); g.name() != "fast" || !slices.Contains(got, run.Value{Key: "gpu_memory_run", V: 2 * gib}) || !slices.Contains(got, run.Value{Key: "gpu_index", V: 1}) {
		t.Errorf("when it computes: %s, %v", g.name(), got)
	}
	asked := len(m.gpus[2].GetComputeRunningProcessesCalls()) + len(m.gpus[0].GetComputeRunningProcessesCalls())
	if g.values(nil); len(m.gpus[2].GetComputeRunningProcessesCalls())+len(m.gpus[0].GetComputeRunningProcessesCalls()) != asked {
		t.Error("other GPUs are asked although the process was found")
	}
	m.uses(1, nvml.ProcessInfo{Pid: self, UsedGpuMemory: 1<<64 - 1})
	if got := g.values(nil); slices.ContainsFunc(got, func(v run.Value) bool { return v.Key == "gpu_memory_run" }) {
		t.Errorf("memory that the library does not know: %v", got)
	}
}

// A run is on the GPU from when its engine is known, and on the host engine never.
func TestGPUOfARun(t *testing.T) {
	for engine, want := range map[string]string{"xla": "NVIDIA H200", "host": ""} {
		synctest.Test(t, func(t *testing.T) {
			m := newMachine("NVIDIA H200")
			w := &eventWriter{w: io.Discard, now: time.Now}
			ctx, cancel := context.WithCancel(t.Context())
			go reportLoad(ctx, w.emit, w.onEngine, func() (*gpu, error) { return watchGPU(m.lib(), "0", self) })
			time.Sleep(loadPeriod + 1)
			w.emit(run.Event{Type: run.EventState, State: run.Running, Provenance: &run.Provenance{Engine: engine}})
			time.Sleep(loadPeriod)
			cancel()
			synctest.Wait()
			var names []string
			for _, ev := range w.unstored() {
				if ev.Type == run.EventMachine {
					names = append(names, ev.Message)
				}
			}
			if !slices.Equal(names, []string{"", want}) {
				t.Errorf("engine %s: the machine events name the GPUs %q", engine, names)
			}
			if want != "" && m.shut != 1 {
				t.Error("the library was not let go of")
			}
		})
	}
}

func TestNoGPU(t *testing.T) {
	lib := &mock.Interface{InitFunc: func() nvml.Return { return nvml.ERROR_LIBRARY_NOT_FOUND }}
	g, err := watchGPU(lib, "0", self)
	if err == nil || !strings.Contains(err.Error(), "management library does not start") {
		t.Errorf("no driver: %v", err)
	}
	if got := g.values(nil); got != nil || g.name() != "" {
		t.Errorf("no driver, and yet %s with %v", g.name(), got)
	}
	g.close()
}
