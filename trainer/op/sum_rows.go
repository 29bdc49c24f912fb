package op

import "gorgonia.org/tensor"

// RowSum sums over all axes but the last: the gradient of a bias.
//
//	x […, C] → [C]
type RowSum struct{}

// SumRows sums x over all axes but the last.
func SumRows(x *Node) (*Node, error) { return apply(RowSum{}, x) }

// Shape is the rule above.
func (RowSum) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, -1); err != nil {
		return nil, err
	}
	return tensor.Shape{last(in[0])}, nil
}
