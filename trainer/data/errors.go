package data

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// InputError is a fault in what the user gave (a path, a table, a label list):
// nothing was prepared, and only another input helps.
type InputError struct {
	On   string // file, folder or config key, with line and column where known
	What string // what is wrong and what to do
	Err  error  // cause, or nil
}

func (e *InputError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.On, e.What, e.Err)
	}
	return e.On + ": " + e.What
}

func (e *InputError) Unwrap() error { return e.Err }

func inputErrorf(on, format string, args ...any) error {
	return &InputError{On: on, What: fmt.Sprintf(format, args...)}
}

// TooManySkipsError says that so much was skipped that the data set is not what
// its owner believes it to be.
type TooManySkipsError struct {
	Source                string
	VideosSkipped, Videos int // Videos counts the skipped ones too; 0 for CSV
	FramesSkipped, Frames int // likewise; a CSV row counts as a frame
	Reasons               map[Reason]int
	List                  string // CSV file that names every one
}

func (e *TooManySkipsError) Error() string {
	var parts []string
	for _, r := range slices.Sorted(maps.Keys(e.Reasons)) {
		parts = append(parts, fmt.Sprintf("%s %d", r, e.Reasons[r]))
	}
	what := fmt.Sprintf("%d of %d frames", e.FramesSkipped, e.Frames)
	if e.Videos > 0 {
		what = fmt.Sprintf("%d of %d videos and %s", e.VideosSkipped, e.Videos, what)
	}
	return fmt.Sprintf("%s: skipped %s, more than 5 %% (%s): mend the data (%s names every one) or go on with --allow-skips",
		e.Source, what, strings.Join(parts, ", "), e.List)
}

// CorruptError says that a prepared image does not have the bytes that were
// written. Preparing again makes a new cache.
type CorruptError struct {
	Path string
	What string
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("image cache %s: %s: delete its folder, it is made again", e.Path, e.What)
}
