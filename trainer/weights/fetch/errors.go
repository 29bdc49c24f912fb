package fetch

import (
	"errors"
	"fmt"
	"time"
)

// errTryAgain is wrapped by what may go better the next time.
var errTryAgain = errors.New("failed")

// NotFoundError says that the server has no such file.
type NotFoundError struct{ URL, Status string }

func (e *NotFoundError) Error() string { return fmt.Sprintf("fetch %s: %s", e.URL, e.Status) }

// ChecksumError says that a file has other contents than those wanted.
type ChecksumError struct {
	URL       string
	Got, Want string // SHA-256; Want may be its first digits
	From      string // where Want is from
}

func (e *ChecksumError) Error() string {
	return fmt.Sprintf("fetch %s: the contents have the sha256 %s, want %s by %s: the file was thrown away", e.URL, e.Got, e.Want, e.From)
}

// busyError is an answer that asks to come back later.
type busyError struct {
	status string
	after  time.Duration
}

func (e *busyError) Error() string { return "the server answered " + e.status }
func (e *busyError) Unwrap() error { return errTryAgain }
