package data

import (
	"context"
	"errors"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Progress hears how far a long stage is. It may be called from several
// goroutines, but never from two at once; done counts up to total. A nil
// Progress is allowed.
type Progress func(stage string, done, total int)

// Prepare makes the data set that d and tasks describe under d.Prepared, or
// finds it there. See the package comment. Errors: *InputError and
// *TooManySkipsError are the input's fault.
func Prepare(ctx context.Context, d run.Data, tasks []run.Task, progress Progress) (*Prepared, error) {
	return nil, errors.New("not made yet")
}
