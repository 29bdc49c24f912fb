package sweep

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"time"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// PlanOptions is what a plan needs beyond the config.
type PlanOptions struct {
	StoreDir   string // the store folder
	Launch     string // names this start of the sweep; NewLaunch makes one
	Now        time.Time
	Version    string // of this program
	Engine     string // auto, host or xla; empty: what the config says
	Plugin     string // PJRT plugin that was named; empty: the worker searches
	AllowSkips bool

	// NewID makes an id for a run that the store does not hold yet.
	NewID func(now time.Time, sweep, model string, seed uint64) (string, error)

	// Weights finds the file that a backbone starts from when the config asks
	// for known weights (`pretrained: true`), and says where it found it. It is
	// called once a backbone. Nil is an error for such a config.
	Weights func(model string) (path, notice string, err error)
}

// NewLaunch makes a name for one start of a sweep: six hexadecimal digits.
func NewLaunch() string {
	b := make([]byte, 3)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// Plan lists the runs of a sweep: the config's backbones in order, each with
// every seed in order. Nothing is created. The notices are sentences for the user.
func Plan(cfg *configs.Config, opt PlanOptions) (specs []run.Spec, notices []string, err error) {
	if err := cfg.NeedData(); err != nil {
		return nil, nil, err
	}
	store, err := filepath.Abs(opt.StoreDir)
	if err != nil {
		return nil, nil, fmt.Errorf("store %s: %w", opt.StoreDir, err)
	}
	data, err := DataSpec(cfg, store)
	if err != nil {
		return nil, nil, err
	}
	data.AllowSkips = opt.AllowSkips
	engine := opt.Engine
	if engine == "" {
		engine = cfg.EngineName()
	}
	digest, text := cfg.Digest(), cfg.YAML()
	for _, model := range cfg.Models {
		weights, notice, err := firstWeights(cfg, model, opt)
		if err != nil {
			return nil, nil, err
		}
		if notice != "" {
			notices = append(notices, notice)
		}
		for _, seed := range cfg.Seeds {
			id, err := opt.NewID(opt.Now, cfg.Name, model, seed)
			if err != nil {
				return nil, nil, err
			}
			specs = append(specs, run.Spec{
				ID: id, Sweep: cfg.Name, Launch: opt.Launch,
				Model: model, Seed: seed, Head: cfg.Head, Tasks: Tasks(cfg), Data: data,
				Pretrained: weights,
				BatchSize:  cfg.BatchSize, Epochs: cfg.Epochs,
				LearningRate: cfg.LearningRate, WeightDecay: cfg.WeightDecay, Schedule: cfg.LRSchedule,
				HFlip: cfg.Augment.HFlip, BestMetric: cfg.BestMetric,
				Engine: engine, Plugin: opt.Plugin, Precision: cfg.Precision, Parallel: cfg.Parallel,
				ConfigDigest: digest, Config: text, Version: opt.Version,
				Dir: filepath.Join(store, "runs", id),
			})
		}
	}
	return specs, notices, nil
}

// firstWeights is the file that a backbone starts from; empty means random weights.
func firstWeights(cfg *configs.Config, model string, opt PlanOptions) (path, notice string, err error) {
	if !cfg.Pretrained.Known {
		return cfg.Pretrained.Files[model], "", nil
	}
	if opt.Weights == nil {
		return "", "", fmt.Errorf("pretrained weights of %s: nothing here can look for them: name a file per backbone", model)
	}
	if path, notice, err = opt.Weights(model); err != nil {
		return "", "", fmt.Errorf("pretrained weights of %s: %w", model, err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", "", fmt.Errorf("pretrained weights of %s: %w", model, err)
	}
	return path, notice, nil
}

// DataSpec says which images a config's runs see. Frame choice and split follow
// the first seed, so that all runs of a sweep share them.
func DataSpec(cfg *configs.Config, storeDir string) (run.Data, error) {
	store, err := filepath.Abs(storeDir)
	if err != nil {
		return run.Data{}, fmt.Errorf("store %s: %w", storeDir, err)
	}
	d := cfg.Data
	base := ""
	if d.Dir == "" {
		base = cfg.Folder()
	}
	return run.Data{
		Dir: d.Dir, CSV: d.CSV, TrainCSV: d.TrainCSV, ValCSV: d.ValCSV, TestCSV: d.TestCSV, Base: base,
		ImageSize: d.ImageSize, FrequentOver: d.FrequentOver,
		Val: d.Split.Val, Test: d.Split.Test, Group: d.Split.Group,
		Seed:     cfg.Seeds[0],
		Prepared: filepath.Join(store, "data"),
	}, nil
}

// Tasks lists a config's label sets.
func Tasks(cfg *configs.Config) []run.Task {
	tasks := make([]run.Task, len(cfg.Tasks))
	for i, t := range cfg.Tasks {
		tasks[i] = run.Task{Name: t.Name, Classes: t.Kept(), Merged: t.Merged}
	}
	return tasks
}
