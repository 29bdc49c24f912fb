package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer"
	"github.com/backbone-sweep/sweep/trainer/data"
)

// checks fills a preview with what a start would need and what stands in its way.
type checks struct {
	p       *planner
	preview sweep.Preview
	needs   []trainer.Need // parallel to the preview's runs
}

func (c *checks) note(format string, args ...any) {
	c.preview.Notes = append(c.preview.Notes, fmt.Sprintf(format, args...))
}

func (c *checks) problem(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(c.preview.Problems, text) {
		c.preview.Problems = append(c.preview.Problems, text)
	}
}

// runs looks at each run on its own: engine, first weights, memory.
func (c *checks) runs(specs []run.Spec) {
	checked := map[string]error{} // by backbone: the seed makes no difference
	for _, spec := range specs {
		err, seen := checked[spec.Model]
		if !seen {
			err = c.p.e.engines(spec.Plugin).Check(spec)
			checked[spec.Model] = err
		}
		var need trainer.Need
		if err == nil {
			need, err = c.p.need(spec)
		}
		if err != nil {
			c.problem("%s: %v", spec.Model, err)
		}
		c.needs = append(c.needs, need)
		c.preview.Runs = append(c.preview.Runs, sweep.Planned{Model: spec.Model, Seed: spec.Seed, Memory: need.Memory})
	}
}

// together is the sum of the largest needs that may be there at a time.
func (c *checks) together(of func(trainer.Need) int64) int64 {
	var all []int64
	for _, need := range c.needs {
		all = append(all, of(need))
	}
	slices.Sort(all)
	sum := int64(0)
	for _, need := range all[max(0, len(all)-max(1, c.preview.Parallel)):] {
		sum += need
	}
	return sum
}

// memory compares what the runs of a moment take with what is free. It can only
// warn: what else runs may have ended by then.
func (c *checks) memory() {
	need := c.together(func(n trainer.Need) int64 { return n.Memory })
	if need == 0 {
		return
	}
	if c.preview.Engine == configs.EngineXLA {
		c.deviceMemory(need)
		return
	}
	free := freeMemory()
	at := "one run at a time"
	if n := min(c.preview.Parallel, len(c.preview.Runs)); n > 1 {
		at = fmt.Sprintf("%d runs at a time", n)
	}
	c.note("%s, up to %s of memory", at, size(need))
	if free > 0 && need > free {
		c.note("only %s of memory are free now: a run may be killed; a smaller batch_size or parallel helps", size(free))
	}
}

// deviceMemory compares what runs take of the GPU with what it has. A single run
// that is larger than the GPU cannot start; several wait for each other.
func (c *checks) deviceMemory(together int64) {
	free, total, ok := c.p.e.freeDeviceMemory()
	if !ok {
		c.note("about %s of the GPU's memory", size(together))
		return
	}
	c.note("about %s of the GPU's memory, %s of %s are free", size(together), size(free), size(total))
	for i, n := range c.needs {
		if n.Memory > total {
			c.problem("%s: needs about %s of memory and the GPU has %s: use a smaller batch_size or image_size",
				c.preview.Runs[i].Model, size(n.Memory), size(total))
		}
	}
}

// disk compares what the sweep writes with what is free beside the store.
func (c *checks) disk() {
	need := c.together(func(n trainer.Need) int64 { return n.Resume + n.Best })
	for _, n := range c.needs {
		need += n.Best
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(c.p.dir(), &fs); err != nil {
		c.problem("disk: %s: %v", c.p.dir(), err)
		return
	}
	free := int64(fs.Bavail) * int64(fs.Bsize)
	if need > free {
		c.problem("disk: the sweep writes up to %s and %s has %s free: free some, or choose another folder with --store",
			size(need), c.p.dir(), size(free))
		return
	}
	c.note("up to %s on the disk in %s (%s free)", size(need), c.p.dir(), size(free))
}

// data looks whether the images are there.
func (c *checks) data(ctx context.Context, spec run.Spec, demo bool) {
	d := spec.Data
	if _, err := os.Stat(d.Dir); demo && errors.Is(err, os.ErrNotExist) {
		c.note("the demo data set is written first, to %s", d.Dir)
		return
	}
	for _, path := range []string{d.Dir, d.CSV, d.TrainCSV, d.ValCSV, d.TestCSV} {
		if path == "" {
			continue
		}
		switch _, err := os.Stat(path); {
		case errors.Is(err, os.ErrNotExist):
			c.problem("data: there is no %s: mend the data section of the config", path)
			return
		case err != nil:
			c.problem("data: %v", err)
			return
		}
	}
	set, err := data.Find(ctx, d, spec.Tasks)
	switch {
	case errors.Is(err, data.ErrNotPrepared):
		c.note("the images are read and decoded first, once for all runs")
		return
	case err != nil:
		c.problem("data: %v", err)
		return
	}
	defer set.Close()
	c.preview.Images = sweep.Images{
		Train: len(set.Part(data.Train)), Val: len(set.Part(data.Val)), Test: len(set.Part(data.Test)),
	}
	c.note("the data are prepared in %s", set.Dir)
}

// size writes bytes for people.
func size(bytes int64) string {
	if bytes < 1<<30 {
		return fmt.Sprintf("%d MiB", (bytes+1<<20-1)>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
}

// freeMemory is how many bytes can be had without swapping; 0 where that is not known.
func freeMemory() int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kib int64
		if rest, ok := strings.CutPrefix(lines.Text(), "MemAvailable:"); ok {
			if _, err := fmt.Sscan(rest, &kib); err == nil {
				return kib << 10
			}
		}
	}
	return 0
}
