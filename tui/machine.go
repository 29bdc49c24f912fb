package tui

import (
	"fmt"
	"math"
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
	keyGPUMemory = "gpu_memory" // in use
	keyGPUTotal  = "gpu_memory_total"
	keyGPUTemp   = "gpu_temperature" // °C
	keyGPUPower  = "gpu_power"       // W
)

// loadPoints is how much of the load is kept for the sparkline.
const loadPoints = 32

func (e *entry) foldMachine(ev *run.Event) {
	if e.machine == nil {
		e.machine = make(map[string]float64, len(ev.Values))
	}
	for _, v := range ev.Values {
		e.machine[v.Key] = v.V
	}
	v, ok := e.machine[keyGPU]
	if !ok {
		v = e.machine[keyCPU]
	}
	e.load = append(e.load, v)
	if n := len(e.load) - loadPoints; n > 0 {
		e.load = e.load[n:]
	}
}

// machineLine is the panel below the charts: the GPU where there is one, else
// processor and memory of the workers; then data wait and step time.
func machineLine(w *world, width int) string {
	var parts []string
	var cores, rss float64
	workers := 0
	var wait, least, most float64
	var gpu *entry
	for _, e := range w.book.runs {
		if !e.State.Live() {
			continue
		}
		if len(e.machine) > 0 {
			workers++
			cores += orZero(e.machine[keyCPU])
			rss += orZero(e.machine[keyRSS])
			if _, ok := e.machine[keyGPU]; ok && gpu == nil {
				gpu = e
			}
		}
		if e.took > 0 {
			t := e.took.Seconds()
			if most == 0 || t < least {
				least = t
			}
			most, wait = max(most, t), max(wait, e.wait)
		}
	}
	if gpu != nil {
		parts = append(parts, gpuText(gpu, w.th)...)
	} else if workers > 0 {
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
	return spread(" "+strings.Join(parts, w.th.Faint.Render("  ·  ")), sent, width)
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

func gpuText(e *entry, th *theme.Theme) []string {
	m := e.machine
	text := "GPU " + percent(m[keyGPU])
	if len(e.load) > 1 {
		text += " " + chart.Sparkline(e.load, 0, 1, min(8, len(e.load)), th.Accent)
	}
	parts := []string{text}
	if used, ok := m[keyGPUMemory]; ok {
		s := size(used)
		if total, ok := m[keyGPUTotal]; ok {
			s = fmt.Sprintf("%.1f/%.0f GiB", used/(1<<30), total/(1<<30))
		}
		parts = append(parts, s)
	}
	if t, ok := m[keyGPUTemp]; ok {
		parts = append(parts, fmt.Sprintf("%.0f °C", t))
	}
	if p, ok := m[keyGPUPower]; ok {
		parts = append(parts, fmt.Sprintf("%.0f W", p))
	}
	return parts
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
