package main

import (
	"fmt"
	"time"
)

// counter is a line on stderr that says how far a longer piece of work is. Where
// stderr is no terminal it is a line every ten seconds.
type counter struct {
	e     *env
	unit  string
	done  int
	total int
	last  time.Time
	shown bool
}

func newCounter(e *env, unit string, total int) *counter {
	return &counter{e: e, unit: unit, total: total, last: e.now()}
}

func (c *counter) add(n int) { c.set(c.done+n, c.total) }

// set shows the line at most five times a second, and never for work of an instant.
func (c *counter) set(done, total int) {
	c.done, c.total = done, total
	now := c.e.now()
	if !c.e.stderrTTY {
		if now.Sub(c.last) >= 10*time.Second {
			c.last = now
			fmt.Fprintf(c.e.stderr, "sweep: %d of %d %s\n", done, total, c.unit)
		}
		return
	}
	if now.Sub(c.last) < 200*time.Millisecond {
		return
	}
	c.last, c.shown = now, true
	fmt.Fprintf(c.e.stderr, "\r%d of %d %s ", done, total, c.unit)
}

// mebibytes is set for work that is counted in bytes.
func (c *counter) mebibytes(done, total int64) { c.set(int(done>>20), int(total>>20)) }

// clear removes the line.
func (c *counter) clear() {
	if c.shown {
		fmt.Fprintf(c.e.stderr, "\r%*s\r", len(c.unit)+30, "")
		c.shown = false
	}
}
