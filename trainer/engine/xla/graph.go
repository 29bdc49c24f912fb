//go:build cgo && (linux || darwin)

package xla

import (
	"errors"
	"fmt"

	"github.com/gomlx/go-xla/pjrt"

	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/op"
)

// RunGraph computes the outputs of any graph once, in float32 or, where half is
// set, with bfloat16 activations. It is how operations are compared with their
// golden values.
func (e *Engine) RunGraph(half bool, outputs op.Nodes, inputs map[*op.Node][]float32) ([][]float32, error) {
	p := &program{eng: e, design: design{spec: engine.Spec{Model: "a graph"}}}
	m := hlo.New("graph")
	values := map[*op.Node]hlo.Value{}
	var args []*pjrt.Buffer
	defer func() { destroy(args) }()
	for _, n := range op.Reachable(outputs) {
		v, ok := inputs[n]
		if !ok {
			continue
		}
		values[n] = m.Arg(fmt.Sprintf("input%d", len(args)), hlo.F32, n.Shape()...)
		b, err := p.upload(n.Name(), v, n.Shape()...)
		if err != nil {
			return nil, err
		}
		args = append(args, b)
	}
	if err := op.LowerGraph(&op.Lowering{Func: m.Func, Half: half, Precision: hlo.Exact}, outputs, values); err != nil {
		return nil, err
	}
	var results []hlo.Value
	for _, n := range outputs {
		results = append(results, m.Convert(values[n], hlo.F32))
	}
	m.Return(results...)
	text, err := m.Text()
	exec, err := p.compile("the graph", text, err)
	if err != nil {
		return nil, err
	}
	out, err := exec.Execute(args...).Done()
	if err != nil {
		return nil, errors.Join(failed("run a graph", err), exec.Destroy())
	}
	defer destroy(out)
	read := make([][]float32, len(out))
	for i, b := range out {
		read[i] = make([]float32, max(1, outputs[i].Shape().TotalSize()))
		if err := b.ToHost(bytesOf(read[i])); err != nil {
			return nil, errors.Join(failed("read a graph", err), exec.Destroy())
		}
	}
	return read, exec.Destroy()
}
