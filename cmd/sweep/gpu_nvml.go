//go:build nvml && cgo && linux

package main

import (
	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// gpu watches the first GPU through NVIDIA's management library, which is loaded
// when the program runs: without a driver there is no watch and no error.
type gpu struct {
	lib    nvml.Interface
	device nvml.Device
}

// openGPU returns nil when no GPU answers.
func openGPU() *gpu { return watchGPU(nvml.New()) }

func watchGPU(lib nvml.Interface) *gpu {
	if lib.Init() != nvml.SUCCESS {
		return nil
	}
	device, ret := lib.DeviceGetHandleByIndex(0)
	if ret != nvml.SUCCESS {
		lib.Shutdown()
		return nil
	}
	return &gpu{lib, device}
}

// values is what the GPU does now: gpu (share of the time in which it works),
// gpu_memory and gpu_memory_total (bytes), gpu_temperature (°C), gpu_power (W).
// What it does not tell is left out.
func (g *gpu) values() run.Values {
	if g == nil {
		return nil
	}
	var values run.Values
	add := func(key string, v float64, ret nvml.Return) {
		if ret == nvml.SUCCESS {
			values = append(values, run.Value{Key: key, V: v})
		}
	}
	busy, ret := g.device.GetUtilizationRates()
	add("gpu", float64(busy.Gpu)/100, ret)
	memory, ret := g.device.GetMemoryInfo()
	add("gpu_memory", float64(memory.Used), ret)
	add("gpu_memory_total", float64(memory.Total), ret)
	heat, ret := g.device.GetTemperature(nvml.TEMPERATURE_GPU)
	add("gpu_temperature", float64(heat), ret)
	power, ret := g.device.GetPowerUsage()
	add("gpu_power", float64(power)/1000, ret)
	return values
}

// close lets go of the library.
func (g *gpu) close() {
	if g != nil {
		g.lib.Shutdown()
	}
}
