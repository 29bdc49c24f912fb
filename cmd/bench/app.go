package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// appOptions say what of the terminal app is measured, and how often.
type appOptions struct {
	program string  // sweep; empty: built from this module
	runs    int     // in the large store
	points  int     // of each
	rounds  int     // starts of the app
	seconds float64 // of each look at a stream
	rate    float64 // steps per second of each run that streams
}

// figure is a row of the table: a quantity and what was measured of it.
type figure struct {
	what   string
	unit   string
	target string
	values []float64
}

// appTable measures the app in a pseudo-terminal, against a real supervisor.
func appTable(ctx context.Context, o appOptions) (err error) {
	dir, err := os.MkdirTemp("", "sweep-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.program == "" {
		o.program = filepath.Join(dir, "sweep")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", o.program, "./cmd/sweep")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build ./cmd/sweep: %w", err)
		}
	}
	b := &appBench{o: o, dir: dir}
	for _, part := range []func(context.Context) error{b.largeStore, b.manyRuns, b.streams} {
		if err := part(ctx); err != nil {
			return err
		}
	}

	fmt.Printf("The app on %s/%s, %s, %d processors (load %s), %s; store of %d runs × %d steps;\n",
		runtime.GOOS, runtime.GOARCH, processor(), runtime.NumCPU(), load(), runtime.Version(), o.runs, o.points)
	fmt.Println("times from the start of the process to the output in the pseudo-terminal.")
	fmt.Println()
	fmt.Println("| measured | unit | median | best | worst | n | target |")
	fmt.Println("|---|---|--:|--:|--:|--:|--:|")
	for _, f := range b.figures {
		slices.Sort(f.values)
		n := len(f.values)
		middle := (f.values[(n-1)/2] + f.values[n/2]) / 2
		fmt.Printf("| %s | %s | %s | %s | %s | %d | %s |\n",
			f.what, f.unit, digits(middle), digits(f.values[0]), digits(f.values[n-1]), n, f.target)
	}
	return nil
}

// digits writes a figure with as many as mean something.
func digits(v float64) string {
	if v >= 100 || v == 0 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// processor is the name of the machine's, as far as it is known.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// load is how many processes wanted a processor in the last minute.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return cmp.Or(first, "unknown")
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }
