// Package host executes networks on the processor.
//
// A graph becomes a list of kernel calls in the order in which its nodes were
// made (newSchedule); whatever no output needs is left out. A liveness pass
// (place) gives every intermediate value a place in one slab of memory, shared
// by values that are never needed at the same time, and lets a call overwrite an
// input that nobody reads afterwards. Running the list allocates nothing.
//
// Executor does that for any graph; the program that New's engine compiles adds
// pixels, state and optimiser around two graphs, one for training and one for
// evaluation.
//
// Results do not depend on the number of processors: see package kernel.
package host
