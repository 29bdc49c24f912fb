package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer"
	"github.com/backbone-sweep/sweep/trainer/data"
)

// planner turns what a client asks for into runs, and checks beforehand that
// this machine can train them.
type planner struct {
	e  *env
	st *store.Store

	mu    sync.Mutex
	needs map[needKey]trainer.Need // planning a network takes a while
}

// needKey is what a run's need depends on.
type needKey struct {
	model, head, engine, precision, classes string

	size, batch int
}

var _ sweep.Planner = (*planner)(nil)

func newPlanner(e *env, st *store.Store) *planner {
	return &planner{e: e, st: st, needs: map[needKey]trainer.Need{}}
}

func (p *planner) dir() string { return filepath.Dir(p.st.Path()) }

// Plan says what a start would do.
func (p *planner) Plan(ctx context.Context, r sweep.StartRequest) (sweep.Preview, error) {
	cfg, specs, notices, err := p.specs(r)
	if err != nil {
		return sweep.Preview{Notes: []string{}, Problems: sentences(err)}, nil
	}
	c := checks{p: p, preview: sweep.Preview{
		Name: cfg.Name, Epochs: cfg.Epochs, Parallel: cfg.Parallel, Engine: specs[0].Engine,
		Notes: append([]string{}, notices...), Problems: []string{},
	}}
	if choice, err := p.e.engines(specs[0].Plugin).Choose(specs[0].Engine); err == nil {
		c.preview.Engine, c.preview.Device = choice.Engine, choice.Device
		if choice.Why != "" {
			c.note("trains on the processor: %s", choice.Why)
		}
	}
	c.runs(specs)
	if err := ctx.Err(); err != nil {
		return sweep.Preview{}, err
	}
	c.memory()
	c.disk()
	c.data(ctx, specs[0], r.Demo)
	return c.preview, ctx.Err()
}

// Look counts the images that a start would train on.
func (p *planner) Look(ctx context.Context, r sweep.StartRequest) (run.Overview, error) {
	cfg, err := p.config(r)
	if err == nil {
		err = cfg.NeedData()
	}
	if err == nil { // the first seed decides frames and split
		cfg, err = cfg.Override(configs.Overrides{Seeds: r.Seeds})
	}
	if err != nil {
		return run.Overview{}, sweep.Refused(sentences(err)...)
	}
	spec, err := sweep.DataSpec(cfg, p.dir())
	if err != nil {
		return run.Overview{}, err
	}
	if _, err := os.Stat(spec.Dir); r.Demo && errors.Is(err, os.ErrNotExist) {
		return run.Overview{}, sweep.Refused("the demo data set is not there yet: the first start writes it to " + spec.Dir)
	}
	o, err := data.Look(ctx, spec, sweep.Tasks(cfg), nil)
	if isInput := new(data.InputError); errors.As(err, &isInput) {
		return run.Overview{}, sweep.Refused(sentences(err)...)
	}
	if err != nil {
		return run.Overview{}, err
	}
	return *o, nil
}

// Specs lists the runs of a start, and makes the demo's data set.
func (p *planner) Specs(ctx context.Context, r sweep.StartRequest) ([]run.Spec, error) {
	_, specs, _, err := p.specs(r)
	if err != nil {
		return nil, sweep.Refused(sentences(err)...)
	}
	preview, err := p.Plan(ctx, r)
	if err != nil {
		return nil, err
	}
	if len(preview.Problems) > 0 {
		return nil, sweep.Refused(preview.Problems...)
	}
	if r.Demo {
		if err := demoData(ctx, p.e, demoDir(p.dir())); err != nil {
			return nil, err
		}
	}
	return specs, nil
}

// specs plans the runs of a request.
func (p *planner) specs(r sweep.StartRequest) (*configs.Config, []run.Spec, []string, error) {
	cfg, err := p.config(r)
	if err != nil {
		return nil, nil, nil, err
	}
	over := configs.Overrides{Models: r.Models, Seeds: r.Seeds, Engine: r.Engine}
	if r.Epochs != 0 {
		over.Epochs = &r.Epochs
	}
	if cfg, err = cfg.Override(over); err != nil {
		return nil, nil, nil, err
	}
	specs, notices, err := planConfig(p.e, cfg, r.Plugin, p.dir(), p.st.NewID, r.AllowSkips)
	return cfg, specs, append(cfg.Notices, notices...), err
}

// config reads what a request names: a file as the asking process sees it, or
// an embedded config.
func (p *planner) config(r sweep.StartRequest) (*configs.Config, error) {
	if r.Demo {
		cfg, err := configs.LoadEmbedded("demo")
		if err != nil {
			return nil, err
		}
		return cfg.WithDir(demoDir(p.dir())), nil
	}
	path := r.Config
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.Dir, path)
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		name := strings.TrimSuffix(r.Config, ".yaml")
		if text, err := configs.EmbeddedText(name); err == nil {
			return configs.Parse(name, text, r.Dir)
		}
	}
	return configs.Load(path)
}

// newID makes the id of a run.
type newID = func(now time.Time, sweep, model string, seed uint64) (string, error)

// planConfig lists the runs of a config.
func planConfig(e *env, cfg *configs.Config, plugin, dir string, newID newID, allowSkips bool) ([]run.Spec, []string, error) {
	if cfg.RequireGPU() {
		if err := e.engines(plugin).NeedGPU(); err != nil {
			return nil, nil, fmt.Errorf("device: cuda insists on a GPU: %w", err)
		}
	}
	return sweep.Plan(cfg, sweep.PlanOptions{
		StoreDir: dir, Launch: sweep.NewLaunch(), Now: e.now(), NewID: newID,
		Version: programVersion(), Engine: engineName(cfg), Plugin: cmp.Or(plugin, e.plugin()), AllowSkips: allowSkips,
		Weights: func(model string) (path, notice string, err error) { return knownWeights(e, cfg, model) },
	})
}

// sentences are the lines of an error.
func sentences(err error) []string { return strings.Split(err.Error(), "\n") }

func tasksKey(tasks []run.Task) string {
	var b strings.Builder
	for _, t := range tasks {
		fmt.Fprintf(&b, "%d ", len(t.Classes))
	}
	return b.String()
}

// need is what a run takes of this machine.
func (p *planner) need(spec run.Spec) (trainer.Need, error) {
	key := needKey{
		spec.Model, spec.Head, spec.Engine, spec.Precision, tasksKey(spec.Tasks),
		spec.Data.ImageSize, spec.BatchSize,
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if need, ok := p.needs[key]; ok {
		return need, nil
	}
	need, err := p.e.engines(spec.Plugin).Estimate(spec)
	if err == nil {
		p.needs[key] = need
	}
	return need, err
}
