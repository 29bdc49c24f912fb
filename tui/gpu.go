package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/chart"
	"github.com/backbone-sweep/sweep/tui/theme"
)

// busyEvery is how far apart the points of a GPU's sparkline are at least. Each
// run on it reports it every five seconds; one report is enough.
const busyEvery = 4 * time.Second

// busyGap is how long a GPU may be silent until its sparkline starts anew.
const busyGap = time.Minute

// gpuLoad is one GPU as the runs on it report it.
type gpuLoad struct {
	index  int // as nvidia-smi counts; -1: not told
	name   string
	at     time.Time          // of the newest report
	values map[string]float64 // by the keys of machine events
	busy   []float64          // share of the time in which it works, 0…1, for the sparkline
	busyAt time.Time
}

// gpuOf returns which GPU a machine event, or what is kept of one, is about.
func gpuOf(values map[string]float64) (index int, ok bool) {
	_, busy := values[keyGPU]
	_, used := values[keyGPUMemory]
	if !busy && !used {
		return 0, false
	}
	if v, ok := values[keyGPUIndex]; ok {
		return int(v), true
	}
	return -1, true
}

// foldGPU takes in what a run's machine event says of the GPU that it is on.
func (b *book) foldGPU(e *entry, ev *run.Event) {
	index, ok := gpuOf(e.machine)
	if !ok {
		return
	}
	g := b.gpus[index]
	if g == nil {
		g = &gpuLoad{index: index, values: make(map[string]float64, len(ev.Values))}
		b.gpus[index] = g
	}
	if ev.Time.Before(g.at) {
		return
	}
	g.at, g.name = ev.Time, shortName(plain(ev.Message))
	clear(g.values)
	for _, v := range ev.Values {
		g.values[v.Key] = v.V
	}
	busy, ok := g.values[keyGPU]
	if !ok || (len(g.busy) > 0 && ev.Time.Sub(g.busyAt) < busyEvery) {
		return
	}
	if ev.Time.Sub(g.busyAt) > busyGap {
		g.busy = g.busy[:0]
	}
	g.busyAt = ev.Time
	g.busy = append(g.busy, busy)
	if n := len(g.busy) - loadPoints; n > 0 {
		g.busy = slices.Delete(g.busy, 0, n)
	}
}

// liveGPUs are those that a process computes on, by number.
func (b *book) liveGPUs() []*gpuLoad {
	var out []*gpuLoad
	for _, e := range b.runs {
		if !e.State.Live() {
			continue
		}
		if index, ok := gpuOf(e.machine); ok && b.gpus[index] != nil && !slices.Contains(out, b.gpus[index]) {
			out = append(out, b.gpus[index])
		}
	}
	slices.SortFunc(out, func(a, b *gpuLoad) int { return cmp.Compare(a.index, b.index) })
	return out
}

// text is "GPU 0 H200  87 % ▆▇▇▆▇  21.4/139 GiB  54 °C  312/700 W".
func (g *gpuLoad) text(th *theme.Theme) string {
	title := "GPU"
	if g.index >= 0 {
		title += fmt.Sprintf(" %d", g.index)
	}
	if g.name != "" {
		title += " " + g.name
	}
	parts := []string{title}
	m := g.values
	if busy, ok := m[keyGPU]; ok {
		text := fmt.Sprintf("%3.0f %%", 100*busy)
		if len(g.busy) > 1 {
			text += " " + chart.Sparkline(g.busy, 0, 1, min(8, len(g.busy)), th.Accent)
		}
		parts[0] += " " + text
	}
	if used, ok := m[keyGPUMemory]; ok {
		parts = append(parts, outOf(used/(1<<30), m[keyGPUTotal]/(1<<30), "%.1f")+" GiB")
	}
	if t, ok := m[keyGPUTemp]; ok {
		parts = append(parts, fmt.Sprintf("%.0f °C", t))
	}
	if p, ok := m[keyGPUPower]; ok {
		parts = append(parts, outOf(p, m[keyGPULimit], "%.0f")+" W")
	}
	return strings.Join(parts, "  ")
}

// gpuMemoryText is what a run has of its GPU's memory; empty where that is not known.
func gpuMemoryText(e *entry) string {
	v, ok := e.machine[keyGPURun]
	if !ok {
		return ""
	}
	return size(v)
}

// outOf writes what is used of a total; the total is left out where it is not known.
func outOf(used, total float64, format string) string {
	text := fmt.Sprintf(format, used)
	if total > 0 {
		text += fmt.Sprintf("/%.0f", total)
	}
	return text
}

// shortName leaves out of a GPU's name what is the same for all or stands beside it:
// "NVIDIA H100 80GB HBM3" is "H100", "NVIDIA GeForce RTX 4090" is "RTX 4090".
func shortName(name string) string {
	name = strings.TrimPrefix(name, "NVIDIA ")
	for _, family := range []string{"GeForce ", "Tesla "} {
		name = strings.TrimPrefix(name, family)
	}
	words := strings.Fields(name)
	for i, word := range words {
		if i > 0 && strings.HasSuffix(word, "GB") {
			words = words[:i]
			break
		}
	}
	return strings.Join(words, " ")
}
