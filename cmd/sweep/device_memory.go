package main

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

// freeDeviceMemory is how many bytes the GPU that CUDA calls 0 has free, and how
// many it has; !ok where nobody can tell. It asks nvidia-smi, which every driver
// brings and every build of this program can run.
func (e *env) freeDeviceMemory() (free, total int64, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	args := []string{"--query-gpu=memory.free,memory.total", "--format=csv,noheader,nounits"}
	first, _, _ := strings.Cut(e.getenv("CUDA_VISIBLE_DEVICES"), ",")
	if first = strings.TrimSpace(first); first == "" {
		first = "0"
	}
	out, err := exec.CommandContext(ctx, "nvidia-smi", append(args, "-i", first)...).Output()
	if err != nil {
		return 0, 0, false
	}
	line, _, _ := strings.Cut(string(out), "\n")
	a, b, _ := strings.Cut(line, ",")
	mib := func(s string) int64 {
		n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		if err != nil || n < 0 || n > 1<<40 {
			return 0
		}
		return n << 20
	}
	free, total = mib(a), mib(b)
	return free, total, total > 0
}

// freeMemoryOf is that for a device of the xla engine.
func (e *env) freeMemoryOf(d xla.Device) (free, total int64, ok bool) {
	if d.Platform != "cuda" {
		return 0, 0, false
	}
	return e.freeDeviceMemory()
}
