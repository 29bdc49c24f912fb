//go:build !amd64

package kernel

// available lists the tables that this processor can run, the best first.
func available() []*isa { return []*isa{generic()} }
