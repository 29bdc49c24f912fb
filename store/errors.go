package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Errors to be matched with errors.Is.
var (
	// ErrLocked: another process holds the store. See LockedError.
	ErrLocked = errors.New("store is locked")
	// ErrCorrupt: the file is no store or was damaged. See CorruptError.
	ErrCorrupt = errors.New("store is damaged")
	// ErrSchema: the file was written by a newer program.
	ErrSchema = errors.New("store has an unknown schema")
	// ErrReadOnly: a store opened for reading was asked to write.
	ErrReadOnly = errors.New("store is open for reading only")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store is closed")
	// ErrNotFound: there is no such run.
	ErrNotFound = errors.New("no such run")
	// ErrExists: a run of this id is already there.
	ErrExists = errors.New("run exists already")
	// ErrLive: the run cannot be removed while a process works on it.
	ErrLive = errors.New("run is live")
	// ErrNoBest: the run has no best weights.
	ErrNoBest = errors.New("run has no best weights")
	// ErrNoPredictions: the run has no test predictions.
	ErrNoPredictions = errors.New("run has no predictions")
	// ErrReplaced: the best weights were replaced or removed while they were read.
	ErrReplaced = errors.New("best weights were replaced")
)

// LockedError says who holds a store.
type LockedError struct {
	Path   string
	PID    int    // 0 = not known
	Name   string // the holder's program, when known
	Writer bool   // the holder writes; false = it reads (or is not known)
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("store %s: locked by another process: end it, or ask it instead", e.Path)
	}
	verb := "read"
	if e.Writer {
		verb = "held"
	}
	who := fmt.Sprintf("process %d", e.PID)
	if e.Name != "" {
		who += " (" + e.Name + ")"
	}
	return fmt.Sprintf("store %s: %s by %s: end it, or ask it instead", e.Path, verb, who)
}

// Is matches ErrLocked.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// Problem is one thing found wrong in a store.
type Problem struct {
	Where string // such as "runs/task02-resnet18-s42-0c1k3m/best" or "page 17"; empty = the file as a whole
	What  string
}

func (p Problem) String() string {
	if p.Where == "" {
		return p.What
	}
	return p.Where + ": " + p.What
}

// CorruptError names what is damaged.
type CorruptError struct {
	Path     string
	Problems []Problem
}

func (e *CorruptError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "store %s: damaged", e.Path)
	for i, p := range e.Problems {
		if i == 3 {
			fmt.Fprintf(&b, "; and %d more", len(e.Problems)-i)
			break
		}
		sep := ": "
		if i > 0 {
			sep = "; "
		}
		b.WriteString(sep + p.String())
	}
	if e.inRuns() {
		b.WriteString(": remove what is damaged, or restore a copy")
	} else {
		b.WriteString(": restore a copy, or move the file away to start anew")
	}
	return b.String()
}

// inRuns reports whether the damage is within runs, the others being usable.
func (e *CorruptError) inRuns() bool {
	return !slices.ContainsFunc(e.Problems, func(p Problem) bool { return !strings.HasPrefix(p.Where, "runs/") })
}

// Is matches ErrCorrupt.
func (e *CorruptError) Is(target error) bool { return target == ErrCorrupt }

// AmbiguousError lists the runs that an abbreviated id fits.
type AmbiguousError struct {
	Prefix string
	IDs    []string
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("run %q: fits %d runs: %s: give more of the id", e.Prefix, len(e.IDs), strings.Join(e.IDs, ", "))
}

// damaged is the error for one damaged place within a transaction; the
// boundary turns it into a CorruptError with the file's name.
func damaged(where, format string, args ...any) error {
	return &CorruptError{Problems: []Problem{{where, fmt.Sprintf(format, args...)}}}
}
