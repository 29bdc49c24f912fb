package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/trainer"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

func TestExitCodeOfAWorker(t *testing.T) {
	full := fmt.Errorf("train: %w", &engine.OutOfMemoryError{What: "step", Detail: "full"})
	for _, c := range []struct {
		err  error
		want int
	}{
		{errors.New("disk"), exitFailed},
		{trainer.ErrInput, exitUsage},
		{full, sweep.ExitOutOfMemory},
		{errors.Join(trainer.ErrInput, full), sweep.ExitOutOfMemory},
	} {
		if got := workerCode(c.err); got != c.want {
			t.Errorf("%v: code %d, want %d", c.err, got, c.want)
		}
	}
}
