package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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
	found := []finding{{ok: true, what: "gpu", detail: fmt.Sprintf("NVIDIA driver for CUDA %s: the plugin of jax[%s] runs on it", report.Driver, pluginFor(report))}}
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

// pluginFor names the extra of the jax package whose plugin runs on this driver
// and on all of its GPUs: that of CUDA 13 needs a driver that knows it, and
// compute capability 7.5.
func pluginFor(report *gpureport.Report) string {
	if versionNumber(report.Driver) < 13 {
		return "cuda12"
	}
	for _, d := range report.Devices {
		if d.ComputeCapability != "" && versionNumber(d.ComputeCapability) < 7.5 {
			return "cuda12"
		}
	}
	return "cuda13"
}

// versionNumber reads "9.0"; minor versions of CUDA and of compute capabilities have one digit.
func versionNumber(text string) float64 {
	v, _ := strconv.ParseFloat(text, 64)
	return v
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
	if versionNumber(d.ComputeCapability) < 8 {
		parts = append(parts, "no TF32 and no bf16")
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
