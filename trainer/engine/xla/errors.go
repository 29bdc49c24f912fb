package xla

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/backbone-sweep/sweep/trainer/engine"
)

// PluginError says why there is no engine, in one sentence with what mends it.
type PluginError struct {
	Plugin string // file; empty when none was found
	What   string
	Mend   string
}

func (e *PluginError) Error() string {
	s := "engine xla: " + e.What
	if e.Mend != "" {
		s += ": " + e.Mend
	}
	return s
}

// whereHint ends the sentence of a search that found nothing.
const whereHint = "; sweep doctor shows where it was looked for"

// WithoutHint is the text of an error without a hint at doctor, for doctor.
func WithoutHint(err error) string { return strings.TrimSuffix(err.Error(), whereHint) }

// NoPlugin is the error of a search that found no plugin.
func NoPlugin(places []Place) error {
	for _, p := range places {
		if p.Path != "" && p.File == "" && (p.Name == "--plugin" || p.Name == "$"+PluginVariable) {
			return &PluginError{What: fmt.Sprintf("%s names %s, which is no file", p.Name, p.Path), Mend: "give the plugin's path, or none to search for one"}
		}
	}
	return &PluginError{
		What: "no PJRT plugin was found",
		Mend: InstallCommand + ", or name one with --plugin FILE" + whereHint,
	}
}

// exhausted is what PJRT calls memory that ran out.
const exhausted = "RESOURCE_EXHAUSTED"

// sentence is the part of a message of the runtime that a person can use: its
// first line, without the trace of the wrapper.
func sentence(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimSpace(errorCode.ReplaceAllString(text, ""))
}

// errorCode is the library's way to pass on a code of the runtime.
var errorCode = regexp.MustCompile(`PJRT error \(code=\d+\): `)

// failed wraps an error of the runtime. Memory that ran out is an
// *engine.OutOfMemoryError, which the caller can do something about. The library
// passes the runtime's code on only as text.
func failed(what string, err error) error {
	text := sentence(err)
	if strings.Contains(err.Error(), "(code=8)") || strings.Contains(text, exhausted) || strings.Contains(strings.ToLower(text), "out of memory") {
		return &engine.OutOfMemoryError{What: what, Detail: text}
	}
	return fmt.Errorf("%s: %s", what, text)
}
