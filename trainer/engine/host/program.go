package host

import (
	"errors"
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// errClosed is returned by a program after Close.
var errClosed = errors.New("the program is closed")

// program is a network with its state. Its graphs are planned for one batch size
// each; the memory of activations is shared by all of them.
type program struct {
	pool    *kernel.Pool
	spec    engine.Spec
	params  []backbone.Param
	buffers []backbone.Buffer
	tensors []engine.Tensor
	state   [][]float32 // parallel to tensors

	train map[int]*network // by number of images
	eval  map[int]*network

	input  []float32   // [Batch,S,S,3], normalised
	labels [][]float32 // per task [Batch]
	slab   []float32   // everything between the inputs and the end of a step

	kept     [][]float32 // what evaluation computes from the state, for all batch sizes
	keptSize int
	prepared bool // kept is of the present state
	closed   bool
}

// network is a graph in the memory of its program.
type network struct {
	graph *backbone.Graph
	exec  *Executor
}

// newProgram compiles spec when it fits into have bytes; 0 means any.
func newProgram(pool *kernel.Pool, spec engine.Spec, have int64) (*program, error) {
	p, slab, err := planProgram(pool, spec, have)
	if err != nil {
		return nil, err
	}
	p.allocate(slab)
	for _, nets := range []map[int]*network{p.eval, p.train} {
		for n, net := range nets {
			if err := p.bind(net, n); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

// planProgram is a program without its memory, and the size of its slab.
func planProgram(pool *kernel.Pool, spec engine.Spec, have int64) (p *program, slab int, err error) {
	p = &program{pool: pool, spec: spec, train: map[int]*network{}, eval: map[int]*network{}}
	largest, err := p.plan(spec.Batch, false)
	if err != nil {
		return nil, 0, err
	}
	p.eval[spec.Batch], p.keptSize = largest, largest.exec.keptSize()
	if spec.Training {
		if largest, err = p.plan(spec.Batch, true); err != nil {
			return nil, 0, err
		}
		p.train[spec.Batch] = largest
	}
	p.describe(largest.graph)
	slab = largest.exec.places.size
	if need := p.memory(slab).Total(); have > 0 && need > have {
		what := fmt.Sprintf("%s at %d px with %d images a batch", spec.Model, spec.ImageSize, spec.Batch)
		return nil, 0, &engine.MemoryError{What: what, Need: need, Have: have}
	}
	return p, slab, nil
}

// plan builds the graph for n images and plans its memory.
func (p *program) plan(n int, training bool) (*network, error) {
	g, err := p.spec.Graph(n, training)
	if err != nil {
		return nil, err
	}
	var state []*gorgonia.Node
	if !training {
		for _, param := range g.Params {
			state = append(state, param.Node)
		}
		for _, buffer := range g.Buffers {
			state = append(state, buffer.Node)
		}
	}
	exec, err := plan(p.pool, engine.Outputs(g), state)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.spec.Model, err)
	}
	return &network{g, exec}, nil
}

// describe takes over what does not depend on the batch.
func (p *program) describe(g *backbone.Graph) {
	p.params, p.buffers = engine.Describe(g)
	p.tensors = engine.Tensors(p.params, p.buffers, p.spec.Training)
}

// memory is what a program with a slab of this many values takes.
func (p *program) memory(slab int) engine.Memory {
	var m engine.Memory
	for _, t := range p.tensors {
		m.State += 4 * int64(t.Len)
	}
	S, T := int64(p.spec.ImageSize), int64(len(p.spec.Tasks))
	m.Activations = 4 * (int64(slab) + int64(p.keptSize) + int64(p.spec.Batch)*(3*S*S+T))
	return m
}

func (p *program) allocate(slab int) {
	for _, t := range p.tensors {
		p.state = append(p.state, make([]float32, t.Len))
	}
	p.input = make([]float32, p.spec.Batch*p.spec.ImageSize*p.spec.ImageSize*3)
	for range p.spec.Tasks {
		p.labels = append(p.labels, make([]float32, p.spec.Batch))
	}
	p.slab = make([]float32, slab)
}

// bind gives the network for n images its memory. A slab that is too small is
// replaced, for all networks.
func (p *program) bind(net *network, n int) error {
	g := net.graph
	bind := func(to *gorgonia.Node, data []float32) error {
		if to == nil {
			return nil
		}
		return net.exec.bindInput(to, data)
	}
	errs := []error{bind(g.Input, p.input[:len(p.input)/p.spec.Batch*n])}
	for t, l := range g.Labels {
		errs = append(errs, bind(l, p.labels[t][:n]))
	}
	for i, param := range g.Params {
		errs = append(errs, bind(param.Node, p.state[i]))
	}
	for i, buffer := range g.Buffers {
		errs = append(errs, bind(buffer.Node, p.state[len(p.params)+i]))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	// Every evaluation graph of this network keeps the same values in the same order.
	if len(net.exec.schedule.prepare) > 0 {
		p.kept = net.exec.bindKept(p.kept)
	}
	if len(p.slab) >= net.exec.places.size {
		net.exec.bind(p.slab)
		return nil
	}
	p.slab = make([]float32, net.exec.places.size)
	net.exec.bind(p.slab)
	for _, nets := range []map[int]*network{p.eval, p.train} {
		for _, other := range nets {
			other.exec.bind(p.slab)
		}
	}
	return nil
}

// network returns the one for n images, which is planned when it is first needed.
func (p *program) network(nets map[int]*network, n int, training bool) (*network, error) {
	if net, ok := nets[n]; ok {
		return net, nil
	}
	net, err := p.plan(n, training)
	if err != nil {
		return nil, err
	}
	if err := p.bind(net, n); err != nil {
		return nil, err
	}
	nets[n] = net
	return net, nil
}

// load checks a batch and brings pixels and labels into the inputs. It returns
// the number of images.
func (p *program) load(b *data.Batch, labels bool) (int, error) {
	if p.closed {
		return 0, errClosed
	}
	n, S := len(b.Pixels), p.spec.ImageSize
	if err := p.spec.CheckPixels(b); err != nil {
		return 0, err
	}
	if labels {
		if err := p.spec.CheckLabels(b); err != nil {
			return 0, err
		}
		for t := range p.labels {
			for i, l := range b.Labels[t] {
				p.labels[t][i] = float32(l)
			}
		}
	}
	p.pool.Normalise(p.input, b.Pixels, b.Flip, S, S)
	return n, nil
}

// Params lists the trained tensors.
func (p *program) Params() []backbone.Param { return slices.Clone(p.params) }

// Buffers lists the running statistics.
func (p *program) Buffers() []backbone.Buffer { return slices.Clone(p.buffers) }

// Tensors lists the state.
func (p *program) Tensors() []engine.Tensor { return slices.Clone(p.tensors) }

// Read copies tensor i to dst.
func (p *program) Read(i int, dst []float32) error {
	if err := p.check(i, len(dst)); err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	copy(dst, p.state[i])
	return nil
}

// Write copies src to tensor i.
func (p *program) Write(i int, src []float32) error {
	if err := p.check(i, len(src)); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	copy(p.state[i], src)
	p.prepared = false
	return nil
}

func (p *program) check(i, n int) error {
	if p.closed {
		return errClosed
	}
	return engine.CheckAccess(p.tensors, i, n)
}

// Memory is what has been allocated.
func (p *program) Memory() engine.Memory { return p.memory(len(p.slab)) }

// Close lets go of all memory.
func (p *program) Close() error {
	*p = program{closed: true}
	return nil
}
