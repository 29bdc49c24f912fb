package op

import "gorgonia.org/tensor"

// GaussianUnit is x·Φ(x) with the exact normal distribution function Φ, element by element.
type GaussianUnit struct{}

// GELU applies x·Φ(x) with the exact normal distribution function Φ to every element of x.
func GELU(x *Node) (*Node, error) { return apply(GaussianUnit{}, x) }

// Shape is that of the input.
func (GaussianUnit) Shape(in []tensor.Shape) (tensor.Shape, error) { return unaryShape(in) }

// WithRespectTo: the input.
func (GaussianUnit) WithRespectTo(n int) []bool { return all(n) }

// Gradient: dy·(Φ(x) + x·φ(x)).
func (GaussianUnit) Gradient(in Nodes, _, grad *Node) (Nodes, error) {
	dx, err := apply(GaussianUnitGrad{}, in[0], grad)
	return Nodes{dx}, err
}

// GaussianUnitGrad is the gradient of x·Φ(x) with the exact normal distribution function Φ, from its input and dy.
type GaussianUnitGrad struct{}

// Shape is that of both inputs.
func (GaussianUnitGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return pairShape(in) }
