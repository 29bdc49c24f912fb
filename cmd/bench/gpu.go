package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

// gpuOptions are those of the bench of the xla engine.
type gpuOptions struct {
	plugin     string
	precisions string
	cold       bool // without the compiler's cache
}

// gpuRow is what one process measured on a device.
type gpuRow struct {
	row
	Precision string  `json:"precision"`
	Peak      int64   `json:"peak_bytes"`         // of the device's memory
	First     float64 `json:"first_step_seconds"` // from the start of the engine to the first step's end
	Idle      float64 `json:"idle_share"`         // of the time, in which the device waited for the host
}

// gpuTable measures every network in every precision beside the peer: as it is,
// and with --compile. It prints a row as soon as it is measured.
func gpuTable(o options, g gpuOptions) error {
	fmt.Printf("batch %d, %d windows of %g s; peak is of the device's memory, first is the time to the first step's end, compilation included\n\n", o.batch, o.windows, o.seconds)
	fmt.Println("| backbone | px | precision | train img/s | infer img/s | peak MiB | first s | waiting % | eager train | compiled train | eager infer | compiled infer | eager peak MiB | compiled peak MiB | train ratio | infer ratio |")
	fmt.Println("|---|--:|---|" + strings.Repeat("--:|", 13))
	var device, torch string
	for _, size := range o.sizes {
		for _, precision := range strings.Split(g.precisions, ",") {
			for _, model := range o.models {
				r, err := g.ours(model, size, precision, o)
				if err != nil {
					return fmt.Errorf("%s at %d px in %s: %w", model, size, precision, err)
				}
				device = r.Device
				line := fmt.Sprintf("| %s | %d | %s | %.1f | %.1f | %d | %.1f | %.2f |", model, size, precision, r.Train, r.Eval, r.Peak>>20, r.First, 100*r.Idle)
				if len(o.peer) > 0 {
					eager, compiled := g.peer(model, size, precision, o), g.peer(model, size, precision, o, "--compile")
					torch = eager.Torch
					best := func(of func(gpuRow) float64) float64 { return max(of(eager), of(compiled)) }
					line += fmt.Sprintf(" %.1f | %.1f | %.1f | %.1f | %d | %d | %.2f | %.2f |",
						eager.Train, compiled.Train, eager.Eval, compiled.Eval, eager.Peak>>20, compiled.Peak>>20,
						r.Train/best(func(r gpuRow) float64 { return r.Train }), r.Eval/best(func(r gpuRow) float64 { return r.Eval }))
				}
				fmt.Println(line)
			}
		}
	}
	fmt.Printf("\n%s\n", device)
	if torch != "" {
		fmt.Printf("PyTorch %s; the ratio is ours over the faster of both\n", torch)
	}
	return nil
}

// ours measures the engine in a process of its own.
func (g gpuOptions) ours(model string, size int, precision string, o options) (gpuRow, error) {
	self, err := os.Executable()
	if err != nil {
		return gpuRow{}, err
	}
	args := []string{
		"-child", "-gpu", "-plugin", g.plugin, "-precisions", precision, "-sizes", strconv.Itoa(size), "-models", model,
		"-batch", strconv.Itoa(o.batch), "-windows", strconv.Itoa(o.windows), "-seconds", fmt.Sprint(o.seconds),
	}
	if g.cold {
		args = append(args, "-cold")
	}
	var r gpuRow
	return r, output(&r, self, args)
}

// peer measures the other program. What it cannot do is said on stderr and counts as 0.
func (g gpuOptions) peer(model string, size int, precision string, o options, more ...string) gpuRow {
	args := slices.Concat(o.peer[1:], []string{
		"--eval", "--device", "cuda", "--tf32", "--channels-last", "--precision", precision, "--image-size", strconv.Itoa(size),
		"--batch", strconv.Itoa(o.batch), "--windows", strconv.Itoa(o.windows), "--seconds", fmt.Sprint(o.seconds), "--models", model,
	}, more)
	var r gpuRow
	if err := output(&r, o.peer[0], args); err != nil {
		fmt.Fprintf(os.Stderr, "bench: the peer's %s at %d px in %s: %v\n", model, size, precision, err)
	}
	return r
}

