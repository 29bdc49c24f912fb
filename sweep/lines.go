package sweep

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func (o Outline) lines() []string {
	if len(o.Specs) == 0 {
		return nil
	}
	first := o.Specs[0]
	var models, seeds []string
	for _, s := range o.Specs {
		if !slices.Contains(models, s.Model) {
			models = append(models, s.Model)
		}
		if seed := fmt.Sprint(s.Seed); !slices.Contains(seeds, seed) {
			seeds = append(seeds, seed)
		}
	}
	runs := count(len(o.Specs), "run")
	if len(o.Specs) > 1 && o.Parallel > 1 {
		runs += fmt.Sprintf(", %d at a time", o.Parallel)
	}
	images := ""
	if o.Images != (Images{}) {
		images = " of " + count(o.Images.Train, "image")
	}
	what := fmt.Sprintf("  %s%s at %d px, batch %d", count(first.Epochs, "epoch"), images, first.Data.ImageSize, first.BatchSize)
	if o.Images != (Images{}) {
		what += fmt.Sprintf("; %s for validation, %s for test", thousands(o.Images.Val), thousands(o.Images.Test))
	}
	return []string{
		fmt.Sprintf("sweep %s: %s", first.Sweep, runs),
		fmt.Sprintf("  %s; seed %s", strings.Join(models, ", "), strings.Join(seeds, ", ")),
		what,
		"  store: " + o.StoreDir,
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// epochLine is the line of the epoch in waiting.
func (p *progress) epochLine(now time.Time, several bool, sweepLeft func(time.Time) (time.Duration, bool)) string {
	e := p.waiting
	width := len(fmt.Sprint(p.spec.Epochs))
	parts := []string{fmt.Sprintf("epoch %*d/%d", width, e.Epoch, p.spec.Epochs), "loss " + decimals4(p.loss)}
	if v, ok := e.Values.Get("loss"); ok {
		parts = append(parts, "val loss "+decimals4(v))
	}
	if v, ok := e.Values.Get(p.spec.BestMetric); ok && p.spec.BestMetric != "loss" {
		parts = append(parts, "val "+MetricName(p.spec.BestMetric)+" "+decimals4(v))
	}
	if p.best != nil {
		parts = append(parts, fmt.Sprintf("best %s @%d", decimals4(p.best.Value), p.best.Epoch))
	}
	if s := perSecond(p.pace); s != "" {
		parts = append(parts, s)
	}
	if left, ok := p.left(now); ok && e.Epoch < p.spec.Epochs {
		parts = append(parts, "ends in "+duration(left))
	}
	if left, ok := sweepLeft(now); ok && several {
		parts = append(parts, "sweep ends in ≈ "+duration(left))
	}
	return strings.Join(parts, "  ")
}

func perSecond(images float64) string {
	switch {
	case !(images > 0) || math.IsInf(images, 0):
		return ""
	case images < 100:
		return fmt.Sprintf("%.1f img/s", images)
	}
	return thousands(int(math.Round(images))) + " img/s"
}

// stateLine says that the run moved from one state to another; empty when there is nothing to say.
func (p *progress) stateLine(before run.State, e run.Event) string {
	id := p.spec.ID
	switch e.State {
	case run.Preparing:
		return "preparing"
	case run.Running:
		if before == run.Running {
			return ""
		}
		line := "running"
		if e.Step > 0 {
			line += fmt.Sprintf(" again from step %s, in epoch %d", thousands(e.Step), min(e.Epoch+1, p.spec.Epochs))
		}
		if e.Steps > 0 {
			line += ": " + count(e.Steps, "step")
		}
		if e.Provenance != nil && e.Provenance.Engine != "" {
			line += " on the " + e.Provenance.Engine + " engine"
			if e.Provenance.Device != "" {
				line += " (" + e.Provenance.Device + ")"
			}
		}
		return line
	case run.Stopping:
		if before == run.Stopping {
			return ""
		}
		return "stopping: the step is finished and the state saved"
	case run.Done:
		return p.doneLine() + "; weights: sweep weights export " + id + " -o " + p.spec.Model + ".safetensors"
	case run.Failed, run.Stopped, run.Interrupted:
		line := string(e.State)
		if e.Reason != "" {
			line += ": " + plain(e.Reason)
		}
		return line
	}
	return ""
}

func (p *progress) doneLine() string {
	line := "done"
	if !p.began.IsZero() {
		line += " in " + duration(p.ended.Sub(p.began))
	}
	if p.best != nil {
		line += fmt.Sprintf(": best val %s %s @%d", MetricName(p.best.Metric), decimals4(p.best.Value), p.best.Epoch)
		if v, ok := p.test.Get(p.best.Metric); ok {
			line += fmt.Sprintf(", test %s", decimals4(v))
		}
	}
	return line
}

// liveLine is one line of at most width cells about the runs that go on now;
// empty when none does. Where room is short, details go first.
func liveLine(runs []*progress, parallel, width int, now time.Time) string {
	var live []*progress
	ended := 0
	for _, r := range runs {
		if r.state.Live() {
			live = append(live, r)
		}
		if r.state.Ended() {
			ended++
		}
	}
	if len(live) == 0 {
		return ""
	}
	sweep := ""
	if len(runs) > 1 {
		sweep = fmt.Sprintf(" · %d/%d done", ended, len(runs))
		if left, ok := sweepLeft(runs, parallel, now); ok {
			sweep += ", ≈ " + duration(left) + " left"
		}
	}
	line := ""
	for details := 2; details >= 0; details-- {
		var parts []string
		for _, r := range live {
			if len(live) == 1 {
				parts = append(parts, r.liveText(details, now))
			} else {
				parts = append(parts, fmt.Sprintf("%s %.0f %%", runName(r.spec), math.Floor(100*r.share())))
			}
		}
		if line = strings.Join(parts, " · ") + sweep; cells(line) <= width {
			break
		}
	}
	return fit(line, width)
}

// liveText says how far the run is, with up to two details beside.
func (p *progress) liveText(details int, now time.Time) string {
	if p.began.IsZero() {
		text := runName(p.spec) + "  " + string(p.state)
		if p.note != "" {
			text += ": " + p.note
		}
		return text
	}
	parts := []string{
		runName(p.spec),
		fmt.Sprintf("%.0f %%", math.Floor(100*p.share())),
		fmt.Sprintf("epoch %d/%d", min(max(p.epoch, 1), p.spec.Epochs), p.spec.Epochs),
	}
	if p.step > p.from && details > 1 {
		parts = append(parts, "loss "+decimals4(p.lossOnly))
	}
	if s := perSecond(p.speed); s != "" && details > 0 {
		parts = append(parts, s)
	}
	if left, ok := p.left(now); ok && len(parts) > 3 {
		parts = append(parts, "ends in "+duration(left))
	}
	return strings.Join(parts, "  ")
}
