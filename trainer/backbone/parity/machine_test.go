package parity_test

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/trainer/kernel"
	"github.com/backbone-sweep/sweep/trainer/op"
)

// machine runs a graph as plainly as possible: every node has memory of its own
// and runs once, after its inputs. Engines are compared with it.
type machine struct {
	pool   *kernel.Pool
	order  []*gorgonia.Node
	values map[*gorgonia.Node][]float32
	calls  map[*gorgonia.Node]op.Call
}

func newMachine(pool *kernel.Pool, outputs ...*gorgonia.Node) (*machine, error) {
	m := &machine{pool: pool, values: map[*gorgonia.Node][]float32{}, calls: map[*gorgonia.Node]op.Call{}}
	for _, n := range outputs {
		if err := m.visit(n); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *machine) visit(n *gorgonia.Node) error {
	if _, ok := m.values[n]; ok {
		return nil
	}
	for _, c := range op.Children(n) {
		if err := m.visit(c); err != nil {
			return err
		}
	}
	m.values[n] = make([]float32, n.Shape().TotalSize())
	switch o := n.Op().(type) {
	case nil:
		return nil // an input
	case *op.Applied:
		m.calls[n] = o.Host(o.In, o.Out)
	default:
		if one, ok := n.Value().(*gorgonia.F32); ok {
			m.values[n][0] = float32(*one)
			return nil
		}
		if !op.IsBuiltinAdd(n) {
			return fmt.Errorf("the plain machine cannot run %v", n)
		}
		m.calls[n] = op.Call{Run: func(_ *kernel.Pool, in [][]float32, out []float32) {
			for i := range out {
				out[i] = in[0][i] + in[1][i]
			}
		}}
	}
	m.order = append(m.order, n)
	return nil
}

func (m *machine) run() {
	for _, n := range m.order {
		var in [][]float32
		for _, c := range op.Children(n) {
			in = append(in, m.values[c])
		}
		m.calls[n].Run(m.pool, in, m.values[n])
	}
}
