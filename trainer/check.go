package trainer

import (
	"fmt"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// Check finds, without training, what would keep a run from starting: an engine
// or precision that is not to be had, an unknown backbone, weights that do not
// fit or hold a NaN. Its errors match ErrInput. Data are not looked at.
func (e Engines) Check(spec run.Spec) error {
	choice, err := e.Choose(spec.Engine)
	if err != nil {
		return err
	}
	if spec.Precision == engine.BF16 && choice.Engine == "host" {
		return &inputError{fmt.Errorf("precision bf16: the host engine computes in fp32: use precision: fp32, or engine: xla on a GPU")}
	}
	graph, err := backbone.Build(graphOptions(spec.Model, spec.Head, spec.Tasks, spec.Data.ImageSize))
	if err != nil {
		return &inputError{err}
	}
	if spec.Pretrained == "" {
		return nil
	}
	if _, err := weights.Load(spec.Pretrained, graph.Params, graph.Buffers, weights.State{}); err != nil {
		return &inputError{err}
	}
	return nil
}
