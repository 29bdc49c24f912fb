// Package xla executes networks through XLA, by a PJRT plugin that is loaded when
// the program runs: on a GPU with the one that JAX brings, on the processor with
// any other.
//
// A whole training step - gathering the images, flipping, normalising, forward,
// backward, AdamW - is one executable (step_module.go) that repeats itself for as
// many steps as a launch holds. Parameters and moments stay on the device and are
// updated in place; the host sends indices and labels and reads losses later
// (queue.go). Evaluation is a second executable, which counts nothing itself but
// returns the predicted class and the loss of every image (score_module.go).
//
// Find says which plugin would be used; Open loads it. In a build without cgo,
// Open says that there is no such engine; modules are written all the same.
package xla
