// Package engine says what executes a network: an Engine compiles a backbone
// with its heads, loss and optimiser into a Program, and a Program trains and
// evaluates batch by batch.
//
// A Program owns its state: parameters, the two moments of AdamW, the running
// statistics of batch norms and the number of steps. Tensors lists it; Read and
// Write move it, in the layout of the graph, so that a program with the same
// state goes on with the same steps. On one engine, device and version the same
// state and batches give the same bits.
//
// A Program is used by one goroutine at a time.
package engine
