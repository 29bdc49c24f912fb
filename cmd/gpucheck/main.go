//go:build cuda

// Command gpucheck asks the CUDA driver what this machine's GPUs can do, tries
// them, and prints what it found as JSON (see gpureport.Report). Where a GPU
// fails it says so in one sentence on stderr and ends with exit code 1.
//
// gorgonia.org/cu starts the driver before main: where that fails, its line on
// stdout and exit code 1 are all there is.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"

	"gorgonia.org/cu"

	"github.com/backbone-sweep/sweep/cmd/internal/gpureport"
)

func main() {
	runtime.LockOSThread() // a CUDA context belongs to a thread
	report := check()
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(report); err != nil {
		fmt.Fprintf(os.Stderr, "gpucheck: the report could not be written: %v\n", err)
		os.Exit(1)
	}
	if text := report.Failure(); text != "" {
		fmt.Fprintln(os.Stderr, "gpucheck: "+text)
		os.Exit(1)
	}
}

func check() *gpureport.Report {
	version := cu.Version()
	report := &gpureport.Report{
		Driver:  fmt.Sprintf("%d.%d", version/1000, version%1000/10),
		Devices: []gpureport.Device{},
	}
	if version < gpureport.MinDriver {
		report.Error = fmt.Sprintf("the NVIDIA driver knows CUDA %s, and %d.0 is the oldest that serves: install a newer NVIDIA driver", report.Driver, gpureport.MinDriver/1000)
		return report
	}
	n, err := cu.NumDevices()
	if err != nil {
		report.Error = failed("the GPUs cannot be counted", err).Error()
		return report
	}
	if n == 0 {
		report.Error = gpureport.Explain(cu.NoDevice.Error())
		return report
	}
	for i := range n {
		device := gpureport.Device{Index: i}
		if err := checkDevice(&device); err != nil {
			name := fmt.Sprintf("GPU %d", i)
			if device.Name != "" {
				name += " (" + device.Name + ")"
			}
			device.Error = name + ": " + err.Error()
		}
		report.Devices = append(report.Devices, device)
	}
	return report
}

// checkDevice fills in what it finds out before the first failure.
func checkDevice(d *gpureport.Device) error {
	dev, err := cu.GetDevice(d.Index)
	if err != nil {
		return failed("it cannot be opened", err)
	}
	if d.Name, err = dev.Name(); err != nil {
		return failed("it does not say its name", err)
	}
	if id, err := dev.UUID(); err == nil {
		d.UUID = "GPU-" + id.String()
	}
	major, minor, err := dev.ComputeCapability()
	if err != nil {
		return failed("it does not say its compute capability", err)
	}
	d.ComputeCapability = fmt.Sprintf("%d.%d", major, minor)
	if d.SMs, err = dev.Attribute(cu.MultiprocessorCount); err != nil {
		return failed("it does not say how many multiprocessors it has", err)
	}
	if d.MemoryTotal, err = dev.TotalMem(); err != nil {
		return failed("it does not say how much memory it has", err)
	}

	ctx, err := dev.MakeContext(cu.SchedAuto)
	if err != nil {
		return failed("it cannot be used", err)
	}
	defer ctx.Destroy()
	if d.MemoryFree, _, err = cu.MemInfo(); err != nil {
		return failed("it does not say how much memory is free", err)
	}
	if err := selfTest(); err != nil {
		return err
	}
	d.SelfTest = true
	d.Copy, err = measureCopies(d.MemoryFree)
	return err
}

// failed puts what was tried before a driver error and what mends it after.
func failed(what string, err error) error {
	return fmt.Errorf("%s: %s", what, gpureport.Explain(err.Error()))
}
