// Package kernel is the host arithmetic of training: matrix product,
// convolution, normalisation, pooling, activations, loss and optimiser on plain
// []float32 slices. It knows no graph and no tensors.
//
// # Layout
//
// Images are NHWC: x[((n*H+h)*W+w)*C+c]. Weights are [KH,KW,C/groups,O] for a
// convolution ([KH,KW,1,C] for a depthwise one) and [in,out] for a linear
// layer. "Rows" are all axes but the last: an image batch of [N,H,W,C] is a
// matrix of N*H*W rows and C columns.
//
// # Promises
//
// Every function is a method of a [Pool] and returns when its result is
// complete. Outputs are overwritten, not added to, unless the name says so.
// Elementwise functions allow the output to be one of the inputs; the others
// do not. Slices must have at least the length that the shape asks for; a
// shorter one is a programming error and ends in an index panic.
//
// Work is split by shape alone, never by the number of workers, and every sum
// has a fixed order: the same call gives the same bits on any number of
// workers. Between instruction sets (see [Pool.ISA]) results differ by
// rounding. In steady state nothing is allocated.
package kernel
