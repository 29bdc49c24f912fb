package op

import (
	"cmp"
	"slices"
)

// Reachable returns the outputs and all that they depend on, in the order in
// which they were made. A node is made after its inputs, and a gradient right
// after the gradients it is computed from, so this order is right and lets
// values die early.
func Reachable(outputs Nodes) Nodes {
	seen := map[*Node]bool{}
	var found Nodes
	stack := slices.Clone(outputs)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		found = append(found, n)
		stack = append(stack, Children(n)...)
	}
	slices.SortFunc(found, func(a, b *Node) int { return cmp.Compare(a.ID(), b.ID()) })
	return found
}
