//go:build nvml && cgo && linux

package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// gpu watches the GPU that this process computes on through NVIDIA's management
// library, which is loaded when the program runs.
type gpu struct {
	lib     nvml.Interface
	pid     uint32
	watched watchedGPU
	others  []nvml.Device // where this process may turn up instead; nil once it is found
}

// watchedGPU is a GPU with what does not change of it.
type watchedGPU struct {
	device nvml.Device
	name   string
	index  float64 // as nvidia-smi counts; -1: it does not say
	limit  float64 // W; 0: it does not say
}

// openGPU fails when no GPU answers.
func openGPU() (*gpu, error) {
	list, listed := os.LookupEnv("CUDA_VISIBLE_DEVICES")
	if !listed {
		list = "0"
	}
	return watchGPU(nvml.New(), list, os.Getpid())
}

// watchGPU watches the first GPU of a list as CUDA_VISIBLE_DEVICES has it.
func watchGPU(lib nvml.Interface, visible string, pid int) (*gpu, error) {
	if ret := lib.Init(); ret != nvml.SUCCESS {
		return nil, fmt.Errorf("NVIDIA's management library does not start: %v: see whether nvidia-smi answers", ret)
	}
	device, err := firstVisible(lib, visible)
	if err != nil {
		lib.Shutdown()
		return nil, err
	}
	g := &gpu{lib: lib, pid: uint32(pid), watched: look(device)}
	if n, ret := lib.DeviceGetCount(); ret == nvml.SUCCESS && n > 1 {
		g.others = allDevices(lib, n)
	}
	return g, nil
}

// firstVisible finds the GPU that CUDA calls 0. CUDA stops reading at the first
// entry that is no device, so only the first one counts.
func firstVisible(lib nvml.Interface, visible string) (nvml.Device, error) {
	first, _, _ := strings.Cut(visible, ",")
	first = strings.TrimSpace(first)
	if index, err := strconv.Atoi(first); err == nil && index >= 0 {
		device, ret := lib.DeviceGetHandleByIndex(index)
		if ret != nvml.SUCCESS {
			return nil, fmt.Errorf("GPU %d does not answer: %v: nvidia-smi -L lists those that do", index, ret)
		}
		return device, nil
	}
	if strings.HasPrefix(first, "MIG-") {
		if device, ret := lib.DeviceGetHandleByUUID(first); ret == nvml.SUCCESS {
			return device, nil
		}
	} else if strings.HasPrefix(first, "GPU-") { // CUDA takes as much of it as is unique
		n, _ := lib.DeviceGetCount()
		for _, device := range allDevices(lib, n) {
			if id, ret := device.GetUUID(); ret == nvml.SUCCESS && strings.HasPrefix(id, first) {
				return device, nil
			}
		}
	} else {
		return nil, errors.New("CUDA_VISIBLE_DEVICES shows this process no GPU")
	}
	return nil, fmt.Errorf("CUDA_VISIBLE_DEVICES begins with %s, which is not there: nvidia-smi -L lists the GPUs", first)
}

func allDevices(lib nvml.Interface, n int) []nvml.Device {
	var all []nvml.Device
	for i := range n {
		if device, ret := lib.DeviceGetHandleByIndex(i); ret == nvml.SUCCESS {
			all = append(all, device)
		}
	}
	return all
}

func look(device nvml.Device) watchedGPU {
	w := watchedGPU{device: device, index: -1}
	w.name, _ = device.GetName()
	if index, ret := device.GetIndex(); ret == nvml.SUCCESS {
		w.index = float64(index)
	}
	if limit, ret := device.GetEnforcedPowerLimit(); ret == nvml.SUCCESS {
		w.limit = float64(limit) / 1000
	}
	return w
}

// name is the GPU's, as "NVIDIA H200"; empty where none is watched.
func (g *gpu) name() string {
	if g == nil {
		return ""
	}
	return g.watched.name
}

// values appends what the GPU does now: gpu (share of the time in which it
// works), gpu_index, gpu_memory, gpu_memory_total and gpu_memory_run (bytes; the
// last is this process's), gpu_temperature (°C), gpu_power and gpu_power_limit
// (W). What it does not tell is left out.
func (g *gpu) values(to run.Values) run.Values {
	if g == nil {
		return to
	}
	own, known := g.ownMemory()
	add := func(key string, v float64, ok bool) {
		if ok {
			to = append(to, run.Value{Key: key, V: v})
		}
	}
	w := &g.watched
	busy, ret := w.device.GetUtilizationRates()
	add("gpu", float64(busy.Gpu)/100, ret == nvml.SUCCESS)
	add("gpu_index", w.index, w.index >= 0)
	memory, ret := w.device.GetMemoryInfo()
	add("gpu_memory", float64(memory.Used), ret == nvml.SUCCESS)
	add("gpu_memory_total", float64(memory.Total), ret == nvml.SUCCESS)
	add("gpu_memory_run", own, known)
	heat, ret := w.device.GetTemperature(nvml.TEMPERATURE_GPU)
	add("gpu_temperature", float64(heat), ret == nvml.SUCCESS)
	power, ret := w.device.GetPowerUsage()
	add("gpu_power", float64(power)/1000, ret == nvml.SUCCESS)
	add("gpu_power_limit", w.limit, w.limit > 0)
	return to
}

// ownMemory is what this process has on the watched GPU. The first time that it
// is found on another one that one is watched from then on: unless
// CUDA_DEVICE_ORDER says PCI_BUS_ID, CUDA's 0 is the fastest GPU, not the first.
// Within a container the library may count processes otherwise than the
// container; then this process is never found.
func (g *gpu) ownMemory() (bytes float64, ok bool) {
	if bytes, ok = memoryOf(g.pid, g.watched.device); ok {
		g.others = nil
		return bytes, true
	}
	for _, device := range g.others {
		if bytes, ok = memoryOf(g.pid, device); ok {
			g.watched, g.others = look(device), nil
			return bytes, true
		}
	}
	return 0, false
}

func memoryOf(pid uint32, device nvml.Device) (bytes float64, ok bool) {
	processes, ret := device.GetComputeRunningProcesses()
	if ret != nvml.SUCCESS {
		return 0, false
	}
	const unknown = 1<<64 - 1
	for _, p := range processes {
		if p.Pid == pid && p.UsedGpuMemory != unknown {
			return float64(p.UsedGpuMemory), true
		}
	}
	return 0, false
}

// close lets go of the library.
func (g *gpu) close() {
	if g != nil {
		g.lib.Shutdown()
	}
}
