package trainer

import (
	"errors"
	"fmt"

	"github.com/backbone-sweep/sweep/trainer/data"
)

// ErrStopped is returned when the context ended a run; its state was saved.
var ErrStopped = errors.New("stopped; the state was saved")

// ErrInput marks what is wrong with what the run was given: data, weights or
// settings. Nothing was trained.
var ErrInput = errors.New("input")

// inputError is an ErrInput that says only what was wrong.
type inputError struct{ err error }

func (e *inputError) Error() string        { return e.err.Error() }
func (e *inputError) Unwrap() error        { return e.err }
func (e *inputError) Is(target error) bool { return target == ErrInput }

// isInput reports whether preparing data failed by the fault of the data.
func isInput(err error) bool {
	var input *data.InputError
	var skips *data.TooManySkipsError
	return errors.As(err, &input) || errors.As(err, &skips)
}

// NotFiniteError reports a loss that is NaN or infinite.
type NotFiniteError struct {
	Step, Epoch int
	Task        string
	Loss        float64 // NaN or ±Inf
	LastGood    float64 // loss of the step before; 0 at the first step
}

func (e *NotFiniteError) Error() string {
	s := fmt.Sprintf("loss of %s became %v at step %d (epoch %d)", e.Task, e.Loss, e.Step, e.Epoch)
	if e.Step > 1 {
		s += fmt.Sprintf("; the loss of the step before was %.4g", e.LastGood)
	}
	return s + "; try a smaller learning_rate"
}
