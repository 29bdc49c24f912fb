package trainer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// keptBest is the trainer's own copy of the best weights, offeredBest the same
// file under a name that whoever takes it deletes.
func keptBest(epoch int) string    { return fmt.Sprintf("kept-%d.safetensors", epoch) }
func offeredBest(epoch int) string { return fmt.Sprintf("best-%d.safetensors", epoch) }

// saveBest writes the current weights as the best ones and offers them. The
// former best stays until the resume state no longer needs it.
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
	err = writeFile(r.path(keptBest(best.Epoch)), func(w io.Writer) error {
		return weights.Export(w, params, buffers, state, meta)
	})
	if err != nil {
		return fmt.Errorf("keep the best weights: %w", err)
	}
	return r.offer(best.Epoch)
}

// offer gives the kept weights of an epoch the name that is announced.
func (r *running) offer(epoch int) error {
	err := os.Remove(r.path(offeredBest(epoch)))
	if err == nil || errors.Is(err, os.ErrNotExist) {
		err = os.Link(r.path(keptBest(epoch)), r.path(offeredBest(epoch)))
	}
	if err != nil {
		return fmt.Errorf("offer the best weights: %w", err)
	}
	return nil
}

// announceBest says that better weights are offered.
func (r *running) announceBest() {
	best := r.at.Best
	r.deps.Emit(run.Event{
		Type: run.EventBest, Epoch: best.Epoch, Step: best.Epoch * r.perEpoch, File: offeredBest(best.Epoch),
		Metric: best.Metric, Value: best.Value, Values: r.at.BestValues,
	})
}

// loadBest puts the best weights back into the network.
func (r *running) loadBest() error {
	state := weights.State{}
	path := r.path(keptBest(r.at.Best.Epoch))
	loaded, err := weights.Load(path, r.prog.Params(), r.prog.Buffers(), state)
	if err != nil {
		return fmt.Errorf("take the best weights up again: %w", err)
	}
	if got, want := loaded.Metadata["epoch"], strconv.Itoa(r.at.Best.Epoch); got != want {
		return fmt.Errorf("%s holds epoch %s, but the best epoch is %s", path, got, want)
	}
	return writeWeights(r.prog, state)
}

// removeState deletes what only an unfinished run needs.
func (r *running) removeState() error {
	if err := r.removeKept(0); err != nil {
		return err
	}
	if err := os.Remove(r.path(ResumeFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("tidy up after the run: %w", err)
	}
	return nil
}

// removeKept deletes the trainer's copies of best weights but those of one epoch.
func (r *running) removeKept(but int) error {
	err := removeFiles(r.spec.Dir, func(name string) bool {
		return strings.HasPrefix(name, "kept-") && name != keptBest(but)
	})
	if err != nil {
		return fmt.Errorf("remove the former best weights: %w", err)
	}
	return nil
}
