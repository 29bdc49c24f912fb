package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// SoftmaxLoss is the mean cross-entropy of softmax(logits) against class labels.
//
//	logits [N, C], labels [N] → scalar
type SoftmaxLoss struct{}

// CrossEntropy is the mean over the batch of −log softmax(logits)[label].
// Labels are class indices, 0 … C−1, as float32.
func CrossEntropy(logits, labels *Node) (*Node, error) {
	return apply(SoftmaxLoss{}, logits, labels)
}

// Shape is the rule above.
func (SoftmaxLoss) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"logits", "labels"}, 2, 1); err != nil {
		return nil, err
	}
	if in[0][0] != in[1][0] {
		return nil, fmt.Errorf("logits are %v and labels %v: want one label a row", in[0], in[1])
	}
	return tensor.ScalarShape(), nil
}

// WithRespectTo names the logits.
func (SoftmaxLoss) WithRespectTo(n int) []bool { return first(1, n) }

// Gradient is (softmax(logits) − onehot(labels))/N · dloss.
func (SoftmaxLoss) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := apply(SoftmaxLossGrad{}, in[0], in[1], grad)
	return Nodes{dx, nil}, err
}

// Host runs one pass.
func (SoftmaxLoss) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.CrossEntropy(out, in[0], in[1], R, C)
	}}
}

// SoftmaxLossGrad is the gradient of the mean cross-entropy.
//
//	logits [N, C], labels [N], dloss scalar → [N, C]
type SoftmaxLossGrad struct{}

// Shape is the rule above.
func (SoftmaxLossGrad) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"logits", "labels", "dloss"}, 2, 1, 0); err != nil {
		return nil, err
	}
	if _, err := (SoftmaxLoss{}).Shape(in[:2]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// Host runs one pass.
func (SoftmaxLossGrad) Host(in []tensor.Shape, _ tensor.Shape) Call {
	R, C := rows(in[0]), last(in[0])
	return Call{Run: func(p *kernel.Pool, in [][]float32, out []float32) {
		p.CrossEntropyGrad(out, in[0], in[1], in[2], R, C)
	}}
}
