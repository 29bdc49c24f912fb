package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/metric"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// sweepFlags are the flags of the commands that start a sweep.
type sweepFlags struct {
	set        *pflag.FlagSet // tells a flag that was not given from one that is empty
	demo       bool           // the demo's config and data
	noTUI      bool
	config     string
	models     []string
	seeds      []string
	epochs     int
	failUnder  []string
	summary    string
	events     string
	allowSkips bool
}

func (o *sweepFlags) register(f *pflag.FlagSet) {
	o.set = f
	f.BoolVar(&o.noTUI, "no-tui", false, "plain progress on stderr, the comparison table as markdown on stdout")
	f.StringSliceVar(&o.models, "models", nil, "backbones to run instead of the config's, as `a,b`")
	f.StringSliceVar(&o.seeds, "seeds", nil, "seeds instead of the config's, as `42,43`")
	f.IntVar(&o.epochs, "epochs", 0, "epochs instead of the config's")
	f.StringArrayVar(&o.failUnder, "fail-under", nil, "bound as `METRIC=VALUE`: exit with 3 when a run's test value is under it, or over it for a loss (may repeat)")
	f.StringVar(&o.summary, "summary", "", "append the table as markdown to this `file` (default $GITHUB_STEP_SUMMARY)")
	f.StringVar(&o.events, "events", "", "write every event to this `file`, a JSON object a line")
	f.BoolVar(&o.allowSkips, "allow-skips", false, "go on when more than 5 % of videos or frames are skipped")
}

// overrides turns the flags into what is laid over the config.
func (o *sweepFlags) overrides(e *env) (configs.Overrides, error) {
	over := configs.Overrides{Models: o.models, Engine: e.flags.engine}
	if o.set.Changed("seeds") {
		over.Seeds = []uint64{}
	}
	for _, s := range o.seeds {
		seed, err := strconv.ParseUint(strings.TrimSpace(s), 10, 64)
		if err != nil {
			return over, &usageError{fmt.Errorf("--seeds %q: want whole numbers from 0", s)}
		}
		over.Seeds = append(over.Seeds, seed)
	}
	if o.set.Changed("epochs") {
		over.Epochs = &o.epochs
	}
	return over, nil
}

func runSweep(ctx context.Context, e *env, o sweepFlags) error {
	if o.inApp(e) {
		return sweepInApp(ctx, e, o)
	}
	if o.config == "" {
		found, err := configs.Discover(".")
		if err != nil {
			return withCode(exitUsage, err)
		}
		return &usageError{fmt.Errorf("which sweep? give --config with one of: %s; or try: sweep demo",
			strings.Join(append(found, configs.Embedded()...), ", "))}
	}
	cfg, err := configs.Load(o.config)
	if err != nil {
		return err
	}
	return sweepConfig(ctx, e, cfg, o)
}

// sweepConfig runs a sweep in the foreground from its config to its table.
func sweepConfig(ctx context.Context, e *env, cfg *configs.Config, o sweepFlags) error {
	if _, err := e.oneOf("md"); err != nil {
		return err
	}
	over, err := o.overrides(e)
	if err != nil {
		return err
	}
	if cfg, err = cfg.Override(over); err != nil {
		return err
	}
	for _, n := range cfg.Notices {
		fmt.Fprintf(e.stderr, "sweep: %s\n", n)
	}
	bounds, err := sweep.ParseBounds(o.failUnder, sweep.Tasks(cfg))
	if err != nil {
		return &usageError{err}
	}
	if err := checkSummary(summaryFile(e, o.summary)); err != nil {
		return withCode(exitUsage, fmt.Errorf("summary: %w", err))
	}
	dir, err := e.storeDir()
	if err != nil {
		return err
	}
	c, st, err := takeStore(ctx, dir, lockPatience)
	if err != nil {
		return withCode(exitStore, err)
	}
	if c != nil {
		defer c.Close()
		return submitConfig(ctx, e, c, cfg, o, bounds)
	}
	defer st.Close()
	fg, err := newForeground(e, st, cfg.Parallel)
	if err != nil {
		return err
	}
	defer fg.close()
	specs, images, err := planned(ctx, e, cfg, dir, st.NewID, o.allowSkips)
	if err != nil {
		return err
	}
	results, err := fg.run(ctx, specs, images, o.events, func() error { return fg.sup.Submit(specs) })
	if err != nil {
		return err
	}
	return report(ctx, e, results, bounds, o.summary)
}

