package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

func newDoctor(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine can run",
		Args:  needs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := e.oneOf("text"); err != nil {
				return err
			}
			var rows [][]string
			for _, check := range []func() []finding{
				e.checkHost, e.checkXLA, func() []finding { return e.checkGPU(cmd.Context()) },
				one(checkMemory), one(func() finding { return e.checkStore(cmd.Context()) }), one(e.checkDisk), one(e.checkTerminal),
			} {
				for _, f := range check() {
					rows = append(rows, []string{f.mark(), f.what, f.detail})
				}
			}
			return writeColumns(e.stdout, rows)
		},
	}
}

// finding is one line of doctor: what is there, or what is missing and how to mend it.
type finding struct {
	ok     bool
	step   bool // of the finding above: neither here nor missing
	what   string
	detail string
}

// mark is the first word of the line.
func (f finding) mark() string {
	switch {
	case f.step:
		return ""
	case f.ok:
		return "ok"
	}
	return "missing"
}

// one is a check with a single finding.
func one(check func() finding) func() []finding {
	return func() []finding { return []finding{check()} }
}

func (e *env) checkHost() []finding {
	c, err := e.engines("").Choose("host")
	if err != nil {
		return []finding{{what: "engine host", detail: err.Error()}}
	}
	return []finding{{ok: true, what: "engine host", detail: c.Device}}
}

// checkXLA says whether the engine is there, and every step of the search for its plugin.
func (e *env) checkXLA() []finding {
	engines := e.engines("")
	c, err := engines.Choose("xla")
	found := finding{ok: err == nil, what: "engine xla", detail: c.Device}
	if err != nil {
		found.detail = strings.TrimPrefix(xla.WithoutHint(err), "engine xla: ")
	}
	findings := []finding{found}
	if !xla.Available {
		return findings
	}
	used := false
	for _, p := range xla.Find(engines.Where) {
		line := finding{step: true, what: "  " + p.Name}
		switch {
		case p.File != "" && !used:
			used = true
			line.detail = p.File
		case p.File != "":
			line.detail = p.File + " (not used: one was found before)"
		case p.Path == "":
			line.detail = "not set"
			if !strings.HasPrefix(p.Name, "-") && !strings.HasPrefix(p.Name, "$") {
				line.detail = "none active"
			}
		default:
			line.detail = "nothing in " + p.Path
		}
		findings = append(findings, line)
	}
	return findings
}

// checkMemory compares what is free with what the largest backbone needs at 224 px, batch 16.
func checkMemory() finding {
	free := freeMemory()
	if free == 0 {
		return finding{ok: true, what: "memory", detail: "this system does not say how much is free"}
	}
	const need = 5 << 30
	f := finding{ok: free >= need, what: "memory", detail: fmt.Sprintf("%.1f GiB free", float64(free)/(1<<30))}
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
	if folder := existing(dir); unix.Access(folder, unix.W_OK) != nil {
		return finding{what: "store", detail: folder + " cannot be written, so nothing can be run: take a folder of your own with --store or $SWEEP_STORE"}
	}
	if os.IsNotExist(err) {
		return finding{ok: true, what: "store", detail: file + " (made by the first run)"}
	} else if err != nil {
		return finding{what: "store", detail: err.Error()}
	}
	st, err := sweep.OpenReader(ctx, dir)
	if err != nil {
		return finding{what: "store", detail: err.Error()}
	}
	defer st.Close()
	return finding{ok: true, what: "store", detail: fmt.Sprintf("%s, %.1f MiB", file, float64(info.Size())/(1<<20))}
}

// existing is the folder, or the nearest above it that is there already.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func (e *env) checkDisk() finding {
	dir, err := e.storeDir()
	if err != nil {
		return finding{what: "disk", detail: err.Error()}
	}
	dir = existing(dir)
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return finding{what: "disk", detail: fmt.Sprintf("%s: %v", dir, err)}
	}
	free := float64(fs.Bavail) * float64(fs.Bsize) / (1 << 30)
	// Four backbones keep about 0.6 GiB of weights; the largest one's resume state has 1 GiB and is written twice.
	const need = 4
	f := finding{ok: free >= need, what: "disk", detail: fmt.Sprintf("%.1f GiB free at %s", free, dir)}
	if !f.ok {
		f.detail += fmt.Sprintf("; a sweep of the four backbones wants %d GiB: choose another folder with --store", need)
	}
	return f
}

func (e *env) checkTerminal() finding {
	if !e.stdoutTTY {
		return finding{ok: true, what: "terminal", detail: "stdout is no terminal: plain output; " + runtime.GOOS + "/" + runtime.GOARCH}
	}
	return finding{ok: true, what: "terminal", detail: "TERM=" + e.getenv("TERM")}
}
