package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/store"
)

// The program's exit codes; scripts rely on them.
const (
	exitDone        = 0
	exitFailed      = 1   // a run, or a part of the work, failed
	exitUsage       = 2   // wrong usage, config or input: nothing was started
	exitUnder       = 3   // a --fail-under bound was missed
	exitStore       = 4   // the store could not be opened, is locked or failed verification
	exitInterrupted = 130 // stopped by a signal, state saved
)

// exitError carries the exit code that an error stands for.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func withCode(code int, err error) error {
	if err == nil {
		return nil
	}
	return &exitError{code, err}
}

// usagef is an error in what the user asked for.
func usagef(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// exitCode maps an error to the code that the process ends with.
func exitCode(err error) int {
	var coded *exitError
	switch {
	case err == nil:
		return exitDone
	case isUsage(err):
		return exitUsage
	case errors.As(err, &coded):
		return coded.code
	case errors.Is(err, configs.ErrConfig):
		return exitUsage
	case errors.Is(err, store.ErrLocked), errors.Is(err, store.ErrCorrupt), errors.Is(err, store.ErrSchema):
		return exitStore
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitFailed
}

func isUsage(err error) bool {
	var u *usageError
	return errors.As(err, &u)
}
