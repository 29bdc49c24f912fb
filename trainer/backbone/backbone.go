// Package backbone holds the networks: resnet18, resnet50, efficientnet_b4 and
// convnext_base as timm 1.0 defines them, with the classifier heads on top.
//
// Build writes a network once as a Gorgonia expression graph of our own
// operations; with Training set it is differentiated symbolically. Every engine
// executes these graphs. Each network has a file that reads like its paper.
//
// Activations are [N,H,W,C], convolution weights [KH,KW,Cin/groups,Cout], linear
// weights [in,out], all float32. Layout says how a parameter relates to the shape
// that timm gives it; tensor names and their order are timm's.
package backbone

import (
	"fmt"
	"strings"

	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Options say which graph to build.
type Options struct {
	Model     string
	Head      string // run.HeadMulti or run.HeadSingle
	TaskNames []string
	Classes   []int // per task
	Batch     int   // N, images per batch
	Size      int   // S, height and width of an image in pixels, at least MinSize
	Training  bool
	Fold      bool // in evaluation batch norms become part of the convolutions before them
}

// MinSize is the smallest image side: every network halves the image five times.
const MinSize = 32

// Graph is a network as an expression graph, ready for an engine.
type Graph struct {
	G        *gorgonia.ExprGraph
	Input    *gorgonia.Node   // [N,S,S,3], normalised pixels
	Features *gorgonia.Node   // [N,F], pooled
	Logits   []*gorgonia.Node // [N,classes] per task

	// Training only.
	Labels []*gorgonia.Node // [N] per task, class indices as float32
	Losses []*gorgonia.Node // scalar per task, mean cross-entropy
	Total  *gorgonia.Node   // scalar, the sum of Losses
	Grads  []*gorgonia.Node // of Total, parallel to Params; two may be the same node

	Params  []Param  // timm's order, the heads last; the same in training and evaluation
	Buffers []Buffer // timm's order; the same in training and evaluation
}

// Param is a trained tensor.
type Param struct {
	Name   string // timm's, or of a head
	Node   *gorgonia.Node
	Shape  []int // in the graph
	Layout Layout
	Init   Init // how it starts without pretrained weights
	Head   bool // part of a classifier head
}

// Buffer is the running mean or variance of a BatchNorm layer, one value per channel.
type Buffer struct {
	Name     string // ….running_mean or ….running_var
	Shape    []int  // [C]
	Init     Init
	Momentum float64 // new = (1-Momentum)·old + Momentum·batch

	Node  *gorgonia.Node // evaluation: the input that holds it
	Stats *gorgonia.Node // training: [2,C], batch mean and biased batch variance
	Row   int            // of Stats: 0 for a mean, 1 for a variance
	Count int            // training: values per channel in a batch, N·H·W
}

// Scale is what the batch statistic is multiplied by before it enters the
// running one: n/(n-1) for a variance, which makes it unbiased, and 1 for a mean.
func (b Buffer) Scale() float64 {
	if b.Row == 0 || b.Count < 2 {
		return 1
	}
	return float64(b.Count) / float64(b.Count-1)
}

// model is a network without its heads.
type model struct {
	name     string
	features int // F
	body     func(b *builder, x *node) *node
}

func models() []model {
	return []model{
		{"resnet18", 512, resnet18},
		{"resnet50", 2048, resnet50},
		{"efficientnet_b4", 1792, efficientnetB4},
		{"convnext_base", 1024, convnextBase},
	}
}

// Names lists the known networks, smallest first.
func Names() []string {
	var names []string
	for _, m := range models() {
		names = append(names, m.name)
	}
	return names
}

// UnknownModelError says that a network's name is not among Names.
type UnknownModelError struct{ Model string }

func (e *UnknownModelError) Error() string {
	return fmt.Sprintf("backbone: unknown model %q: use one of %s", e.Model, strings.Join(Names(), ", "))
}

func find(name string) (model, error) {
	for _, m := range models() {
		if m.name == name {
			return m, nil
		}
	}
	return model{}, &UnknownModelError{name}
}

// Build writes the network that o asks for. The error is an *UnknownModelError
// for an unknown name.
func Build(o Options) (*Graph, error) {
	m, err := find(o.Model)
	if err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	b := newBuilder(o.Training)
	b.fold = o.Fold
	gr := &Graph{G: b.g, Input: b.input("input", o.Batch, o.Size, o.Size, 3)}
	gr.Features = m.body(b, gr.Input)
	b.head = true
	gr.Logits = heads(b, gr.Features, o)
	if o.Training {
		b.losses(gr, o)
	}
	gr.Params, gr.Buffers = b.params, b.buffers
	if b.err == nil && o.Training {
		b.gradients(gr)
	}
	if b.err != nil {
		return nil, fmt.Errorf("backbone: %s at %d px: %w", o.Model, o.Size, b.err)
	}
	return gr, nil
}

func (o Options) check() error {
	switch {
	case o.Size < MinSize:
		return fmt.Errorf("backbone: image size %d: use at least %d", o.Size, MinSize)
	case o.Batch < 1:
		return fmt.Errorf("backbone: batch of %d images: use at least 1", o.Batch)
	case len(o.TaskNames) == 0 || len(o.TaskNames) != len(o.Classes):
		return fmt.Errorf("backbone: %d task names and %d class counts: give one of each per task", len(o.TaskNames), len(o.Classes))
	case o.Head != run.HeadMulti && o.Head != run.HeadSingle:
		return fmt.Errorf("backbone: unknown head %q: use %s or %s", o.Head, run.HeadMulti, run.HeadSingle)
	}
	for t, c := range o.Classes {
		if c < 1 {
			return fmt.Errorf("backbone: task %s has %d classes: give it at least 1", o.TaskNames[t], c)
		}
	}
	return nil
}

// Info describes a network without heads.
type Info struct {
	Model      string
	FeatureDim int      // F, length of the pooled features
	Params     []Param  // without nodes
	Buffers    []Buffer // without nodes
}

// Size is the number of trained values without heads.
func (i Info) Size() int {
	n := 0
	for _, p := range i.Params {
		n += p.Len()
	}
	return n
}

// Describe lists what a network is made of. The error is an *UnknownModelError
// for an unknown name.
func Describe(name string) (Info, error) {
	m, err := find(name)
	if err != nil {
		return Info{}, err
	}
	b := newBuilder(false)
	m.body(b, b.input("input", 1, MinSize, MinSize, 3))
	if b.err != nil {
		return Info{}, fmt.Errorf("backbone: %s: %w", name, b.err)
	}
	info := Info{Model: m.name, FeatureDim: m.features, Params: b.params, Buffers: b.buffers}
	for i := range info.Params {
		info.Params[i].Node = nil
	}
	for i := range info.Buffers {
		info.Buffers[i].Node = nil
	}
	return info, nil
}

// Len is the number of values.
func (p Param) Len() int { return volume(p.Shape) }

// Len is the number of values.
func (b Buffer) Len() int { return volume(b.Shape) }

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
