package sweep

import (
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// progress is how far one run has come, folded from its events.
type progress struct {
	spec  run.Spec
	state run.State
	note  string // what it last said while preparing
	told  string // the last log line that was printed, without its numbers
	when  time.Time

	steps    int // of the whole run; 0 = not known yet
	from     int // step it began after: above 0 when resumed
	step     int
	epoch    int       // the one being trained, from 1
	speed    float64   // images per second of the last step
	pace     float64   // images per second over the steps of the epoch in waiting
	turned   time.Time // when this epoch began
	done     int       // steps before this epoch
	lossSum  float64   // over the steps of this epoch
	lossN    int
	began    time.Time // when it began to train; zero before
	at       time.Time // of the last step or epoch
	best     *run.Best
	test     run.Values
	ended    time.Time
	waiting  *run.Event // a validation result whose best is still to be heard of
	loss     float64    // mean training loss of the epoch in waiting
	lossOnly float64    // of the last step
}

// fold takes an event in.
func (p *progress) fold(e run.Event) {
	switch e.Type {
	case run.EventState:
		p.foldState(e)
	case run.EventStep:
		p.step, p.epoch, p.speed, p.at = e.Step, e.Epoch, e.ImagesPerS, e.Time
		if v, ok := e.Values.Get("loss"); ok {
			p.lossOnly = v
			p.lossSum += v
			p.lossN++
		}
	case run.EventEpoch:
		images, trained := (p.step-p.done)*p.spec.BatchSize, p.at.Sub(p.turned)
		p.at, p.turned, p.done = e.Time, e.Time, p.step
		if e.Split == run.Test {
			p.test = e.Values
			return
		}
		p.waiting, p.loss = &e, math.NaN()
		if p.lossN > 0 {
			p.loss = p.lossSum / float64(p.lossN)
		}
		if p.pace = p.speed; trained >= time.Second && images > 0 { // in less, events come in bursts
			p.pace = float64(images) / trained.Seconds()
		}
		p.lossSum, p.lossN = 0, 0
	case run.EventBest:
		p.best = &run.Best{Epoch: e.Epoch, Metric: e.Metric, Value: e.Value}
	case run.EventLog:
		p.note = plain(e.Message)
	}
}

func (p *progress) foldState(e run.Event) {
	p.state = e.State
	switch {
	case e.State == run.Running && p.began.IsZero():
		p.steps, p.from, p.done, p.step, p.epoch = e.Steps, e.Step, e.Step, e.Step, e.Epoch+1
		p.began, p.at, p.turned = e.Time, e.Time, e.Time
	case e.State.Ended():
		p.ended = e.Time
	}
}

// logPeriod is the shortest time between two log lines that count something up.
const logPeriod = 10 * time.Second

// newsworthy reports whether a log line deserves a line of its own: one that
// differs from the last in its numbers alone does now and then.
func (p *progress) newsworthy(e run.Event) bool {
	words := strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) {
			return -1
		}
		return c
	}, e.Message)
	if words == p.told && e.Time.Sub(p.when) < logPeriod {
		return false
	}
	p.told, p.when = words, e.Time
	return true
}

// perStep is the time of a step so far, evaluation included; 0 while unknown.
func (p *progress) perStep() time.Duration {
	if p.step <= p.from {
		return 0
	}
	return p.at.Sub(p.began) / time.Duration(p.step-p.from)
}

// left is how long the run still takes; ok is false while that cannot be told.
func (p *progress) left(now time.Time) (d time.Duration, ok bool) {
	if p.state.Ended() {
		return 0, true
	}
	each := p.perStep()
	if each == 0 || p.steps == 0 {
		return 0, false
	}
	return max(0, time.Duration(p.steps-p.step)*each-now.Sub(p.at)), true
}

// share is the part of the steps that is done, 0…1.
func (p *progress) share() float64 {
	if p.steps == 0 {
		return 0
	}
	return min(1, float64(p.step)/float64(p.steps))
}

// cost is the work of a step relative to other backbones: its GFLOPs an image
// at 224 px, from the papers, with a factor for EfficientNet, whose depthwise
// convolutions keep no machine busy. Good enough to guess how long queued runs
// will take from those that run.
func cost(model string) float64 {
	switch model {
	case "resnet18":
		return 1.8
	case "resnet50":
		return 4.1
	case "efficientnet_b4":
		return 4.5
	case "convnext_base":
		return 15.4
	}
	return 4
}

// sweepLeft guesses how long all runs together still take, with parallel of
// them at a time; ok is false while nothing has been measured.
func sweepLeft(runs []*progress, parallel int, now time.Time) (d time.Duration, ok bool) {
	measured := map[string]time.Duration{} // time of a step by backbone
	var work float64                       // seconds a step per unit of cost, summed
	steps := 0
	for _, p := range runs {
		if each := p.perStep(); each > 0 {
			measured[p.spec.Model] = each
			work += each.Seconds() / cost(p.spec.Model)
		}
		steps = max(steps, p.steps) // all runs of a sweep see the same images
	}
	if len(measured) == 0 {
		return 0, false
	}
	unit := work / float64(countMeasured(runs))
	var total, longest time.Duration
	for _, p := range runs {
		left, known := p.left(now)
		if !known {
			each, seen := measured[p.spec.Model]
			if !seen {
				each = time.Duration(unit * cost(p.spec.Model) * float64(time.Second))
			}
			left = time.Duration(steps-p.step) * each
		}
		total += left
		longest = max(longest, left)
	}
	return max(longest, total/time.Duration(max(1, parallel))), true
}

func countMeasured(runs []*progress) int {
	n := 0
	for _, p := range runs {
		if p.perStep() > 0 {
			n++
		}
	}
	return n
}
