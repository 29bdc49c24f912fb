package op

import "gorgonia.org/tensor"

// Swish is x·σ(x), element by element.
type Swish struct{}

// SiLU applies x·σ(x) to every element of x.
func SiLU(x *Node) (*Node, error) { return apply(Swish{}, x) }

// Shape is that of the input.
func (Swish) Shape(in []tensor.Shape) (tensor.Shape, error) { return unaryShape(in) }

// WithRespectTo: the input.
func (Swish) WithRespectTo(n int) []bool { return all(n) }

// Gradient: dy·σ(x)·(1 + x·(1 − σ(x))).
func (Swish) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := apply(SwishGrad{}, in[0], grad)
	return Nodes{dx}, err
}

// SwishGrad is the gradient of x·σ(x), from its input and dy.
type SwishGrad struct{}

// Shape is that of both inputs.
func (SwishGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return pairShape(in) }
