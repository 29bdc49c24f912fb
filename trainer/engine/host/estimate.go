package host

import "github.com/backbone-sweep/sweep/trainer/engine"

var _ engine.Estimator = (*Engine)(nil)

// Estimate plans a program without its memory.
func (e *Engine) Estimate(spec engine.Spec) (engine.Memory, error) {
	p, slab, err := planProgram(e.pool, spec, installedMemory())
	if err != nil {
		return engine.Memory{}, err
	}
	return p.memory(slab), nil
}
