package host

import (
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/trainer/op"
)

type node = gorgonia.Node

// schedule is a graph as a list of calls on numbered values.
type schedule struct {
	values  []value
	prepare []call // what depends on the state alone, before the others
	calls   []call
	index   map[*node]int // of the node's value
}

// value is the result of a node.
type value struct {
	size     int     // float32s
	input    bool    // comes from outside
	constant float32 // its only element, when the node is a constant
	fixed    bool    // constant
	output   bool    // is asked for: lives until the end
	state    bool    // an input that stays from run to run
	kept     bool    // computed from such inputs alone
}

// call is a node that computes.
type call struct {
	op.Call
	name string
	in   []int
	out  int
}

// newSchedule lists what has to be computed for outputs. What depends on no input
// but those in state is listed apart.
func newSchedule(outputs, state []*node) (*schedule, error) {
	s := &schedule{index: map[*node]int{}}
	for _, n := range op.Reachable(outputs) {
		v := value{size: max(1, n.Shape().TotalSize())}
		in := op.Children(n)
		c := call{out: len(s.values)}
		for _, child := range in {
			i, ok := s.index[child]
			if !ok {
				return nil, fmt.Errorf("graph: %v was made before its input %v", n, child)
			}
			c.in = append(c.in, i)
		}
		switch a, ours := n.Op().(*op.Applied); {
		case n.Op() == nil:
			v.input, v.state = true, slices.Contains(state, n)
		case ours:
			c.name, c.Call = a.String(), a.Host(a.In, a.Out)
			if v.kept = s.fromState(c); v.kept {
				s.prepare = append(s.prepare, c)
			} else {
				s.calls = append(s.calls, c)
			}
		case op.IsBuiltinAdd(n):
			shape := n.Shape()
			c.name, c.Call = "sum of gradients", op.Sum{}.Host(nil, shape)
			s.calls = append(s.calls, c)
		case len(in) == 0 && n.Value() != nil:
			f, ok := n.Value().(*gorgonia.F32)
			if !ok {
				return nil, fmt.Errorf("graph: constant %v: only float32 scalars are supported", n)
			}
			v.fixed, v.constant = true, float32(*f)
		default:
			return nil, fmt.Errorf("graph: the host cannot run %v: build the network of the operations in trainer/op", n)
		}
		s.index[n] = len(s.values)
		s.values = append(s.values, v)
	}
	for _, n := range outputs {
		s.values[s.index[n]].output = true
	}
	return s, nil
}

// fromState reports whether all that the call reads depends on the state alone.
func (s *schedule) fromState(c call) bool {
	for _, i := range c.in {
		if v := s.values[i]; !v.state && !v.kept {
			return false
		}
	}
	return len(c.in) > 0
}
