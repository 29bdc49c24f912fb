package onnx

import (
	"errors"
	"fmt"
	"math"

	"github.com/backbone-sweep/sweep/trainer/op"
)

// lower writes the operation as ONNX nodes. In both layouts the channels of
// pooled features are axis 1; those of pictures are axis 1 in the model.
func (c *call) lower() error {
	switch o := c.op.Operation.(type) {
	case op.Conv:
		c.conv(o)
	case op.FrozenBatchNorm:
		c.batchNorm(o)
	case op.LayerNormed:
		c.layerNorm(o)
	case op.Dense:
		c.linear()
	case op.Pool:
		c.node("MaxPool", []string{c.x}, square("kernel_shape", o.Kernel), square("strides", o.Stride), padding(o.Pad))
	case op.SpatialMean:
		c.node("Flatten", []string{c.step("GlobalAveragePool", []string{c.x})}, attribute{"axis", 1})
	case op.Rectifier:
		c.node("Relu", []string{c.x})
	case op.Logistic:
		c.node("Sigmoid", []string{c.x})
	case op.Swish:
		c.node("Mul", []string{c.x, c.step("Sigmoid", []string{c.x})})
	case op.GaussianUnit:
		c.gelu()
	case op.Gate:
		gate := c.step("Unsqueeze", []string{c.other(1), c.vector("spatial_axes", 2, 3)})
		c.node("Mul", []string{c.x, gate})
	case op.Scale:
		c.node("Mul", []string{c.x, c.perChannel(1)})
	case op.Sum:
		c.node("Add", []string{c.x, c.other(1)})
	case op.Slice:
		c.columns(o)
	default:
		return errors.New("no ONNX operation is known for it")
	}
	return c.err
}

// other is the value of an input that is computed.
func (c *call) other(i int) string {
	name, ok := c.l.names[c.in[i]]
	if !ok {
		c.err = fmt.Errorf("input %d is a weight, want a computed value", i)
	}
	return name
}

func square(name string, n int) attribute { return attribute{name, []int{n, n}} }

func padding(n int) attribute { return attribute{"pads", []int{n, n, n, n}} }

func (c *call) conv(o op.Conv) {
	w := c.op.In[1] // [KH, KW, C/Groups, K]
	in := []string{c.x, c.weight(1, w[3], w[2], w[0], w[1])}
	if len(c.in) == 3 {
		in = append(in, c.weight(2, w[3]))
	}
	c.node("Conv", in, attribute{"kernel_shape", []int{w[0], w[1]}}, square("strides", o.Stride), padding(o.Pad), attribute{"group", o.Groups})
}

// linear is a matrix product over features and a 1×1 convolution over pictures.
func (c *call) linear() {
	w := c.op.In[1] // [I, O]
	dims := []int{w[1], w[0]}
	if c.image(0) {
		dims = append(dims, 1, 1)
	}
	in := []string{c.x, c.weight(1, dims...)}
	if len(c.in) == 3 {
		in = append(in, c.weight(2, w[1]))
	}
	if c.image(0) {
		c.node("Conv", in, square("kernel_shape", 1))
		return
	}
	c.node("Gemm", in, attribute{"transB", 1})
}

func (c *call) batchNorm(o op.FrozenBatchNorm) {
	in := []string{c.x}
	for i := 1; i < 5; i++ { // gamma, beta, mean, variance: ONNX's order, too
		in = append(in, c.weight(i, c.op.In[i][0]))
	}
	c.node("BatchNormalization", in, attribute{"epsilon", o.Eps})
}

// layerNorm is LayerNormalization over features. That takes the last axes only,
// so over pictures it is written out along axis 1.
func (c *call) layerNorm(o op.LayerNormed) {
	if !c.image(0) {
		c.node("LayerNormalization", []string{c.x, c.weight(1, c.op.In[1][0]), c.weight(2, c.op.In[2][0])}, attribute{"axis", -1}, attribute{"epsilon", o.Eps})
		return
	}
	channels := attribute{"axes", []int{1}}
	mean := c.step("ReduceMean", []string{c.x}, channels)
	centred := c.step("Sub", []string{c.x, mean})
	squared := c.step("Mul", []string{centred, centred})
	variance := c.step("ReduceMean", []string{squared}, channels)
	stable := c.step("Add", []string{variance, c.scalar("layer_norm_eps", o.Eps)})
	normed := c.step("Div", []string{centred, c.step("Sqrt", []string{stable})})
	scaled := c.step("Mul", []string{normed, c.perChannel(1)})
	c.node("Add", []string{scaled, c.perChannel(2)})
}

// perChannel is a weight [C] in the shape in which it meets a picture or features.
func (c *call) perChannel(i int) string {
	C := c.op.In[i][0]
	if c.image(0) {
		return c.weight(i, C, 1, 1)
	}
	return c.weight(i, C)
}

// gelu is x/2·(1 + erf(x/√2)): opset 17 has no Gelu.
func (c *call) gelu() {
	scaled := c.step("Div", []string{c.x, c.scalar("sqrt2", math.Sqrt2)})
	erf := c.step("Erf", []string{scaled})
	shifted := c.step("Add", []string{erf, c.scalar("one", 1)})
	product := c.step("Mul", []string{c.x, shifted})
	c.node("Mul", []string{product, c.scalar("half", 0.5)})
}

func (c *call) columns(o op.Slice) {
	from, to := c.vector(fmt.Sprintf("column.%d", o.From), int64(o.From)), c.vector(fmt.Sprintf("column.%d", o.To), int64(o.To))
	c.node("Slice", []string{c.x, from, to, c.vector("column_axis", 1)})
}
