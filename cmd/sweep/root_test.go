package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// An interruption is told in the user's words, whatever was going on; an error
// beside it keeps its own.
func TestPrintError(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("reading annotations: %w", context.Canceled), "sweep: interrupted\n"},
		{withCode(exitStore, fmt.Errorf("store x: %w", context.Canceled)), "sweep: store x: context canceled\n"},
		{errors.New("one\ntwo"), "sweep: one\nsweep: two\n"},
		{withCode(exitFailed, errors.New("")), ""},
		{&usageError{errors.New("no")}, "sweep: no\nRun \"sweep --help\" for help.\n"},
	} {
		var b strings.Builder
		e := &env{stderr: &b}
		printError(e, newRoot(e), tt.err)
		if b.String() != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, b.String(), tt.want)
		}
	}
}
