package host

import "github.com/backbone-sweep/sweep/trainer/engine"

var _ engine.Estimator = (*Engine)(nil)

// Estimate plans a program without its memory.
func (e *Engine) Estimate(spec engine.Spec) (engine.Memory, error) {
	return e.plan(spec, installedMemory())
}

// Plan does so for a machine of any size.
func (e *Engine) Plan(spec engine.Spec) (engine.Memory, error) { return e.plan(spec, 0) }

func (e *Engine) plan(spec engine.Spec, have int64) (engine.Memory, error) {
	p, slab, err := planProgram(e.pool, spec, have)
	if err != nil {
		return engine.Memory{}, err
	}
	return p.memory(slab), nil
}
