// Command bench measures the training engine beside its peer: images per second
// in training and inference for each backbone, one fixed batch, no data loading.
//
// Each network is measured in a process of its own, so that the peak memory is
// its own. With --peer a command of the same meaning (--models, --image-size,
// --batch, --threads, --windows, --seconds, --eval; one JSON line a model with
// train_images_per_second and eval_images_per_second) is measured in alternation
// and the ratio printed: only the ratio says something on a shared machine.
//
// With --shapes it measures single matrix products, the networks and the ten
// convolutions with the most work of each, with --python beside those of PyTorch.
//
// With --app it measures the terminal app instead: how soon it stands, what it
// sends, what it takes.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

type options struct {
	models  []string
	sizes   []int
	batch   int
	threads int
	rounds  int
	windows int
	seconds float64
	cpu     bool
	peer    []string
}

func main() {
	models := flag.String("models", strings.Join(backbone.Names(), ","), "backbones")
	sizes := flag.String("sizes", "64,224", "image sizes in pixels")
	var o options
	flag.IntVar(&o.batch, "batch", 16, "images a batch")
	flag.IntVar(&o.threads, "threads", runtime.NumCPU(), "threads")
	flag.IntVar(&o.rounds, "rounds", 1, "rounds in which ours and the peer alternate")
	flag.IntVar(&o.windows, "windows", 3, "timed windows a round")
	flag.Float64Var(&o.seconds, "seconds", 2, "least seconds of a window")
	peer := flag.String("peer", "", "command of the peer, empty for none")
	shapes := flag.Bool("shapes", false, "measure products and convolutions instead")
	flag.BoolVar(&o.cpu, "cpu", false, "with -shapes: count processor time, which other work on the machine leaves alone; for one thread")
	python := flag.String("python", "", "with -shapes: a Python with PyTorch to measure beside, empty for none")
	app := flag.Bool("app", false, "measure the terminal app instead")
	var a appOptions
	flag.StringVar(&a.program, "program", "", "the sweep that -app measures; empty: built from this module")
	flag.IntVar(&a.runs, "runs", 20, "runs in the store that -app opens")
	flag.IntVar(&a.points, "points", 50_000, "steps of each")
	flag.IntVar(&a.rounds, "starts", 7, "times that -app starts the app")
	flag.Float64Var(&a.seconds, "stream", 60, "seconds that -app looks at four runs")
	flag.Float64Var(&a.rate, "rate", 5, "steps a second of each of the four")
	gpu := flag.Bool("gpu", false, "measure the xla engine instead, beside the peer on the same device")
	var g gpuOptions
	flag.StringVar(&g.plugin, "plugin", "", "PJRT plugin that -gpu measures; empty: the one that is found")
	flag.StringVar(&g.precisions, "precisions", "fp32,bf16", "precisions that -gpu measures")
	flag.BoolVar(&g.cold, "cold", false, "without what the compiler has kept of earlier runs")
	serve := flag.String("app-serve", "", "serve four made-up runs in this store (internal)")
	worker := flag.Bool("app-worker", false, "be a made-up worker (internal)")
	child := flag.Bool("child", false, "measure one model and size, print JSON (internal)")
	flag.Parse()
	switch {
	case *app:
		exit(appTable(context.Background(), a))
	case *serve != "":
		exit(serveStreams(*serve, streamRuns, a.rate))
	case *worker:
		exit(pretend(a.rate))
	}
	o.models, o.peer = strings.Split(*models, ","), strings.Fields(*peer)
	for s := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			fatal(fmt.Errorf("-sizes %s: %w", *sizes, err))
		}
		o.sizes = append(o.sizes, n)
	}
	if *gpu && g.plugin == "" {
		g.plugin = xla.Plugin(xla.Find(xla.System("")))
	}
	switch {
	case *shapes:
		runtime.GOMAXPROCS(o.threads)
		exit(shapesTable(o, *python))
	case *child && *gpu:
		exit(measureGPU(context.Background(), o.models[0], o.sizes[0], o, g))
	case *gpu:
		exit(gpuTable(o, g))
	case *child:
		runtime.GOMAXPROCS(o.threads)
		row, err := measure(o.models[0], o.sizes[0], o)
		if err != nil {
			fatal(err)
		}
		if err := json.NewEncoder(os.Stdout).Encode(row); err != nil {
			fatal(err)
		}
		return
	}
	if err := table(o); err != nil {
		fatal(err)
	}
}

