package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/trainer"
)

func newDoctor(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine can run",
		Args:  needs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var rows [][]string
			for _, check := range []func() finding{
				e.checkEngine("host"), e.checkEngine("xla"), checkGPU, checkMemory,
				func() finding { return e.checkStore(cmd.Context()) }, e.checkDisk, e.checkTerminal,
			} {
				f := check()
				mark := "ok"
				if !f.ok {
					mark = "missing"
				}
				rows = append(rows, []string{mark, f.what, f.detail})
			}
			return writeColumns(e.stdout, rows)
		},
	}
}

// finding is one line of doctor: what is there, or what is missing and how to mend it.
type finding struct {
	ok     bool
	what   string
	detail string
}

func (e *env) checkEngine(name string) func() finding {
	return func() finding {
		eng, err := trainer.OpenEngine(name)
		if err != nil {
			return finding{what: "engine " + name, detail: err.Error()}
		}
		defer eng.Close()
		return finding{true, "engine " + name, eng.Device()}
	}
}

// checkGPU asks for an NVIDIA driver, by what it puts into the file system.
func checkGPU() finding {
	for _, path := range []string{"/proc/driver/nvidia/version", "/dev/nvidiactl"} {
		if _, err := os.Stat(path); err == nil {
			return finding{true, "gpu", "an NVIDIA driver is loaded; this program trains on the processor all the same"}
		}
	}
	return finding{what: "gpu", detail: "no NVIDIA driver is loaded; runs train on the processor (engine host)"}
}

// checkMemory compares what is free with what the largest backbone needs at 224 px, batch 16.
func checkMemory() finding {
	free := freeMemory()
	if free == 0 {
		return finding{true, "memory", "this system does not say how much is free"}
	}
	const need = 5 << 30
	f := finding{free >= need, "memory", fmt.Sprintf("%.1f GiB free", float64(free)/(1<<30))}
	if !f.ok {
		f.detail += "; convnext_base at 224 px and batch 16 wants 5 GiB: use a smaller batch_size or image_size"
	}
	return f
}

func (e *env) checkStore(ctx context.Context) finding {
	dir, err := e.storeDir()
	if err != nil {
		return finding{what: "store", detail: err.Error()}
	}
	file := filepath.Join(dir, store.FileName)
	info, err := os.Stat(file)
	if os.IsNotExist(err) {
		return finding{true, "store", file + " (made by the first run)"}
	} else if err != nil {
		return finding{what: "store", detail: err.Error()}
	}
	st, err := sweep.OpenReader(ctx, dir)
	if err != nil {
		return finding{what: "store", detail: err.Error()}
	}
	defer st.Close()
	return finding{true, "store", fmt.Sprintf("%s, %.1f MiB", file, float64(info.Size())/(1<<20))}
}

func (e *env) checkDisk() finding {
	dir, err := e.storeDir()
	if err != nil {
		return finding{what: "disk", detail: err.Error()}
	}
	for { // the store's folder may not be there yet
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return finding{what: "disk", detail: fmt.Sprintf("%s: %v", dir, err)}
	}
	free := float64(fs.Bavail) * float64(fs.Bsize) / (1 << 30)
	// Four backbones keep about 0.6 GiB of weights; the largest one's resume state has 1 GiB and is written twice.
	const need = 4
	f := finding{free >= need, "disk", fmt.Sprintf("%.1f GiB free at %s", free, dir)}
	if !f.ok {
		f.detail += fmt.Sprintf("; a sweep of the four backbones wants %d GiB: choose another folder with --store", need)
	}
	return f
}

func (e *env) checkTerminal() finding {
	if !e.stdoutTTY {
		return finding{true, "terminal", "stdout is no terminal: plain output; " + runtime.GOOS + "/" + runtime.GOARCH}
	}
	return finding{true, "terminal", "TERM=" + e.getenv("TERM")}
}
