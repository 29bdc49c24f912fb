package op

import "gorgonia.org/tensor"

// Rectifier is the rectifier max(x, 0), element by element.
type Rectifier struct{}

// ReLU applies the rectifier max(x, 0) to every element of x.
func ReLU(x *Node) (*Node, error) { return apply(Rectifier{}, x) }

// Shape is that of the input.
func (Rectifier) Shape(in []tensor.Shape) (tensor.Shape, error) { return unaryShape(in) }

// WithRespectTo: the input.
func (Rectifier) WithRespectTo(n int) []bool { return all(n) }

// Gradient: dy where the output is positive, else 0.
func (Rectifier) Gradient(_ Nodes, out, grad *Node) (Nodes, error) {
	dx, err := apply(RectifierGrad{}, out, grad)
	return Nodes{dx}, err
}

// RectifierGrad is the gradient of the rectifier max(x, 0), from its output and dy.
type RectifierGrad struct{}

// Shape is that of both inputs.
func (RectifierGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return pairShape(in) }
