//go:build fakecuda

package main

import (
	"context"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/cmd/internal/gpureport"
)

// binaries are those that make build-gpucheck leaves, one for the headers of each CUDA.
var binaries = []string{"../../bin/gpucheck", "../../bin/gpucheck-13"}

//go:embed testdata/fakecuda.c
var fakeCUDA string

// driver builds a CUDA driver from C where the loader finds it first.
func driver(t *testing.T, source string) {
	t.Helper()
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "gcc"
	}
	dir := t.TempDir()
	cmd := exec.Command(cc, "-O2", "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-x", "c", "-o", filepath.Join(dir, "libcuda.so.1"), "-")
	cmd.Stdin = strings.NewReader(source)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cc, err, out)
	}
	t.Setenv("LD_LIBRARY_PATH", dir)
	t.Setenv("LD_BIND_NOW", "") // the fake driver has what is called, and no more
}

func ask(t *testing.T, path string) (*gpureport.Report, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return gpureport.Run(ctx, path)
}

func TestFindsAGoodGPU(t *testing.T) {
	driver(t, fakeCUDA)
	for _, path := range binaries {
		r, err := ask(t, path)
		if err != nil {
			t.Fatal(err)
		}
		if r.Driver != "13.0" || r.Failure() != "" || len(r.Devices) != 1 {
			t.Fatalf("%s: %+v", path, r)
		}
		d := r.Devices[0]
		for _, speed := range []float64{d.Copy.HostToDevice, d.Copy.DeviceToHost, d.Copy.DeviceToDevice} {
			if speed < 0.01 || speed > 1e4 {
				t.Errorf("%s: %v GB/s", path, speed)
			}
		}
		d.Copy = gpureport.Copy{}
		want := gpureport.Device{
			Name: "Fake GPU", UUID: "GPU-abababab-abab-abab-abab-abababababab", ComputeCapability: "9.0", SMs: 4,
			MemoryTotal: 96 << 20, MemoryFree: 80 << 20, SelfTest: true,
		}
		if d != want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", path, d, want)
		}
		var stderr strings.Builder
		cmd := exec.Command(path)
		cmd.Stderr = &stderr
		if err := cmd.Run(); err != nil || stderr.Len() > 0 { // the fake driver says when not all memory was freed
			t.Errorf("%s: %v: %s", path, err, stderr.String())
		}
	}
}

// What goes wrong ends in one sentence and exit code 1, whether gpucheck has
// come far enough to write a report or not.
func TestSaysWhatFails(t *testing.T) {
	driver(t, fakeCUDA)
	for fault, want := range map[string]string{
		"wrong values":    "GPU 0 (Fake GPU): the self-test got 2 of 1000003 values wrong, the first at 12345 (12517, not 12516): do not train on this GPU; nvidia-smi -q and dmesg say more",
		"little memory":   "GPU 0 (Fake GPU): no 3 MiB for the self-test: OutOfMemory: something else uses this GPU: nvidia-smi shows what",
		"nothing to lock": "GPU 0 (Fake GPU): no 20 MiB of page-locked memory on the host for the copy test: OutOfMemory",
		"held":            "GPU 0 (Fake GPU): it cannot be used: UnknownErrorCode:46: another process holds the GPU for itself",
		"old ptx":         "GPU 0 (Fake GPU): the self-test's kernel cannot be loaded: UnknownErrorCode:222: the driver is too old",
		"illegal address": "GPU 0 (Fake GPU): the self-test's kernel does not run: IllegalAddress",
		"old driver":      "the NVIDIA driver knows CUDA 11.4, and 12.0 is the oldest that serves: install a newer NVIDIA driver",
		"no device":       "the CUDA driver does not start: NoDevice: the driver sees no GPU",
		"driver mismatch": "the CUDA driver does not start: SystemDriverMismatch: the driver's library and its kernel module are of different versions",
		"crash":           "ended without a report (exit status 2): SIGABRT: abort",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Setenv("FAKE_CUDA", fault)
			for _, path := range binaries {
				got := ""
				if r, err := ask(t, path); err != nil {
					got = err.Error()
				} else {
					got = r.Failure()
				}
				if !strings.Contains(got, want) || strings.Contains(got, "\n") {
					t.Errorf("%s:\ngot  %s\nwant %s", path, got, want)
				}
				if err := exec.Command(path).Run(); err == nil {
					t.Errorf("%s: exit code 0", path)
				}
			}
		})
	}
}

func TestDriverThatHangs(t *testing.T) {
	driver(t, fakeCUDA)
	t.Setenv("FAKE_CUDA", "hang")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if r, err := gpureport.Run(ctx, binaries[0]); err == nil || !strings.Contains(err.Error(), "gave no answer in time") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestNoDriver(t *testing.T) {
	if exec.Command(binaries[0]).Run() == nil {
		t.Skip("this machine has a GPU")
	}
	for _, path := range binaries {
		_, err := ask(t, path)
		if err == nil || !strings.HasPrefix(err.Error(), "libcuda.so.1 is not found: install the NVIDIA driver") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A driver that lacks a call stops the program when it gets there.
func TestDriverWithoutACall(t *testing.T) {
	driver(t, "int cuInit(unsigned flags) { return 0; }")
	_, err := ask(t, binaries[0])
	if err == nil || !strings.Contains(err.Error(), "the NVIDIA driver is too old for ../../bin/gpucheck (it has no cuDriverGetVersion)") {
		t.Error(err)
	}
}
