package op

import (
	"fmt"

	"gorgonia.org/tensor"
)

// want checks that in has a shape for every name and that each has its number
// of dimensions; -1 means any number from 1.
func want(in []tensor.Shape, names []string, dims ...int) error {
	if len(in) != len(dims) {
		return fmt.Errorf("got %d inputs, want %d (%v)", len(in), len(dims), names)
	}
	for i, s := range in {
		if dims[i] == -1 && s.Dims() >= 1 {
			continue
		}
		if s.Dims() != dims[i] {
			return fmt.Errorf("%s is %v, want %d dimensions", names[i], s, dims[i])
		}
	}
	return nil
}

// wantVector checks that s is a vector of c values, one for each channel of x.
func wantVector(name string, s tensor.Shape, x tensor.Shape) error {
	if c := last(x); s.Dims() != 1 || s[0] != c {
		return fmt.Errorf("%s is %v, want [%d], one value for each channel of %v", name, s, c, x)
	}
	return nil
}

// wantSame checks that two shapes are equal.
func wantSame(an string, a tensor.Shape, bn string, b tensor.Shape) error {
	if !equal(a, b) {
		return fmt.Errorf("%s is %v and %s is %v: want the same shape", an, a, bn, b)
	}
	return nil
}

func equal(a, b tensor.Shape) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// last returns the size of the last axis, the channels.
func last(s tensor.Shape) int { return s[len(s)-1] }

// rows returns the number of values of s for each channel.
func rows(s tensor.Shape) int { return s.TotalSize() / last(s) }

// wantPairs checks that s has two rows of one value for each channel of x.
func wantPairs(name string, s, x tensor.Shape) error {
	if s.Dims() != 2 || s[0] != 2 || s[1] != last(x) {
		return fmt.Errorf("%s is %v, want [2, %d], two values for each channel of %v", name, s, last(x), x)
	}
	return nil
}

// unaryShape is the rule of an operation that works element by element.
func unaryShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x"}, -1); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// pairShape is the rule of the gradient of such an operation.
func pairShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := want(in, []string{"x", "dy"}, -1, -1); err != nil {
		return nil, err
	}
	if err := wantSame("x", in[0], "dy", in[1]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}
