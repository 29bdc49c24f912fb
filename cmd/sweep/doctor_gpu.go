package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/cmd/internal/gpureport"
)

// gpucheckTime is for a driver that has to start eight GPUs first; one that runs takes two seconds.
const gpucheckTime = 60 * time.Second

// checkGPU tries the GPUs with gpucheck, one finding each. Without gpucheck it
// only looks for a driver.
func (e *env) checkGPU(ctx context.Context) []finding {
	path := findGPUCheck()
	if path == "" {
		if !driverLoaded() {
			return []finding{{what: "gpu", detail: "no NVIDIA driver is loaded: engine auto trains on the processor (engine host); for a GPU install the driver, and give a container its GPU (docker run --gpus all)"}}
		}
		return []finding{
			{ok: true, what: "gpu", detail: "an NVIDIA driver is loaded"},
			{what: "gpucheck", detail: "not beside this program and not on PATH, so the GPU was not tried: make build-gpucheck in a clone builds bin/gpucheck"},
			checkWatch(),
		}
	}
	if e.stderrTTY {
		const text = "trying the GPU…"
		fmt.Fprint(e.stderr, text)
		defer fmt.Fprintf(e.stderr, "\r%*s\r", len(text), "")
	}
	ctx, cancel := context.WithTimeout(ctx, gpucheckTime)
	defer cancel()
	report, err := gpureport.Run(ctx, path)
	if err != nil {
		return []finding{{what: "gpu", detail: err.Error()}}
	}
	if report.Error != "" {
		return []finding{{what: "gpu", detail: report.Error}}
	}
	found := []finding{{ok: true, what: "gpu", detail: "NVIDIA driver for CUDA " + report.Driver}}
	for _, d := range report.Devices {
		found = append(found, deviceFinding(d))
	}
	return append(found, checkWatch())
}

// checkWatch says whether the app can show what the GPU does.
func checkWatch() finding {
	g, err := openGPU()
	if err != nil {
		return finding{what: "gpu watch", detail: err.Error()}
	}
	defer g.close()
	return finding{ok: true, what: "gpu watch", detail: g.name()}
}

func deviceFinding(d gpureport.Device) finding {
	what := fmt.Sprintf("gpu %d", d.Index)
	if d.Error != "" {
		return finding{what: what, detail: d.Error}
	}
	const gib = 1 << 30
	parts := []string{
		fmt.Sprintf("%s, compute capability %s, %d multiprocessors", d.Name, d.ComputeCapability, d.SMs),
		fmt.Sprintf("%.1f of %.1f GiB free", float64(d.MemoryFree)/gib, float64(d.MemoryTotal)/gib),
	}
	if d.SelfTest {
		parts = append(parts, "self-test passed")
	}
	c := d.Copy
	parts = append(parts, fmt.Sprintf("copies at %.0f GB/s to it, %.0f from it, %.0f within", c.HostToDevice, c.DeviceToHost, c.DeviceToDevice))
	return finding{ok: true, what: what, detail: strings.Join(parts, "; ")}
}

// findGPUCheck returns the gpucheck beside this program, else that on PATH, else "".
func findGPUCheck() string {
	const name = "gpucheck"
	if self, err := os.Executable(); err == nil {
		path := filepath.Join(filepath.Dir(self), name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

// driverLoaded asks for an NVIDIA driver, by what it puts into the file system.
func driverLoaded() bool {
	for _, path := range []string{"/proc/driver/nvidia/version", "/dev/nvidiactl"} {
		if _, err := os.Stat(path); err == nil {
			return true
		}
	}
	return false
}
