package host

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Executor runs an expression graph again and again in the same memory.
type Executor struct {
	pool     *kernel.Pool
	schedule *schedule
	places   placement
	memory   [][]float32 // per value; nil while unbound
	prepare  []bound     // in order, whenever the state has changed
	steps    []bound     // in order
}

// bound is a call with its memory.
type bound struct {
	run func(p *kernel.Pool, in [][]float32, out []float32)
	in  [][]float32
	out []float32
}

// NewExecutor plans the computation of outputs and allocates all memory for it.
// The pool stays the caller's.
func NewExecutor(pool *kernel.Pool, outputs ...*gorgonia.Node) (*Executor, error) {
	e, err := plan(pool, outputs, nil)
	if err != nil {
		return nil, err
	}
	for i, v := range e.schedule.values {
		if v.input {
			e.memory[i] = make([]float32, v.size)
		}
	}
	e.bind(make([]float32, e.places.size))
	return e, nil
}

// plan makes an Executor without memory: the caller binds inputs, kept values,
// then the slab. state lists the inputs that stay from run to run.
func plan(pool *kernel.Pool, outputs, state []*node) (*Executor, error) {
	s, err := newSchedule(outputs, state)
	if err != nil {
		return nil, err
	}
	return &Executor{pool: pool, schedule: s, places: place(s), memory: make([][]float32, len(s.values))}, nil
}

// bindInput gives an input its memory. An input that no output needs is ignored.
func (e *Executor) bindInput(n *node, data []float32) error {
	i, ok := e.schedule.index[n]
	if !ok {
		return nil
	}
	if v := e.schedule.values[i]; !v.input || v.size != len(data) {
		return fmt.Errorf("graph: input %v has %d values, got %d", n, v.size, len(data))
	}
	e.memory[i] = data
	return nil
}

// bind gives all other values their memory: places in slab, which has at least
// places.size values.
func (e *Executor) bind(slab []float32) {
	for i, v := range e.schedule.values {
		switch at := e.places.offset[i]; {
		case v.fixed:
			e.memory[i] = []float32{v.constant}
		case at >= 0:
			e.memory[i] = slab[at : at+v.size : at+v.size]
		}
	}
	e.prepare, e.steps = e.bound(e.prepare[:0], e.schedule.prepare), e.bound(e.steps[:0], e.schedule.calls)
}

func (e *Executor) bound(steps []bound, calls []call) []bound {
	for _, c := range calls {
		b := bound{run: c.Run, out: e.memory[c.out]}
		for _, v := range c.in {
			b.in = append(b.in, e.memory[v])
		}
		steps = append(steps, b)
	}
	return steps
}

// bindKept gives the values that are computed from the state alone their memory,
// one after the other. It returns what memory it made for those beyond kept.
func (e *Executor) bindKept(kept [][]float32) [][]float32 {
	for k, c := range e.schedule.prepare {
		if k == len(kept) {
			kept = append(kept, make([]float32, e.schedule.values[c.out].size))
		}
		e.memory[c.out] = kept[k]
	}
	return kept
}

// keptSize is the number of such values.
func (e *Executor) keptSize() int {
	n := 0
	for _, c := range e.schedule.prepare {
		n += e.schedule.values[c.out].size
	}
	return n
}

// Value returns the memory of an input, to write to, or of an output, to read
// after Run. It is nil for any other node.
func (e *Executor) Value(n *gorgonia.Node) []float32 {
	i, ok := e.schedule.index[n]
	if !ok {
		return nil
	}
	if v := e.schedule.values[i]; !v.input && !v.output {
		return nil
	}
	return e.memory[i]
}

// Bytes is the memory of all computed values.
func (e *Executor) Bytes() int64 { return 4 * int64(e.places.size) }

// Prepare computes what depends on the state alone. It must run before Run
// whenever the state has changed.
func (e *Executor) Prepare() { e.run(e.prepare) }

// Run computes the outputs from the inputs.
func (e *Executor) Run() { e.run(e.steps) }

func (e *Executor) run(steps []bound) {
	for i := range steps {
		b := &steps[i]
		b.run(e.pool, b.in, b.out)
	}
}
