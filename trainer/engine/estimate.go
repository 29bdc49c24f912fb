package engine

// Estimator is an engine that can say what a program needs without building it.
// The error is a *MemoryError when that is more than there is.
type Estimator interface {
	Estimate(Spec) (Memory, error)
}
