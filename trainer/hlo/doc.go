// Package hlo writes StableHLO, the language in which a computation is handed to
// the XLA compiler.
//
// It is a thin layer over go-xla's builder, which checks every shape as it goes
// and writes the same text for the same calls: after the first error every method
// does nothing and returns nil, so that a computation reads as the sequence of its
// operations; Module.Text reports the error. Element types are never converted
// silently.
//
// Nothing here needs cgo, a plugin or a device.
package hlo
