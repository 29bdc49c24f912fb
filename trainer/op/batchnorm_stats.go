package op

import "gorgonia.org/tensor"

// BatchStats is the mean and the biased variance of every channel.
//
//	x […, C] → [2, C]
type BatchStats struct{}

// Shape is the rule above.
func (BatchStats) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, -1); err != nil {
		return nil, err
	}
	return tensor.Shape{2, last(in[0])}, nil
}
