package configs

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// ErrConfig is what every error of this package matches with errors.Is.
var ErrConfig = errors.New("config error")

// Error is one thing wrong with a config, or with a flag laid over it.
type Error struct {
	Config string // the file as the caller named it
	Line   int    // from 1; 0 where no line is to blame
	Flag   string // the flag to blame, such as "--epochs"; empty: the file
	Msg    string
	Err    error // the cause, where there is one
}

// Error says where and what on one line.
func (e *Error) Error() string {
	switch {
	case e.Flag != "":
		return fmt.Sprintf("%s: %s", e.Flag, e.Msg)
	case e.Line > 0:
		return fmt.Sprintf("config %s:%d: %s", e.Config, e.Line, e.Msg)
	default:
		return fmt.Sprintf("config %s: %s", e.Config, e.Msg)
	}
}

// Is makes every Error match ErrConfig.
func (e *Error) Is(target error) bool { return target == ErrConfig }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// join makes one error of several, in the order of their lines.
func join(errs []*Error) error {
	slices.SortStableFunc(errs, func(a, b *Error) int { return cmp.Compare(a.Line, b.Line) })
	all := make([]error, len(errs))
	for i, e := range errs {
		all[i] = e
	}
	return errors.Join(all...)
}
