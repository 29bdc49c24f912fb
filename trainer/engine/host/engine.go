package host

import (
	"fmt"

	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// Engine executes networks on the processor. Its programs share one pool of
// workers; only one of them computes at a time.
type Engine struct {
	pool *kernel.Pool
}

var _ engine.Engine = (*Engine)(nil)

// New starts an engine with as many workers as Go may use processors.
func New() *Engine { return &Engine{pool: kernel.NewPool(0)} }

// Name is host.
func (e *Engine) Name() string { return "host" }

// Device says which processors and which of their instructions are used:
// 2 × Intel(R) Xeon(R) CPU @ 2.20GHz (avx512).
func (e *Engine) Device() string {
	return fmt.Sprintf("%d × %s (%s)", e.pool.Workers(), processor(), e.pool.ISA())
}

// Compile builds a program in memory of its own. The error is an
// *engine.UnsupportedError for another precision than float32 and an
// *engine.MemoryError when the machine has not enough memory.
func (e *Engine) Compile(spec engine.Spec) (engine.Program, error) {
	if spec.Precision != "" && spec.Precision != engine.FP32 {
		return nil, &engine.UnsupportedError{
			Engine: e.Name(), What: "precision " + spec.Precision,
			Use: "use precision: " + engine.FP32 + " or engine: xla",
		}
	}
	return newProgram(e.pool, spec, installedMemory())
}

// Close ends the workers.
func (e *Engine) Close() error {
	e.pool.Close()
	return nil
}
