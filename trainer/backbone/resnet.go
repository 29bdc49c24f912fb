package backbone

import "fmt"

// ResNet: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition",
// 2015, table 1. The stride of a bottleneck sits in its 3×3 convolution.

// residual is the branch of a block that the shortcut is added to.
type residual func(b *builder, name string, x *node, width, stride int) *node

type resnet struct {
	branch    residual
	expansion int    // output channels of a block over its width
	depths    [4]int // blocks per stage
}

func resnet18(b *builder, x *node) *node {
	return resnet{branch: basic, expansion: 1, depths: [4]int{2, 2, 2, 2}}.build(b, x)
}

func resnet50(b *builder, x *node) *node {
	return resnet{branch: bottleneck, expansion: 4, depths: [4]int{3, 4, 6, 3}}.build(b, x)
}

func (r resnet) build(b *builder, x *node) *node {
	b.convInit = kaimingFanOut
	x = b.conv("conv1", x, conv{out: 64, kernel: 7, stride: 2})
	x = b.relu(b.batchNorm("bn1", x))
	x = b.maxPool(x, 3, 2)
	for stage, depth := range r.depths {
		width := 64 << stage
		for i := range depth {
			stride := 1
			if stage > 0 && i == 0 {
				stride = 2
			}
			x = r.block(b, fmt.Sprintf("layer%d.%d", stage+1, i), x, width, stride)
		}
	}
	return b.avgPool(x)
}

// block is relu(shortcut(x) + branch(x)); the shortcut is a projection where
// size or channels change.
func (r resnet) block(b *builder, name string, x *node, width, stride int) *node {
	out := width * r.expansion
	y := r.branch(b, name, x, width, stride)
	if stride != 1 || b.channels(x) != out {
		x = b.conv(name+".downsample.0", x, conv{out: out, kernel: 1, stride: stride})
		x = b.batchNorm(name+".downsample.1", x)
	}
	return b.relu(b.add(y, x))
}

// basic is 3×3, 3×3.
func basic(b *builder, name string, x *node, width, stride int) *node {
	x = b.conv(name+".conv1", x, conv{out: width, kernel: 3, stride: stride})
	x = b.relu(b.batchNorm(name+".bn1", x))
	x = b.conv(name+".conv2", x, conv{out: width, kernel: 3})
	return b.zeroNorm(name+".bn2", x)
}

// bottleneck is 1×1, 3×3, 1×1.
func bottleneck(b *builder, name string, x *node, width, stride int) *node {
	x = b.conv(name+".conv1", x, conv{out: width, kernel: 1})
	x = b.relu(b.batchNorm(name+".bn1", x))
	x = b.conv(name+".conv2", x, conv{out: width, kernel: 3, stride: stride})
	x = b.relu(b.batchNorm(name+".bn2", x))
	x = b.conv(name+".conv3", x, conv{out: 4 * width, kernel: 1})
	return b.zeroNorm(name+".bn3", x)
}
