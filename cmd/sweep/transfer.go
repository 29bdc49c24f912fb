package main

import (
	"fmt"
	"strings"
	"time"
)

// transfer shows how far a file on its way is: a line that changes on a
// terminal, elsewhere one line every few seconds.
type transfer struct {
	e     *env
	name  string
	begun time.Time
	from  int64 // bytes that were there before
	last  time.Time
	width int // of the line that is shown
}

const (
	redraw = 200 * time.Millisecond
	tell   = 5 * time.Second
)

func newTransfer(e *env, name string) *transfer {
	return &transfer{e: e, name: name, from: -1}
}

func (t *transfer) set(done, total int64) {
	now := t.e.now()
	if t.from < 0 || done < t.from { // it begins, or begins again
		t.begun, t.from, t.last = now, done, now
		return
	}
	every := tell
	if t.e.stderrTTY {
		every = redraw
	}
	if now.Sub(t.last) < every {
		return
	}
	t.last = now
	line := t.line(done, total, now.Sub(t.begun))
	if !t.e.stderrTTY {
		fmt.Fprintf(t.e.stderr, "sweep: %s\n", line)
		return
	}
	fmt.Fprintf(t.e.stderr, "\r%-*s", t.width, line)
	t.width = len(line)
}

// line is "NAME  12.5 of 44.7 MiB  28 %  3.1 MiB/s  11s left".
func (t *transfer) line(done, total int64, took time.Duration) string {
	mib := func(n int64) float64 { return float64(n) / (1 << 20) }
	parts := []string{t.name}
	if total > 0 {
		parts = append(parts, fmt.Sprintf("%.1f of %.1f MiB", mib(done), mib(total)), fmt.Sprintf("%d %%", 100*done/total))
	} else {
		parts = append(parts, fmt.Sprintf("%.1f MiB", mib(done)))
	}
	if rate := mib(done-t.from) / took.Seconds(); rate > 0 {
		parts = append(parts, fmt.Sprintf("%.1f MiB/s", rate))
		if total > 0 {
			left := time.Duration(mib(total-done) / rate * float64(time.Second))
			parts = append(parts, left.Round(time.Second).String()+" left")
		}
	}
	return strings.Join(parts, "  ")
}

// clear removes the line from a terminal.
func (t *transfer) clear() {
	if t.width > 0 {
		fmt.Fprintf(t.e.stderr, "\r%*s\r", t.width, "")
		t.width = 0
	}
}
