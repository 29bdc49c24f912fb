package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

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
	top          int
}

func newInfer(e *env) *cobra.Command {
	var o inferFlags
	cmd := &cobra.Command{
		Use:   "infer --input_dir DIR --config FILE [--run ID | --weights FILE]",
		Short: "Label the images of a folder",
		Long: `infer labels every .jpg, .jpeg and .png of a folder (sorted by name, without
its subfolders), then counts the labels of each task. With --input_dir - it reads
the paths of the images from stdin, one a line.

Without --run and --weights it takes the best run of the store that has the
config's tasks. Formats: text, json (one object a line), csv. --top K adds the K
most probable labels of each task with their probabilities. An image that cannot
be read is reported, the others go on, and the exit code is 1.

The config of the original program will do: of its keys infer needs label_names
alone. Where it says device: cuda and no GPU answers, the host engine labels.`,
		Args: needs(),
		Example: strings.TrimLeft(`
  sweep infer --input_dir images --config task02.yaml
  sweep infer --input_dir images --config task02.yaml --top 3 --format csv
  find archive -name '*.jpg' | sweep infer --input_dir - --config task02.yaml --format json`, "\n"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.top < 0 || cmd.Flags().Changed("top") && o.top == 0 {
				return &usageError{fmt.Errorf("--top %d: want at least 1", o.top)}
			}
			if o.run != "" && o.weights != "" {
				return &usageError{errors.New("--run and --weights exclude each other: give one")}
			}
			return runInfer(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.dir, "input_dir", "", "`folder` of images, or - for a list of paths on stdin")
	f.StringVar(&o.config, "config", "", "config `file` that holds the label names")
	f.StringVar(&o.run, "run", "", "`ID` of the run whose best weights to use")
	f.StringVar(&o.weights, "weights", "", "weight `file` to use")
	f.BoolVar(&o.logits, "logits", false, "add the raw logits to json")
	f.IntVar(&o.top, "top", 0, "add the `K` most probable labels of each task")
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
	images, name, err := inferImages(e, o.dir)
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
		Engines: e.engines(""), Engine: inferEngine(e, cfg), Model: chosen.model, Head: chosen.head, Tasks: chosen.tasks,
		ImageSize: chosen.imageSize, Batch: min(cfg.BatchSize, len(images)), Weights: chosen.path,
	})
	if err != nil {
		return withCode(exitUsage, err)
	}
	defer p.Close()

	out := newPredictionWriter(e.stdout, format, chosen.tasks, o.logits, o.top)
	broken := 0
	progress := newCounter(e, "images", len(images))
	err = p.Predict(ctx, images, func(q trainer.Prediction) error {
		progress.add(1)
		if q.Err != nil {
			broken++
			progress.clear()
			fmt.Fprintf(e.stderr, "sweep: %v\n", q.Err)
		}
		return out.write(name(q.Path), q)
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

// inferImages lists the images to label, and how each is called in the output:
// those of a folder by their names, those of a list as it names them.
func inferImages(e *env, dir string) (images []string, name func(string) string, err error) {
	if dir == "-" {
		images, err = data.ReadImageList(e.stdin)
		return images, func(path string) string { return path }, err
	}
	images, err = data.ListImages(dir)
	return images, filepath.Base, err
}

// inferEngine is engineName but for `device: cuda`: training on the wrong device
// costs days, labels are the same from any.
func inferEngine(e *env, cfg *configs.Config) string {
	if cfg.RequireGPU() && e.flags.engine == "" {
		return cfg.EngineName()
	}
	return engineName(cfg)
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
