package sweep

import (
	"path/filepath"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// NewStatus describes a run. said is when its worker last said something.
func NewStatus(r run.Record, said time.Time) Status {
	return Status{
		Listing: NewListing(r),
		Launch:  r.Spec.Launch, StateAt: r.StateAt, Seq: r.Seq, Tasks: r.Spec.Tasks, Config: r.Spec.Config,
		LogPath: filepath.Join(r.Spec.Dir, LogFile), LastEvent: said,
	}
}
