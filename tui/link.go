package tui

import (
	"fmt"
	"time"
)

// linkState is the connection to the supervisor.
type linkState struct {
	up       bool
	number   int // of the link, so that answers over a dead one are told apart
	attempts int // failed since the link was lost
	since    time.Time
	err      error // why it is down; nil before the first try
}

// backoff is the wait before the next try: short at first, since a supervisor
// that restarts is back in a moment.
func backoff(attempts int) time.Duration {
	d := 250 * time.Millisecond << min(attempts, 6)
	return min(d, 10*time.Second)
}

// banner says that the link is down; empty when it is up.
func (l linkState) banner(now time.Time) string {
	switch {
	case l.up:
		return ""
	case l.err == nil:
		return "connecting to the supervisor …"
	case l.since.IsZero():
		return fmt.Sprintf("no supervisor answers: %s; trying again", sentence(l.err))
	}
	ago := ""
	if d := now.Sub(l.since); d >= time.Second {
		ago = " " + duration(d) + " ago"
	}
	return fmt.Sprintf("connection lost%s, trying again: %s", ago, sentence(l.err))
}
