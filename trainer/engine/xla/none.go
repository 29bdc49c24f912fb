//go:build !cgo || !(linux || darwin)

package xla

// Available reports whether this build has the engine.
const Available = false

// Open says that this build has no such engine.
func Open(Options) (Opened, error) {
	return nil, &PluginError{
		What: "this build has none",
		Mend: "build with CGO_ENABLED=1 and a C compiler, or use --engine host",
	}
}
