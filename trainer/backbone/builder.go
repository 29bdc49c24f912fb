package backbone

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/op"
)

type node = gorgonia.Node

// Constants of the norms, as timm has them for all these networks.
const (
	batchNormEps      = 1e-5
	batchNormMomentum = 0.1
	layerNormEps      = 1e-6
)

// builder adds layers to a graph and lists their parameters in the order in
// which they are made. After the first error every method does nothing, so that
// a network reads as the sequence of its layers; Build reports the error.
type builder struct {
	g        *gorgonia.ExprGraph
	training bool
	fold     bool
	convInit convInit
	head     bool // parameters from here on belong to a head
	params   []Param
	buffers  []Buffer
	err      error
}

func newBuilder(training bool) *builder {
	return &builder{g: gorgonia.NewGraph(), training: training}
}

func (b *builder) fail(where string, err error) {
	if b.err == nil && err != nil {
		b.err = fmt.Errorf("%s: %w", where, err)
	}
}

// try runs f, which applies an operation, unless something failed before.
func (b *builder) try(where string, f func() (*node, error)) *node {
	if b.err != nil {
		return nil
	}
	n, err := f()
	b.fail(where, err)
	return n
}

// channels is the size of the last axis of x.
func (b *builder) channels(x *node) int {
	if b.err != nil {
		return 0
	}
	s := x.Shape()
	return s[len(s)-1]
}

