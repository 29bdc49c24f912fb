package backbone

import "math"

// Distribution is what a tensor's first values are drawn from.
type Distribution int

// The distributions and the meaning of Init.Value.
const (
	Constant Distribution = iota // Value everywhere
	Normal                       // mean 0, standard deviation Value
	Uniform                      // between -Value and Value
)

// Init says how a tensor starts without pretrained weights.
type Init struct {
	Distribution Distribution
	Value        float64
}

func constant(v float64) Init { return Init{Constant, v} }

// convInit gives the first weights of a convolution of KH×KW taps from in (per
// group) to out channels.
type convInit func(taps, in, out, groups int) Init

// kaimingFanOut is He et al., "Delving Deep into Rectifiers", for ReLU by fan-out.
func kaimingFanOut(taps, _, out, _ int) Init {
	return Init{Normal, math.Sqrt(2 / float64(taps*out))}
}

// fanOutPerGroup is the TensorFlow EfficientNet's rule.
func fanOutPerGroup(taps, _, out, groups int) Init {
	return Init{Normal, math.Sqrt(2 / float64(taps*out/groups))}
}

// smallNormal is ConvNeXt's rule. timm truncates it at ±2, a hundred standard
// deviations, which leaves the distribution as it is.
func smallNormal(_, _, _, _ int) Init { return Init{Normal, 0.02} }

// fanIn is PyTorch's default for a linear layer, weight and bias alike.
func fanIn(in int) Init { return Init{Uniform, 1 / math.Sqrt(float64(in))} }