// measureGPU is the process that ours starts.
func measureGPU(ctx context.Context, model string, size int, o options, g gpuOptions) error {
	began := time.Now()
	x := xla.Options{Plugin: g.plugin}
	if dir, err := os.UserCacheDir(); err == nil && !g.cold {
		x.Cache = dir + "/sweep/xla"
	}
	eng, err := xla.Open(x)
	if err != nil {
		return err
	}
	defer eng.Close()
	spec := network(model, size, o.batch)
	spec.Precision = g.precisions
	prog, err := eng.Compile(spec)
	if err != nil {
		return err
	}
	defer prog.Close()
	if err := firstWeights(prog); err != nil {
		return err
	}
	b := randomBatch(spec.Tasks, size, o.batch)
	if err := prog.(engine.Resident).Load(b.Len(), slices.Concat(b.Pixels...)); err != nil {
		return err
	}
	losses := make([]float64, len(spec.Tasks))
	if err := prog.Step(b, 5e-5, losses); err != nil {
		return err
	}
	r := gpuRow{row: row{Model: model, Device: eng.Device()}, Precision: spec.Precision, First: time.Since(began).Seconds()}
	r.Peak = prog.Memory().Total()
	if r.Train, r.Idle, err = queueRate(ctx, o, prog.(engine.Queue), b); err != nil {
		return err
	}
	s := prog.(engine.Scorer)
	many := repeated(b, s.ScoreBatch())
	classes, scores := make([][]int32, len(spec.Tasks)), make([][]float32, len(spec.Tasks))
	for t := range classes {
		classes[t], scores[t] = make([]int32, many.Len()), make([]float32, many.Len())
	}
	o.batch = many.Len()
	if r.Eval, err = rate(o, func() error { return s.Score(many, classes, scores) }); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// queueRate is the median over the windows of images per second, steps being
// submitted as the trainer does, and the share of the time in which the device
// had nothing to do.
func queueRate(ctx context.Context, o options, q engine.Queue, b *data.Batch) (perSecond, idle float64, err error) {
	none := func([]float64) {}
	window := func(seconds float64) (float64, float64, error) {
		start, waited, n := time.Now(), q.Idle(), 0
		for n == 0 || time.Since(start).Seconds() < seconds && ctx.Err() == nil {
			if err := q.Submit(b, 5e-5); err != nil {
				return 0, 0, err
			}
			if err := q.Finish(false, none); err != nil {
				return 0, 0, err
			}
			n++
		}
		err := q.Finish(true, none)
		took := time.Since(start)
		return float64(n*b.Len()) / took.Seconds(), (q.Idle() - waited).Seconds() / took.Seconds(), err
	}
	if _, _, err := window(o.seconds); err != nil { // warm-up: the launches find their size
		return 0, 0, err
	}
	var rates, idles []float64
	for range o.windows {
		r, i, err := window(o.seconds)
		if err != nil {
			return 0, 0, err
		}
		rates, idles = append(rates, r), append(idles, i)
	}
	slices.Sort(rates)
	return rates[len(rates)/2], slices.Max(idles), nil
}

// repeated is a batch of n images, those of b over and over.
func repeated(b *data.Batch, n int) *data.Batch {
	many := &data.Batch{Labels: make([][]int32, len(b.Labels))}
	for i := range n {
		j := i % b.Len()
		many.Pixels, many.Index, many.Flip = append(many.Pixels, b.Pixels[j]), append(many.Index, b.Index[j]), append(many.Flip, false)
		for t := range b.Labels {
			many.Labels[t] = append(many.Labels[t], b.Labels[t][j])
		}
	}
	return many
}
