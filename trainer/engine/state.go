package engine

import (
	"fmt"

	"github.com/backbone-sweep/sweep/trainer/backbone"
)

// Kind says what a tensor of the state is.
type Kind string

// The kinds of state.
const (
	Param   Kind = "param"   // a trained tensor, in the graph's layout
	Moment1 Kind = "moment1" // AdamW's mean of the parameter's gradients
	Moment2 Kind = "moment2" // AdamW's mean of their squares
	Buffer  Kind = "buffer"  // a running mean or variance
	Steps   Kind = "steps"   // one value, the number of steps done; exact up to 2²⁴
)

// Tensor describes one tensor of the state.
type Tensor struct {
	Name string `json:"name"` // of the parameter or buffer; empty for Steps
	Kind Kind   `json:"kind"`
	Len  int    `json:"len"` // number of values
}

// CheckAccess makes sure that tensor i exists and has n values.
func CheckAccess(tensors []Tensor, i, n int) error {
	switch {
	case i < 0 || i >= len(tensors):
		return fmt.Errorf("there is no tensor %d: there are %d", i, len(tensors))
	case n != tensors[i].Len:
		return fmt.Errorf("%s %s has %d values, got %d", tensors[i].Kind, tensors[i].Name, tensors[i].Len, n)
	}
	return nil
}

// Tensors lists the state of a program: parameters and buffers in their order,
// then, for training, both moments and the step count.
func Tensors(params []backbone.Param, buffers []backbone.Buffer, training bool) []Tensor {
	var ts []Tensor
	list := func(k Kind) {
		for _, p := range params {
			ts = append(ts, Tensor{p.Name, k, p.Len()})
		}
	}
	list(Param)
	for _, b := range buffers {
		ts = append(ts, Tensor{b.Name, Buffer, b.Len()})
	}
	if training {
		list(Moment1)
		list(Moment2)
		ts = append(ts, Tensor{Kind: Steps, Len: 1})
	}
	return ts
}