func exit(err error) {
	if err != nil {
		fatal(err)
	}
	os.Exit(0)
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

// row is what one process measured. The names are the peer's too.
type row struct {
	Model  string  `json:"model"`
	Train  float64 `json:"train_images_per_second"` // median window
	Eval   float64 `json:"eval_images_per_second"`
	Device string  `json:"device"`
	Torch  string  `json:"torch"`
	RSS    int64   `json:"peak_rss_bytes"`
}

func table(o options) error {
	fmt.Printf("%s/%s, %s, %d threads, batch %d, median of %d × %d windows of %g s\n\n",
		runtime.GOOS, runtime.GOARCH, runtime.Version(), o.threads, o.batch, o.rounds, o.windows, o.seconds)
	head, rule := "| backbone | px | train img/s | infer img/s | peak RSS MiB |", "|---|--:|--:|--:|--:|"
	if len(o.peer) > 0 {
		head += " peer train | peer infer | peer RSS MiB | train ratio | infer ratio |"
		rule += "--:|--:|--:|--:|--:|"
	}
	fmt.Println(head)
	fmt.Println(rule)
	versions := map[string]bool{}
	for _, size := range o.sizes {
		for _, model := range o.models {
			ours, peers, err := compare(model, size, o)
			if err != nil {
				return err
			}
			a := median(ours)
			versions[a.Device] = true
			line := fmt.Sprintf("| %s | %d | %.1f | %.1f | %d |", model, size, a.Train, a.Eval, a.RSS>>20)
			if len(peers) > 0 {
				b := median(peers)
				versions["PyTorch "+b.Torch] = true
				line += fmt.Sprintf(" %.1f | %.1f | %d | %.2f | %.2f |",
					b.Train, b.Eval, b.RSS>>20, a.Train/b.Train, a.Eval/b.Eval)
			}
			fmt.Println(line)
		}
	}
	fmt.Println()
	for v := range versions {
		fmt.Println(v)
	}
	return nil
}

// compare measures ours and the peer in turn, so that both see the same machine.
func compare(model string, size int, o options) (ours, peers []row, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	common := []string{
		"--batch", strconv.Itoa(o.batch), "--threads", strconv.Itoa(o.threads),
		"--windows", strconv.Itoa(o.windows), "--seconds", fmt.Sprint(o.seconds), "--models", model,
	}
	for range o.rounds {
		r, err := child(self, slices.Concat([]string{"-child", "--sizes", strconv.Itoa(size)}, common))
		if err != nil {
			return nil, nil, fmt.Errorf("%s at %d px: %w", model, size, err)
		}
		ours = append(ours, r)
		if len(o.peer) == 0 {
			continue
		}
		r, err = child(o.peer[0], slices.Concat(o.peer[1:], []string{"--eval", "--image-size", strconv.Itoa(size)}, common))
		if err != nil {
			return nil, nil, fmt.Errorf("the peer's %s at %d px: %w", model, size, err)
		}
		peers = append(peers, r)
	}
	return ours, peers, nil
}

func child(program string, args []string) (row, error) {
	var r row
	cmd := exec.Command(program, args...)
	err := outputOf(&r, cmd)
	if err == nil {
		r.RSS = max(r.RSS, peakRSS(cmd.ProcessState))
	}
	return r, err
}

// output runs a program that prints one JSON object.
func output(to any, program string, args []string) error {
	return outputOf(to, exec.Command(program, args...))
}

func outputOf(to any, cmd *exec.Cmd) error {
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(out, to); err != nil {
		return fmt.Errorf("its output %q: %w", out, err)
	}
	return nil
}

// median takes each figure's median over the rounds and the largest peak.
func median(rows []row) row {
	pick := func(of func(row) float64) float64 {
		var v []float64
		for _, r := range rows {
			v = append(v, of(r))
		}
		return middle(v)
	}
	m := rows[0]
	m.Train = pick(func(r row) float64 { return r.Train })
	m.Eval = pick(func(r row) float64 { return r.Eval })
	for _, r := range rows {
		m.RSS = max(m.RSS, r.RSS)
	}
	return m
}
