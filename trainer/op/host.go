package op

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Call is an operation made ready to run on the host for fixed shapes.
type Call struct {
	// Run computes out, whose contents before do not matter, from in. It
	// allocates nothing once it has run with the same pool.
	Run func(p *kernel.Pool, in [][]float32, out []float32)

	// Overwrites lists the inputs whose memory out may be.
	Overwrites []int
}

// Do runs the operation on Gorgonia values, which is how Gorgonia's own machines
// execute a graph. It allocates the result and a pool of one worker; an engine
// uses Host.
func (a *Applied) Do(values ...gorgonia.Value) (gorgonia.Value, error) {
	if len(values) != len(a.In) {
		return nil, fmt.Errorf("%s: got %d values, want %d", a, len(values), len(a.In))
	}
	in := make([][]float32, len(values))
	for i, v := range values {
		var err error
		if in[i], err = floats(v, a.In[i]); err != nil {
			return nil, fmt.Errorf("%s: input %d: %w", a, i, err)
		}
	}
	out := make([]float32, a.Out.TotalSize())
	p := kernel.NewPool(1)
	defer p.Close()
	a.Host(a.In, a.Out).Run(p, in, out)
	if a.Out.IsScalar() {
		return gorgonia.NewF32(out[0]), nil
	}
	return tensor.New(tensor.WithShape(a.Out...), tensor.WithBacking(out)), nil
}

// floats returns the elements of a value of this shape.
func floats(v gorgonia.Value, want tensor.Shape) ([]float32, error) {
	switch v := v.(type) {
	case *gorgonia.F32:
		if want.IsScalar() {
			return []float32{float32(*v)}, nil
		}
	case *tensor.Dense:
		data, ok := v.Data().([]float32)
		if ok && equal(v.Shape(), want) && v.DataOrder().IsRowMajor() && len(data) == want.TotalSize() {
			return data, nil
		}
	}
	return nil, fmt.Errorf("%T of shape %v is not a row-major float32 tensor of shape %v", v, v.Shape(), want)
}
