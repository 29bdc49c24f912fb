package engine

import (
	"fmt"
	"slices"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/op"
)

// Graph builds the network of the spec for n images, for training or evaluation.
func (s Spec) Graph(n int, training bool) (*backbone.Graph, error) {
	o := backbone.Options{Model: s.Model, Head: s.Head, Batch: n, Size: s.ImageSize, Training: training, Fold: true}
	for _, t := range s.Tasks {
		o.TaskNames = append(o.TaskNames, t.Name)
		o.Classes = append(o.Classes, len(t.Classes))
	}
	return backbone.Build(o)
}

// Outputs lists the nodes that a step, or an evaluation, reads.
func Outputs(g *backbone.Graph) op.Nodes {
	if g.Total == nil {
		return g.Logits
	}
	nodes := slices.Concat(op.Nodes(g.Losses), op.Nodes(g.Grads))
	for _, b := range g.Buffers {
		nodes = append(nodes, b.Stats)
	}
	return nodes
}

// Describe lists the tensors of a graph without its nodes.
func Describe(g *backbone.Graph) ([]backbone.Param, []backbone.Buffer) {
	params, buffers := slices.Clone(g.Params), slices.Clone(g.Buffers)
	for i := range params {
		params[i].Node = nil
	}
	for i := range buffers {
		buffers[i].Node, buffers[i].Stats = nil, nil
	}
	return params, buffers
}

// CheckPixels makes sure that a batch holds 1 … Batch images of the spec's size.
func (s Spec) CheckPixels(b *data.Batch) error {
	n, S := len(b.Pixels), s.ImageSize
	if err := s.checkLen(b, n); err != nil {
		return err
	}
	for i, pixels := range b.Pixels {
		if len(pixels) != S*S*3 {
			return fmt.Errorf("image %d of the batch has %d bytes, want %d × %d × 3", i, len(pixels), S, S)
		}
	}
	return nil
}

func (s Spec) checkLen(b *data.Batch, n int) error {
	switch {
	case n < 1 || n > s.Batch:
		return fmt.Errorf("batch of %d images: want 1 to %d", n, s.Batch)
	case len(b.Flip) != n:
		return fmt.Errorf("batch of %d images has %d flips", n, len(b.Flip))
	}
	return nil
}

// CheckLabels makes sure that a batch has a class of every task for each image.
func (s Spec) CheckLabels(b *data.Batch) error {
	n := len(b.Flip)
	if len(b.Labels) != len(s.Tasks) {
		return fmt.Errorf("batch has labels of %d tasks, want %d", len(b.Labels), len(s.Tasks))
	}
	for t, task := range s.Tasks {
		if len(b.Labels[t]) != n {
			return fmt.Errorf("batch of %d images has %d labels of %s", n, len(b.Labels[t]), task.Name)
		}
		for i, l := range b.Labels[t] {
			if l < 0 || int(l) >= len(task.Classes) {
				return fmt.Errorf("image %d of the batch has class %d of %s, want 0 to %d", i, l, task.Name, len(task.Classes)-1)
			}
		}
	}
	return nil
}

// CheckIndex makes sure that a batch of 1 … Batch images names images of a data set.
func (s Spec) CheckIndex(b *data.Batch, images int) error {
	n := len(b.Index)
	if err := s.checkLen(b, n); err != nil {
		return err
	}
	for i, at := range b.Index {
		if at < 0 || int(at) >= images {
			return fmt.Errorf("image %d of the batch is number %d, want 0 to %d", i, at, images-1)
		}
	}
	return nil
}

// CheckRoom makes sure that there is room for the logits of n images.
func (s Spec) CheckRoom(n int, logits [][]float32) error {
	if len(logits) != len(s.Tasks) {
		return fmt.Errorf("room for the logits of %d tasks, want %d", len(logits), len(s.Tasks))
	}
	for t, task := range s.Tasks {
		if want := n * len(task.Classes); len(logits[t]) < want {
			return fmt.Errorf("room for %d logits of %s, want %d", len(logits[t]), task.Name, want)
		}
	}
	return nil
}
