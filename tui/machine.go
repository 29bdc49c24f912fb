package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/chart"
	"github.com/backbone-sweep/sweep/tui/theme"
)

// Keys of machine events. Shares are 0…1, memory is in bytes.
const (
	keyCPU       = "cpu"        // cores the worker keeps busy: 1 is one core
	keyRSS       = "rss"        // its memory
	keyGPU       = "gpu"        // share of the time in which the GPU works
	keyGPUIndex  = "gpu_index"  // as nvidia-smi counts
	keyGPUMemory = "gpu_memory" // in use, by whomever
	keyGPUTotal  = "gpu_memory_total"
	keyGPURun    = "gpu_memory_run"  // in use by the run
	keyGPUTemp   = "gpu_temperature" // °C
	keyGPUPower  = "gpu_power"       // W
	keyGPULimit  = "gpu_power_limit" // W
)

// loadPoints is how much of a load is kept for its sparkline.
const loadPoints = 32

func (e *entry) foldMachine(ev *run.Event) {
	if e.machine == nil {
		e.machine = make(map[string]float64, len(ev.Values))
	}
	clear(e.machine)
	for _, v := range ev.Values {
		e.machine[v.Key] = v.V
	}
	e.load = append(e.load, e.machine[keyCPU])
	if n := len(e.load) - loadPoints; n > 0 {
		e.load = slices.Delete(e.load, 0, n)
	}
}

// machineLine is the panel below the charts: the GPUs that runs are on, each
// once, else processor and memory of the workers; then step time and data wait.
// What does not fit is left out from the right.
func machineLine(w *world, width int) string {
	var parts []string
	var cores, rss float64
	workers := 0
	var wait, least, most float64
	for _, e := range w.book.runs {
		if !e.State.Live() {
			continue
		}
		if len(e.machine) > 0 {
			workers++
			cores += orZero(e.machine[keyCPU])
			rss += orZero(e.machine[keyRSS])
		}
		if e.took > 0 {
			t := e.took.Seconds()
			if most == 0 || t < least {
				least = t
			}
			most, wait = max(most, t), max(wait, e.wait)
		}
	}
	gpus := w.book.liveGPUs()
	for _, g := range gpus {
		parts = append(parts, g.text(w.th))
	}
	if len(gpus) == 0 && workers > 0 {
		parts = append(parts, fmt.Sprintf("%s  %.1f cores%s", count(workers, "worker"), cores, spark(w.book.live(), w.th)))
		if rss > 0 {
			parts = append(parts, size(rss))
		}
	}
	if most > 0 {
		text := "step " + stepTime(least)
		if stepTime(most) != stepTime(least) {
			text += " to " + stepTime(most)
		}
		parts = append(parts, text, "data wait "+percent(wait))
	}
	if len(parts) == 0 && w.info.Device != "" {
		parts = append(parts, w.info.Device)
	}
	sent := ""
	if w.rate >= 0 {
		sent = w.th.Faint.Render(byteRate(w.rate) + " ")
	}
	line := " " + strings.Join(parts, w.th.Faint.Render("  ·  "))
	for len(parts) > 1 && cells(line) > width-cells(sent)-1 {
		parts = parts[:len(parts)-1]
		line = " " + strings.Join(parts, w.th.Faint.Render("  ·  "))
	}
	return spread(line, sent, width)
}

// live returns the runs that a process works on.
func (b *book) live() []*entry {
	var out []*entry
	for _, e := range b.runs {
		if e.State.Live() {
			out = append(out, e)
		}
	}
	return out
}

// spark draws the processor load of a single worker over time.
func spark(live []*entry, th *theme.Theme) string {
	if len(live) != 1 || len(live[0].load) < 2 {
		return ""
	}
	top := 1.0
	for _, v := range live[0].load {
		top = max(top, math.Ceil(v))
	}
	return " " + chart.Sparkline(live[0].load, 0, top, min(8, len(live[0].load)), th.Accent)
}

func stepTime(seconds float64) string {
	if seconds < 1 {
		return fmt.Sprintf("%.0f ms", seconds*1000)
	}
	return fmt.Sprintf("%.1f s", seconds)
}

// byteRate writes what the app sends, in kB as links are measured. Little is
// none: to show it would send it.
func byteRate(perSecond float64) string { return fmt.Sprintf("%.1f kB/s", perSecond/1000) }

func orZero(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}
