package backbone

import "fmt"

// ConvNeXt-B: Liu et al., "A ConvNet for the 2020s", 2022. The stem and every
// downsampling are convolutions whose stride is their kernel.

func convnextBase(b *builder, x *node) *node {
	b.convInit = smallNormal
	x = b.conv("stem.0", x, conv{out: 128, kernel: 4, stride: 4, noPad: true, bias: true})
	x = b.layerNorm("stem.1", x)
	for s, stage := range []struct{ channels, depth int }{
		{128, 3},
		{256, 3},
		{512, 27},
		{1024, 3},
	} {
		name := fmt.Sprintf("stages.%d", s)
		if s > 0 {
			x = b.layerNorm(name+".downsample.0", x)
			x = b.conv(name+".downsample.1", x, conv{out: stage.channels, kernel: 2, stride: 2, noPad: true, bias: true})
		}
		for i := range stage.depth {
			x = convnextBlock(b, fmt.Sprintf("%s.blocks.%d", name, i), x)
		}
	}
	return b.layerNorm("head.norm", b.avgPool(x))
}

// convnextBlock is depthwise 7×7, LayerNorm, a perceptron four times as wide,
// layer scale; added to its input.
func convnextBlock(b *builder, name string, x *node) *node {
	C := b.channels(x)
	gamma := b.param(name+".gamma", Vector, constant(1e-6), C)
	y := b.conv(name+".conv_dw", x, conv{out: C, kernel: 7, groups: C, bias: true})
	y = b.layerNorm(name+".norm", y)
	y = b.gelu(b.linear(name+".mlp.fc1", y, 4*C))
	y = b.linear(name+".mlp.fc2", y, C)
	return b.add(b.layerScale(y, gamma), x)
}
