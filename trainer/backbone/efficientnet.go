package backbone

import "fmt"

// EfficientNet-B4: Tan, Le, "EfficientNet: Rethinking Model Scaling", 2019.
// Table 1 with its channels times 1.4, rounded to multiples of 8, and its depths
// times 1.8, rounded up. Padding is symmetric, as in timm, and BatchNorm keeps
// PyTorch's eps and momentum.

// mbStage is a row of the table.
type mbStage struct {
	expand   int // channels of the inverted residual over those of its input
	kernel   int
	stride   int // of the first block
	channels int
	depth    int
}

func efficientnetB4(b *builder, x *node) *node {
	b.convInit = fanOutPerGroup
	x = b.conv("conv_stem", x, conv{out: 48, kernel: 3, stride: 2})
	x = b.silu(b.batchNorm("bn1", x))
	for s, stage := range []mbStage{
		{expand: 1, kernel: 3, stride: 1, channels: 24, depth: 2},
		{expand: 6, kernel: 3, stride: 2, channels: 32, depth: 4},
		{expand: 6, kernel: 5, stride: 2, channels: 56, depth: 4},
		{expand: 6, kernel: 3, stride: 2, channels: 112, depth: 6},
		{expand: 6, kernel: 5, stride: 1, channels: 160, depth: 6},
		{expand: 6, kernel: 5, stride: 2, channels: 272, depth: 8},
		{expand: 6, kernel: 3, stride: 1, channels: 448, depth: 2},
	} {
		for i := range stage.depth {
			x = mbConv(b, fmt.Sprintf("blocks.%d.%d", s, i), x, stage)
			stage.stride = 1
		}
	}
	x = b.conv("conv_head", x, conv{out: 1792, kernel: 1})
	x = b.silu(b.batchNorm("bn2", x))
	return b.avgPool(x)
}

// mbConv widens, filters each channel, weighs the channels, narrows. Without
// expansion timm numbers and names the layers differently.
func mbConv(b *builder, name string, x *node, s mbStage) *node {
	in := b.channels(x)
	y, depthwise, narrow := x, 1, "conv_pw"
	if s.expand > 1 {
		y = b.conv(name+".conv_pw", y, conv{out: in * s.expand, kernel: 1})
		y = b.silu(b.batchNorm(name+".bn1", y))
		depthwise, narrow = 2, "conv_pwl"
	}
	wide := in * s.expand
	y = b.conv(name+".conv_dw", y, conv{out: wide, kernel: s.kernel, stride: s.stride, groups: wide})
	y = b.silu(b.batchNorm(fmt.Sprintf("%s.bn%d", name, depthwise), y))
	y = squeezeExcite(b, name+".se", y, in/4)
	y = b.conv(name+"."+narrow, y, conv{out: s.channels, kernel: 1})
	y = b.batchNorm(fmt.Sprintf("%s.bn%d", name, depthwise+1), y)
	if s.stride == 1 && in == s.channels {
		y = b.add(y, x)
	}
	return y
}

// squeezeExcite scales each channel by a gate in 0…1 that is computed from the
// means of all channels (Hu et al., 2018). Its width comes from the input of the
// block, not from the widened channels.
func squeezeExcite(b *builder, name string, x *node, width int) *node {
	gate := b.avgPool(x)
	gate = b.silu(b.pointwise(name+".conv_reduce", gate, width))
	gate = b.sigmoid(b.pointwise(name+".conv_expand", gate, b.channels(x)))
	return b.channelScale(x, gate)
}