// summaryFile is where the summary goes; empty for nowhere.
func summaryFile(e *env, flag string) string {
	return cmp.Or(flag, e.getenv("GITHUB_STEP_SUMMARY"))
}

// checkSummary finds out before hours of training whether the file, which may be
// missing, can be appended to.
func checkSummary(path string) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if errors.Is(err, fs.ErrNotExist) {
		dir := filepath.Dir(path)
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("%s: there is no folder %s", path, dir)
		}
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// planned lists the runs of a config, checks that they can be trained, and
// prepares their data.
func planned(ctx context.Context, e *env, cfg *configs.Config, dir string, newID newID, allowSkips bool) ([]run.Spec, sweep.Images, error) {
	var none sweep.Images
	specs, notices, err := planConfig(e, cfg, "", dir, newID, allowSkips)
	if err != nil {
		return nil, none, withCode(exitUsage, err)
	}
	for _, n := range notices {
		fmt.Fprintf(e.stderr, "sweep: %s\n", n)
	}
	for _, spec := range specs {
		if err := e.engines(spec.Plugin).Check(spec); err != nil {
			return nil, none, withCode(exitUsage, fmt.Errorf("%s: %w", spec.Model, err))
		}
	}
	set, err := prepareSpec(ctx, e, specs[0].Data, specs[0].Tasks)
	if err != nil {
		return nil, none, err
	}
	if e.flags.verbose {
		fmt.Fprintf(e.stderr, "sweep: config %s\nsweep: data %s in %s\nsweep: version %s\n",
			specs[0].ConfigDigest, set.DataDigest, set.Dir, programVersion())
	}
	images := sweep.Images{
		Train: len(set.Part(data.Train)), Val: len(set.Part(data.Val)), Test: len(set.Part(data.Test)),
	}
	return specs, images, set.Close()
}

// knownWeights finds a backbone's public weights and says what was taken.
func knownWeights(e *env, cfg *configs.Config, model string) (path, notice string, err error) {
	if path, err = weights.Find(model, cfg.WeightsDir, e.getenv); err != nil {
		return "", "", err
	}
	digest, err := weights.Digest(path)
	if err != nil {
		return "", "", err
	}
	notice = fmt.Sprintf("%s starts from %s (sha256 %s)", model, path, digest)
	if sum := weights.ChecksumInName(path); !strings.HasPrefix(digest, sum) {
		notice += fmt.Sprintf(", which is not the published file: that has the %s of its name", sum)
	}
	return path, notice, nil
}

// report prints the table of runs and decides the exit code.
func report(ctx context.Context, e *env, results []sweep.Result, bounds []sweep.Bound, summary string) error {
	table := sweep.NewTable(results, sweep.ByModel)
	if slices.ContainsFunc(results, func(r sweep.Result) bool { return r.Test != nil }) {
		if err := table.Markdown(e.stdout); err != nil {
			return err
		}
	}
	missed := sweep.Missed(bounds, results)
	if summary = summaryFile(e, summary); summary != "" {
		pairs, err := table.Indistinguishable(context.WithoutCancel(ctx), macroF1)
		if err != nil {
			return err
		}
		if err := table.AppendSummary(summary, pairs, missed); err != nil {
			return err
		}
	}
	records := make([]run.Record, len(results))
	for i, r := range results {
		records[i] = r.Record
	}
	if code := sweep.ExitCode(records); code != exitDone {
		return withCode(code, errors.New("")) // the progress lines said why
	}
	if len(missed) > 0 {
		return withCode(exitUnder, errors.New(strings.Join(missed, "\n")))
	}
	return nil
}

// macroF1 rates resampled predictions for the bootstrap.
func macroF1(classes []int, truth, pred [][]int32, sample []int32) float64 {
	return metric.NewMacroF1(classes).Of(truth, pred, sample)
}

// color reports whether stderr may be coloured.
func (e *env) color() bool {
	switch {
	case e.getenv("NO_COLOR") != "" || e.getenv("TERM") == "dumb":
		return false
	case e.getenv("CLICOLOR_FORCE") != "" && e.getenv("CLICOLOR_FORCE") != "0":
		return true
	}
	return e.stderrTTY
}

// stderrWidth is the terminal's width in columns, 0 where it is not known.
func (e *env) stderrWidth() int {
	f, ok := e.stderr.(*os.File)
	if !ok {
		return 0
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return w
}
