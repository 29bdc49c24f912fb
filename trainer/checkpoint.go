package trainer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

const ownBest = "best.safetensors"

func announcedBest(epoch int) string { return fmt.Sprintf("best-%d.safetensors", epoch) }

// saveBest writes the current weights as the best ones.
func (r *running) saveBest(best run.Best) error {
	meta := map[string]string{
		"format":        "pt", // what loaders of safetensors expect to find
		"model":         r.spec.Model,
		"head":          r.spec.Head,
		"run":           r.spec.ID,
		"epoch":         strconv.Itoa(best.Epoch),
		"metric":        best.Metric,
		"value":         strconv.FormatFloat(best.Value, 'g', -1, 64),
		"seed":          strconv.FormatUint(r.spec.Seed, 10),
		"config_digest": r.spec.ConfigDigest,
		"data_digest":   r.set.DataDigest,
		"version":       r.spec.Version,
		"image_size":    strconv.Itoa(r.spec.Data.ImageSize),
	}
	state, err := readWeights(r.prog)
	if err != nil {
		return err
	}
	params, buffers := r.prog.Params(), r.prog.Buffers()
	err = writeFile(r.path(ownBest), func(w io.Writer) error {
		return weights.Export(w, params, buffers, state, meta)
	})
	if err != nil {
		return fmt.Errorf("keep the best weights: %w", err)
	}
	return nil
}

// announceBest offers the best weights under a name of their own, so that the
// receiver can delete the file while the trainer keeps its copy for the test.
func (r *running) announceBest() error {
	name := announcedBest(r.at.Best.Epoch)
	if err := os.Remove(r.path(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("offer the best weights: %w", err)
	}
	if err := os.Link(r.path(ownBest), r.path(name)); err != nil {
		return fmt.Errorf("offer the best weights: %w", err)
	}
	r.deps.Emit(run.Event{
		Type: run.EventBest, Epoch: r.at.Best.Epoch, Step: r.at.Best.Epoch * r.perEpoch, File: name,
		Metric: r.at.Best.Metric, Value: r.at.Best.Value, Values: r.at.BestValues,
	})
	return nil
}

// loadBest puts the best weights back into the network.
func (r *running) loadBest() error {
	state := weights.State{}
	loaded, err := weights.Load(r.path(ownBest), r.prog.Params(), r.prog.Buffers(), state)
	if err != nil {
		return fmt.Errorf("take the best weights up again: %w", err)
	}
	if got, want := loaded.Metadata["epoch"], strconv.Itoa(r.at.Best.Epoch); got != want {
		return fmt.Errorf("%s holds epoch %s, but the best epoch is %s", r.path(ownBest), got, want)
	}
	return writeWeights(r.prog, state)
}

// removeState deletes what only an unfinished run needs.
func (r *running) removeState() error {
	for _, name := range []string{ResumeFile, ownBest} {
		if err := os.Remove(r.path(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("tidy up after the run: %w", err)
		}
	}
	return nil
}
