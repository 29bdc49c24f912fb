package parity

import (
	"embed"
	"encoding/json"
	"fmt"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
)

//go:embed testdata/*.json
var testdata embed.FS

// Fixture is what PyTorch computed for one backbone.
type Fixture struct {
	Model     string  `json:"model"`
	ImageSize int     `json:"image_size"`
	Batch     int     `json:"batch"`
	Gain      float64 `json:"gain"`
	Input     string  `json:"input"` // name of the images in the formula
	Tasks     []struct {
		Name    string `json:"name"`
		Classes int    `json:"classes"`
	} `json:"tasks"`
	Parameters int                `json:"parameters"`
	Expected   map[string][]int32 `json:"labels"`
	InputCheck struct {
		First []float64 `json:"first"`
		Sum   float64   `json:"sum_batch4"`
	} `json:"input_check"`
	Eval struct {
		First16 [][]float64            `json:"features_first16"`
		Norm    []float64              `json:"features_norm"`
		Logits  map[string][][]float64 `json:"logits"`
		Loss    map[string]float64     `json:"loss"`
	} `json:"eval"`
	Train struct {
		Logits   map[string][][]float64 `json:"logits"`
		Loss     map[string]float64     `json:"loss"`
		GradNorm float64                `json:"grad_norm_total"`
		Zero     []string               `json:"zero_grads"`
	} `json:"train"`
	TenLosses struct {
		Batch       int       `json:"batch"`
		LR          float64   `json:"lr"`
		WeightDecay float64   `json:"weight_decay"`
		Loss        []float64 `json:"loss"`
	} `json:"ten_losses"`
	Tolerance struct {
		Features    float64   `json:"features"`
		EvalLogits  float64   `json:"eval_logits"`
		TrainLogits float64   `json:"train_logits"`
		EvalLoss    float64   `json:"eval_loss"`
		TrainLoss   float64   `json:"train_loss"`
		Running     float64   `json:"running"`
		GradNorm    float64   `json:"grad_norm"`
		GradNorm95  float64   `json:"grad_norm_95_percent"`
		GradProbe   float64   `json:"grad_probe"`
		GradProbe95 float64   `json:"grad_probe_95_percent"`
		ZeroGrad    float64   `json:"zero_grad_norm_of_total"`
		TenLosses   []float64 `json:"ten_losses"`
	} `json:"tolerance"`
	Params  []param  `json:"params"`
	Running []buffer `json:"running"`
}

// param and buffer are rows of the fixture, written as arrays.
type param struct {
	Name                    string
	Shape                   []int // timm's
	WeightNorm, WeightProbe float64
	GradNorm, GradProbe     float64
}

type buffer struct {
	Name        string
	Norm, Probe float64
}

func (p *param) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&p.Name, &p.Shape, &p.WeightNorm, &p.WeightProbe, &p.GradNorm, &p.GradProbe})
}

func (f *buffer) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&f.Name, &f.Norm, &f.Probe})
}

// Load reads the fixture of a model.
func Load(model string) (*Fixture, error) {
	raw, err := testdata.ReadFile("testdata/" + model + ".json")
	if err != nil {
		return nil, err
	}
	f := &Fixture{}
	if err := json.Unmarshal(raw, f); err != nil {
		return nil, fmt.Errorf("parity: %s: %w", model, err)
	}
	return f, nil
}

// Options are those of the fixture's network at a batch size.
func (f *Fixture) Options(batch int, training bool) backbone.Options {
	o := backbone.Options{Model: f.Model, Head: run.HeadMulti, Batch: batch, Size: f.ImageSize, Training: training}
	for _, t := range f.Tasks {
		o.TaskNames = append(o.TaskNames, t.Name)
		o.Classes = append(o.Classes, t.Classes)
	}
	return o
}
