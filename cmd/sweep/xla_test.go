package main

import (
	"os"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

// onXLA are the arguments of a small sweep on the xla engine, which the plugin of
// `make test-xla` gives the processor to.
func onXLA(t *testing.T) []string {
	t.Helper()
	if os.Getenv(xla.PluginVariable) == "" {
		t.Skipf("no PJRT plugin: run make test-xla, or set %s", xla.PluginVariable)
	}
	return append([]string{}, append(tiny, "--engine", "xla")...)
}

func TestInterruptAndResumeOnXLA(t *testing.T) { interruptAndResume(t, onXLA(t)) }

// A start takes longer here, as the compiler runs first.
func TestKillAtAnyMomentOnXLA(t *testing.T) { killAtAnyMoment(t, onXLA(t), 2, 20*time.Second) }
