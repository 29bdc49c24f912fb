// Package op holds the operations that the networks are built of, as nodes of a
// Gorgonia expression graph.
//
// Layout is NHWC and float32 everywhere:
//
//	image           [N, H, W, C]
//	conv weights    [KH, KW, Cin/groups, Cout]
//	linear weights  [in, out]
//	norm, bias      [C]
//	labels          [N], class indices as float32
//	loss            scalar
//
// A constructor (Conv2D, Linear, …) checks shapes and returns a new node, or the
// existing one when the same operation is applied to the same inputs twice. An
// operation is a struct of its attributes that implements Operation: a shape
// rule, a gradient written in operations again, and the way it runs on the host.
// Gorgonia differentiates the graph; the engines execute it.
//
// Inputs are never written to and every node owns its output, except where an
// engine that knows the lifetimes lets an operation overwrite an input that the
// operation says it can (Call.Overwrites).
package op
