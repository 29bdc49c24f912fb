package main

import (
	"context"
	"time"

	"golang.org/x/sys/unix"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// loadPeriod is how often a worker reports what it uses of the machine.
const loadPeriod = 5 * time.Second

// reportLoad emits a machine event every loadPeriod until ctx ends: the cores
// that this process keeps busy (cpu; 1 is one core), its memory in bytes (rss),
// and what the GPU does once engine says that the run is on one.
func reportLoad(ctx context.Context, emit func(run.Event), engine func() string, open func() (*gpu, error)) {
	tick := time.NewTicker(loadPeriod)
	defer tick.Stop()
	var device *gpu
	defer func() { device.close() }()
	looked := false
	last, at := processorTime(), time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if !looked && engine() == "xla" {
				device, _ = open() // doctor says why there is none
				looked = true
			}
			used := processorTime()
			values := make(run.Values, 0, 10)
			values = append(values, run.Value{Key: "cpu", V: (used - last).Seconds() / now.Sub(at).Seconds()})
			if rss, ok := residentBytes(); ok {
				values = append(values, run.Value{Key: "rss", V: float64(rss)})
			}
			values = device.values(values)
			last, at = used, now
			emit(run.Event{Type: run.EventMachine, Message: device.name(), Values: values})
		}
	}
}

// processorTime is what all threads of this process have used.
func processorTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
