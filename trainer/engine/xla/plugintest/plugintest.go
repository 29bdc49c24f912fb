//go:build cgo && (linux || darwin)

// Package plugintest opens the xla engine for tests.
package plugintest

import (
	"os"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

// Open opens the plugin that $SWEEP_PJRT_PLUGIN names, which `make plugin` fetches
// and `make test-xla` sets. Without one the test is skipped.
func Open(t testing.TB) *xla.Engine {
	t.Helper()
	o := xla.Options{Plugin: os.Getenv(xla.PluginVariable)}
	if o.Plugin == "" {
		t.Skipf("no PJRT plugin: run make test-xla, or set %s", xla.PluginVariable)
	}
	e, err := xla.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e.(*xla.Engine)
}
