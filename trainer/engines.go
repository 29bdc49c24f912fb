package trainer

import (
	"fmt"

	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/engine/host"
)

// OpenEngine opens an engine by the name that a config gives it: host, xla, or
// auto for the best one that this machine has. An engine that cannot be had is
// an ErrInput.
func OpenEngine(name string) (engine.Engine, error) {
	switch name {
	case "", "auto", "host":
		return host.New(), nil
	case "xla":
		return nil, &inputError{fmt.Errorf("engine xla: this build has none: use --engine host")}
	default:
		return nil, &inputError{fmt.Errorf("unknown engine %q: want auto, host or xla", name)}
	}
}