func (b *builder) input(name string, shape ...int) *node {
	return gorgonia.NewTensor(b.g, tensor.Float32, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
}

func (b *builder) param(name string, l Layout, init Init, shape ...int) *node {
	if b.err != nil {
		return nil
	}
	n := b.input(name, shape...)
	b.params = append(b.params, Param{Name: name, Node: n, Shape: shape, Layout: l, Init: init, Head: b.head})
	return n
}

// conv is a convolution with a square kernel. It keeps the size at stride 1
// (padding kernel/2 all around) unless noPad is set.
type conv struct {
	out    int
	kernel int
	stride int // 0 means 1
	groups int // 0 means 1
	bias   bool
	noPad  bool
}

func (b *builder) conv(name string, x *node, c conv) *node {
	c.stride, c.groups = max(c.stride, 1), max(c.groups, 1)
	in := b.channels(x) / c.groups
	w := b.param(name+".weight", Conv, b.convInit(c.kernel*c.kernel, in, c.out, c.groups), c.kernel, c.kernel, in, c.out)
	var bias *node
	if c.bias {
		bias = b.param(name+".bias", Vector, constant(0), c.out)
	}
	pad := c.kernel / 2
	if c.noPad {
		pad = 0
	}
	return b.try(name, func() (*node, error) {
		return op.Conv2D(x, w, bias, op.Conv{Stride: c.stride, Pad: pad, Groups: c.groups})
	})
}

// batchNorm normalises every channel over the batch and all pixels in training,
// and by the running statistics in evaluation, where a convolution before it can do
// that with its weights.
func (b *builder) batchNorm(name string, x *node) *node { return b.norm(name, x, 1) }

// zeroNorm is a batchNorm whose scale starts at zero: put last in a residual
// branch, it lets the block start as the identity (Goyal et al., 2017).
func (b *builder) zeroNorm(name string, x *node) *node { return b.norm(name, x, 0) }

func (b *builder) norm(name string, x *node, start float64) *node {
	C := b.channels(x)
	gamma := b.param(name+".weight", Vector, constant(start), C)
	beta := b.param(name+".bias", Vector, constant(0), C)
	if b.err != nil {
		return nil
	}
	mean := Buffer{Name: name + ".running_mean", Shape: []int{C}, Init: constant(0), Momentum: batchNormMomentum, Row: 0}
	variance := Buffer{Name: name + ".running_var", Shape: []int{C}, Init: constant(1), Momentum: batchNormMomentum, Row: 1}
	y := b.try(name, func() (y *node, err error) {
		if b.training {
			y, mean.Stats, err = op.BatchNormTrain(x, gamma, beta, batchNormEps)
			variance.Stats = mean.Stats
			mean.Count = x.Shape().TotalSize() / C
			variance.Count = mean.Count
			return y, err
		}
		mean.Node, variance.Node = b.input(mean.Name, C), b.input(variance.Name, C)
		if b.fold {
			if y, err := op.FoldBatchNorm(x, gamma, beta, mean.Node, variance.Node, batchNormEps); y != nil || err != nil {
				return y, err
			}
		}
		return op.BatchNormEval(x, gamma, beta, mean.Node, variance.Node, batchNormEps)
	})
	b.buffers = append(b.buffers, mean, variance)
	return y
}

// layerNorm normalises the channels of every pixel.
func (b *builder) layerNorm(name string, x *node) *node {
	C := b.channels(x)
	gamma := b.param(name+".weight", Vector, constant(1), C)
	beta := b.param(name+".bias", Vector, constant(0), C)
	return b.try(name, func() (*node, error) { return op.LayerNorm(x, gamma, beta, layerNormEps) })
}

// linear is a linear layer of the network's body: over the last axis, weights
// drawn as those of a convolution, bias zero.
func (b *builder) linear(name string, x *node, out int) *node {
	return b.dense(name, x, Linear, out)
}

// pointwise is a 1×1 convolution of pooled features [N,C]: the same thing as a
// linear layer, under another shape in weight files.
func (b *builder) pointwise(name string, x *node, out int) *node {
	return b.dense(name, x, Pointwise, out)
}

func (b *builder) dense(name string, x *node, l Layout, out int) *node {
	in := b.channels(x)
	w := b.param(name+".weight", l, b.convInit(1, in, out, 1), in, out)
	bias := b.param(name+".bias", Vector, constant(0), out)
	return b.try(name, func() (*node, error) { return op.Linear(x, w, bias) })
}

// classifier is a linear layer with PyTorch's default start.
func (b *builder) classifier(name string, x *node, out int) *node {
	in := b.channels(x)
	w := b.param(name+".weight", Linear, fanIn(in), in, out)
	bias := b.param(name+".bias", Vector, fanIn(in), out)
	return b.try(name, func() (*node, error) { return op.Linear(x, w, bias) })
}

func (b *builder) maxPool(x *node, kernel, stride int) *node {
	return b.try("max pool", func() (*node, error) {
		return op.MaxPool(x, op.Pool{Kernel: kernel, Stride: stride, Pad: kernel / 2})
	})
}

// avgPool is the mean over all pixels: [N,H,W,C] to [N,C].
func (b *builder) avgPool(x *node) *node {
	return b.try("average pool", func() (*node, error) { return op.GlobalAvgPool(x) })
}

func (b *builder) add(x, y *node) *node {
	return b.try("add", func() (*node, error) { return op.Add(x, y) })
}

// channelScale multiplies x [N,H,W,C] by gate [N,C].
func (b *builder) channelScale(x, gate *node) *node {
	return b.try("channel scale", func() (*node, error) { return op.ChannelScale(x, gate) })
}

// layerScale multiplies x [N,H,W,C] by gamma [C].
func (b *builder) layerScale(x, gamma *node) *node {
	return b.try("layer scale", func() (*node, error) { return op.LayerScale(x, gamma) })
}

func (b *builder) relu(x *node) *node {
	return b.try("relu", func() (*node, error) { return op.ReLU(x) })
}

func (b *builder) silu(x *node) *node {
	return b.try("silu", func() (*node, error) { return op.SiLU(x) })
}

func (b *builder) sigmoid(x *node) *node {
	return b.try("sigmoid", func() (*node, error) { return op.Sigmoid(x) })
}

func (b *builder) gelu(x *node) *node {
	return b.try("gelu", func() (*node, error) { return op.GELU(x) })
}

// columns takes the columns from…to-1 of x [N,C].
func (b *builder) columns(x *node, from, to int) *node {
	return b.try("columns", func() (*node, error) { return op.Columns(x, from, to) })
}

func (b *builder) crossEntropy(logits, labels *node) *node {
	return b.try("cross-entropy", func() (*node, error) { return op.CrossEntropy(logits, labels) })
}
