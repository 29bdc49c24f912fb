package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// chooseWeights finds the weights that infer uses: of a file, of a run, or the
// store's best for the config's tasks.
func chooseWeights(ctx context.Context, e *env, cfg *configs.Config, o inferFlags) (*source, error) {
	if o.weights != "" {
		return fileWeights(cfg, o.weights)
	}
	var chosen *source
	err := e.reading(ctx, func(st sweep.Reader) error {
		r, err := chooseRun(st, cfg, o.run)
		if err != nil {
			return err
		}
		m, w, err := openBest(st, r.Spec.ID)
		if err != nil {
			return err
		}
		defer w.Close()
		path, err := temporaryFile(w)
		if err != nil {
			return fmt.Errorf("take the weights of run %s out of the store: %w", r.Spec.ID, err)
		}
		chosen = &source{
			path: path, close: func() { os.Remove(path) },
			label: fmt.Sprintf("%s of run %s, epoch %d, %s %.4f", r.Spec.Model, r.Spec.ID, m.Epoch, m.Metric, m.Value),
			model: r.Spec.Model, head: r.Spec.Head, tasks: r.Spec.Tasks, imageSize: r.Spec.Data.ImageSize,
		}
		return nil
	})
	return chosen, err
}

// chooseRun returns the run that is asked for, or the best one with the config's tasks.
func chooseRun(st sweep.Reader, cfg *configs.Config, id string) (run.Record, error) {
	tasks := sweep.Tasks(cfg)
	if id != "" {
		r, err := st.Run(id)
		if err == nil && !sameTasks(r.Spec.Tasks, tasks) {
			why := ""
			if merges(r.Spec.Tasks) != merges(tasks) {
				why = " (one of them has merge_labels)"
			}
			err = usagef("run %s was trained on other label names than those of %s%s: give a config that has them in the run's order (sweep runs show %s --format json)", id, cfg.Source, why, id)
		}
		return r, notFound(err)
	}
	records, err := st.Runs()
	if err != nil {
		return run.Record{}, err
	}
	records = slices.DeleteFunc(records, func(r run.Record) bool { return !sameTasks(r.Spec.Tasks, tasks) })
	if len(records) == 0 {
		return run.Record{}, usagef("no run in the store has the config's label names: train one, or give --weights FILE")
	}
	best, err := sweep.BestRun(records)
	return best, withCode(exitUsage, err)
}

func merges(tasks []run.Task) bool {
	return slices.ContainsFunc(tasks, func(t run.Task) bool { return len(t.Merged) > 0 })
}

func sameTasks(a, b []run.Task) bool {
	return slices.EqualFunc(a, b, func(x, y run.Task) bool {
		return x.Name == y.Name && slices.Equal(x.Classes, y.Classes)
	})
}

// fileWeights describes the weights of a file: the backbone is the one that it fits.
func fileWeights(cfg *configs.Config, path string) (*source, error) {
	report, err := weights.Inspect(path)
	if err != nil {
		return nil, withCode(exitUsage, err)
	}
	switch {
	case report.Model == "":
		return nil, usagef("%s fits no backbone that this program knows (%s): see sweep weights inspect", path, strings.Join(configs.Backbones(), ", "))
	case !slices.Contains(cfg.Models, report.Model):
		return nil, usagef("%s holds a %s, the config names %s", path, report.Model, strings.Join(cfg.Models, ", "))
	}
	return &source{
		path: path, close: func() {},
		label: fmt.Sprintf("%s of %s", report.Model, path),
		model: report.Model, head: cfg.Head, tasks: sweep.Tasks(cfg), imageSize: cfg.Data.ImageSize,
	}, nil
}

func temporaryFile(content io.Reader) (string, error) {
	f, err := os.CreateTemp("", "sweep-weights-*.safetensors")
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(f, content); err != nil {
		f.Close()
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), f.Close()
}
