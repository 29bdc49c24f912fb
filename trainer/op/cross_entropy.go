package op

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
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

// Lower is log Σ eˣ − x[label], with the row's largest logit taken off first.
func (SoftmaxLoss) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x := l.shifted(in[0])
	picked := l.Select(l.isLabel(x, in[1]), x, l.Fill(x, 0))
	each := l.Sub(l.Log(l.overRow(l.Exp(x))), l.overRow(picked))
	return l.times(l.Sum(each, 0), 1/float64(max(1, hlo.Size(each))))
}

// shifted is x less the largest value of its row, in float32.
func (l *Lowering) shifted(x hlo.Value) hlo.Value {
	x = l.wide(x)
	return l.Sub(x, l.Rows(l.Largest(x, 1), x))
}

// isLabel is true where the column of x is the row's label.
func (l *Lowering) isLabel(x, labels hlo.Value) hlo.Value {
	column := l.Iota(1, hlo.Dims(x)...)
	return l.Eq(column, l.Rows(l.Convert(labels, hlo.I32), column))
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

// Lower is (softmax(logits) − onehot(labels))/N · dloss.
func (SoftmaxLossGrad) Lower(l *Lowering, in []hlo.Value) hlo.Value {
	x := l.shifted(in[0])
	e := l.Exp(x)
	softmax := l.Div(e, l.Rows(l.overRow(e), e))
	hot := l.Convert(l.isLabel(x, in[1]), hlo.F32)
	share := l.times(in[2], float64(hlo.Last(x))/float64(max(1, hlo.Size(x))))
	return l.narrow(l.Mul(l.Sub(softmax, hot), l.Broadcast(share, hlo.Dims(x))))
}
