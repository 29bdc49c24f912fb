package op

import "gorgonia.org/tensor"

// Logistic is the logistic function σ(x) = 1/(1 + e⁻ˣ), element by element.
type Logistic struct{}

// Sigmoid applies the logistic function σ(x) = 1/(1 + e⁻ˣ) to every element of x.
func Sigmoid(x *Node) (*Node, error) { return apply(Logistic{}, x) }

// Shape is that of the input.
func (Logistic) Shape(in []tensor.Shape) (tensor.Shape, error) { return unaryShape(in) }

// WithRespectTo: the input.
func (Logistic) WithRespectTo(n int) []bool { return all(n) }

// Gradient: dy·y·(1 − y).
func (Logistic) Gradient(_ Nodes, out, grad *Node) (Nodes, error) {
	dx, err := apply(LogisticGrad{}, out, grad)
	return Nodes{dx}, err
}

// LogisticGrad is the gradient of the logistic function σ(x) = 1/(1 + e⁻ˣ), from its output and dy.
type LogisticGrad struct{}

// Shape is that of both inputs.
func (LogisticGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return pairShape(in) }
