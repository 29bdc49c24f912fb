//go:build !unix

package kernel

import "testing"

// fenced returns n NaNs and the values before them. There is no fence here.
func fenced(_ testing.TB, n int) (out, before []float32) {
	const wall = 40
	all := garbage(wall + n)
	return all[wall:], all[:wall]
}
