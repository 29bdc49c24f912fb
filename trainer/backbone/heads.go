package backbone

import (
	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// heads puts the classifiers on the features [N,F] and returns the logits of
// every task, [N,classes] each.
func heads(b *builder, features *node, o Options) []*node {
	if b.err != nil {
		return nil
	}
	var logits []*node
	if o.Head == run.HeadMulti {
		for t, task := range o.TaskNames {
			logits = append(logits, b.classifier("heads."+task, features, o.Classes[t]))
		}
		return logits
	}
	all := 0
	for _, c := range o.Classes {
		all += c
	}
	joint := b.classifier("fc", features, all)
	if len(o.Classes) == 1 {
		return []*node{joint}
	}
	from := 0
	for _, c := range o.Classes {
		logits = append(logits, b.columns(joint, from, from+c))
		from += c
	}
	return logits
}

// losses adds the labels, each task's mean cross-entropy, and their plain sum.
func (b *builder) losses(gr *Graph, o Options) {
	if b.err != nil {
		return
	}
	for t, task := range o.TaskNames {
		labels := b.input("label."+task, o.Batch)
		loss := b.crossEntropy(gr.Logits[t], labels)
		gr.Labels = append(gr.Labels, labels)
		gr.Losses = append(gr.Losses, loss)
		if t == 0 {
			gr.Total = loss
		} else {
			gr.Total = b.add(gr.Total, loss)
		}
	}
}

// gradients differentiates the total loss by every parameter.
func (b *builder) gradients(gr *Graph) {
	nodes := make([]*node, len(gr.Params))
	for i, p := range gr.Params {
		nodes[i] = p.Node
	}
	grads, err := gorgonia.Grad(gr.Total, nodes...)
	if err != nil {
		b.fail("gradient", err)
		return
	}
	gr.Grads = grads
}
