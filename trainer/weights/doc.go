// Package weights brings weights into a network and out of it: first weights
// drawn as timm draws them, safetensors files read and written, PyTorch's .pth
// files read, under timm's names or torchvision's; and it knows where public
// weights are, on this machine and on the network.
//
// In memory, values are in the graph's layout and keyed by timm's names (State);
// in files they have timm's shapes. Readers trust nothing: sizes are checked
// against the file before anything is allocated, and a NaN or infinite value is
// an error that names its tensor.
package weights

import (
	"slices"

	"github.com/backbone-sweep/sweep/trainer/backbone"
)

// State holds a network's parameters and buffers by name, in the graph's layout.
type State map[string][]float32

// Entry is a tensor of a weight file.
type Entry struct {
	Name  string `json:"name"`  // timm's, also where the file uses torchvision's
	DType string `json:"dtype"` // F32, F16, BF16, F64; others are listed but cannot be read
	Shape []int  `json:"shape"`
}

// Len is the number of values.
func (e Entry) Len() int {
	n := 1
	for _, d := range e.Shape {
		n *= d
	}
	return n
}

// slot is a place in a State for one tensor of a file.
type slot struct {
	name   string
	shape  []int // graph's
	layout backbone.Layout
	head   bool
}

func (s slot) timmShape() []int { return s.layout.TimmShape(s.shape) }

// slots lists parameters and buffers in the order of weight files: the
// backbone's parameters, its buffers, the heads.
func slots(params []backbone.Param, buffers []backbone.Buffer) []slot {
	var body, heads []slot
	for _, p := range params {
		s := slot{p.Name, p.Shape, p.Layout, p.Head}
		if p.Head {
			heads = append(heads, s)
		} else {
			body = append(body, s)
		}
	}
	for _, b := range buffers {
		body = append(body, slot{b.Name, b.Shape, backbone.Vector, false})
	}
	return slices.Concat(body, heads)
}
