package trainer

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"strconv"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/onnx"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// ExportONNX writes the network of a run with the weights of a file as an ONNX
// model. The file's metadata come with it, and what a program needs to feed the
// model and to name what it says: image size, normalisation, labels per task.
func ExportONNX(w io.Writer, spec run.Spec, f *weights.File, version string) error {
	graph, err := backbone.Build(graphOptions(spec.Model, spec.Head, spec.Tasks, spec.Data.ImageSize))
	if err != nil {
		return err
	}
	meta := maps.Clone(f.Metadata)
	if meta == nil {
		meta = map[string]string{}
	}
	delete(meta, "format") // of the safetensors file
	var tasks []string
	labels := map[string][]string{}
	for _, t := range spec.Tasks {
		tasks = append(tasks, t.Name)
		labels[t.Name] = t.Classes
	}
	for key, v := range map[string]any{"tasks": tasks, "labels": labels} {
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		meta[key] = string(raw)
	}
	maps.Copy(meta, map[string]string{
		"model": spec.Model, "head": spec.Head, "image_size": strconv.Itoa(spec.Data.ImageSize),
		"input":  "float32 [N, 3, image_size, image_size]: RGB, 0 to 1, minus mean, over std",
		"resize": "to image_size x image_size, aspect ratio not kept, bilinear with antialiasing (PIL.Image.BILINEAR)",
		"mean":   "[0.485, 0.456, 0.406]", "std": "[0.229, 0.224, 0.225]",
		"output": "logits per task: softmax gives probabilities",
	})
	err = onnx.Write(w, onnx.Model{Graph: graph, Tasks: tasks, Metadata: meta, Version: version, Values: f.Values})
	if err != nil {
		return fmt.Errorf("write %s as ONNX: %w", spec.Model, err)
	}
	return nil
}

// graphOptions are those of an evaluation graph for one image.
func graphOptions(model, head string, tasks []run.Task, size int) backbone.Options {
	o := backbone.Options{Model: model, Head: head, Batch: 1, Size: size}
	for _, t := range tasks {
		o.TaskNames, o.Classes = append(o.TaskNames, t.Name), append(o.Classes, len(t.Classes))
	}
	return o
}
