package op

import (
	"fmt"

	"gorgonia.org/gorgonia"
)

// Do is how Gorgonia's own machines execute a node; only the engines run these.
func (a *Applied) Do(...gorgonia.Value) (gorgonia.Value, error) {
	return nil, fmt.Errorf("%s: no machine of Gorgonia runs it", a)
}
