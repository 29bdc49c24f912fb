package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer"
	"github.com/backbone-sweep/sweep/trainer/data"
)

type inferFlags struct {
	dir, config  string
	run, weights string
	logits       bool
}

func newInfer(e *env) *cobra.Command {
	var o inferFlags
	cmd := &cobra.Command{
		Use:   "infer --input_dir DIR --config FILE [--run ID | --weights FILE]",
		Short: "Label the images of a folder",
		Long: `infer labels every .jpg, .jpeg and .png of a folder (sorted by name, without
its subfolders), then counts the labels of each task.

Without --run and --weights it takes the best run of the store that has the
config's tasks. Formats: text, json (one object a line), csv. An image that
cannot be read is reported, the others go on, and the exit code is 1.`,
		Args: needs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.run != "" && o.weights != "" {
				return &usageError{errors.New("--run and --weights exclude each other: give one")}
			}
			return runInfer(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.dir, "input_dir", "", "`folder` of images")
	f.StringVar(&o.config, "config", "", "config `file` that holds the label names")
	f.StringVar(&o.run, "run", "", "`ID` of the run whose best weights to use")
	f.StringVar(&o.weights, "weights", "", "weight `file` to use")
	f.BoolVar(&o.logits, "logits", false, "add the raw logits to json")
	must(cmd.MarkFlagRequired("input_dir"))
	must(cmd.MarkFlagRequired("config"))
	return cmd
}

func runInfer(ctx context.Context, e *env, o inferFlags) error {
	format, err := e.oneOf("text", "json", "csv")
	if err != nil {
		return err
	}
	cfg, err := loadConfig(e, o.config)
	if err != nil {
		return err
	}
	images, err := data.ListImages(o.dir)
	if err != nil {
		return withCode(exitUsage, err)
	}
	chosen, err := chooseWeights(ctx, e, cfg, o)
	if err != nil {
		return err
	}
	defer chosen.close()
	fmt.Fprintf(e.stderr, "sweep: %d images, %s\n", len(images), chosen.label)

	p, err := trainer.NewPredictor(trainer.PredictorOptions{
		Engines: e.engines(""), Engine: engineName(cfg), Model: chosen.model, Head: chosen.head, Tasks: chosen.tasks,
		ImageSize: chosen.imageSize, Batch: min(cfg.BatchSize, len(images)), Weights: chosen.path,
	})
	if err != nil {
		return withCode(exitUsage, err)
	}
	defer p.Close()

	out := newPredictionWriter(e.stdout, format, chosen.tasks, o.logits)
	broken := 0
	progress := newCounter(e, "images", len(images))
	err = p.Predict(ctx, images, func(q trainer.Prediction) error {
		progress.add(1)
		if q.Err != nil {
			broken++
			progress.clear()
			fmt.Fprintf(e.stderr, "sweep: %v\n", q.Err)
		}
		return out.write(filepath.Base(q.Path), q)
	})
	progress.clear()
	if err != nil {
		return err
	}
	if err := out.close(); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d images could not be read", broken, len(images))
	}
	return nil
}

// engineName is the engine that flag and config ask for.
func engineName(cfg *configs.Config) string {
	if cfg.RequireGPU() {
		return configs.EngineXLA
	}
	return cfg.EngineName()
}

// source is where infer's weights come from.
type source struct {
	path      string
	label     string // for people
	model     string
	head      string
	tasks     []run.Task
	imageSize int
	close     func()
}
