// Package fetch downloads large files over HTTP, and copies them by file URLs,
// as a person on a bad line would want it: a download that broke off goes on
// where it was, now or by the same call days later; nothing gets the file's name
// before its checksum is right; what cannot fit is not begun.
//
// Until it is whole, a file lies beside its place as .NAME.part, with what is
// known of its source in .NAME.part.json. One program at a time works on a part.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Request is one file.
type Request struct {
	URL    string // http, https or file
	Path   string // the file when it is whole
	SHA256 string // hexadecimal, all of it or its first digits; empty: not known
	By     string // where SHA256 is from, for people: "its name"

	// Check is asked about the whole file before it gets its name; nil: nothing
	// to ask.
	Check func(path string) error
}

// Result is a file that is in its place.
type Result struct {
	Path    string
	Size    int64
	SHA256  string
	Checked string // where the checksum that it was compared with is from; empty: there was none
}

// Progress is how far a download is.
type Progress struct {
	Done, Total int64 // bytes; Total is -1 where the server does not say
}

// Client downloads. The zero values of its fields mean what is sensible.
type Client struct {
	HTTP      *http.Client
	UserAgent string
	Stall     time.Duration // how long nothing may come; default 30 s
	Attempts  int           // in a row that bring nothing new; default 6
	MaxSize   int64         // bytes of a file; default 1 GiB

	Free     func(dir string) (int64, error) // bytes that a folder's disk has free; nil: not looked at
	Sleep    func(ctx context.Context, d time.Duration) error
	Progress func(Progress)
	Log      func(string) // a sentence about a failed attempt
}

func (c *Client) stall() time.Duration {
	if c.Stall > 0 {
		return c.Stall
	}
	return 30 * time.Second
}

func (c *Client) attempts() int {
	if c.Attempts > 0 {
		return c.Attempts
	}
	return 6
}

func (c *Client) maxSize() int64 {
	if c.MaxSize > 0 {
		return c.MaxSize
	}
	return 1 << 30
}

func (c *Client) sleep(ctx context.Context, d time.Duration) error {
	if c.Sleep != nil {
		return c.Sleep(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) log(format string, args ...any) {
	if c.Log != nil {
		c.Log(fmt.Sprintf(format, args...))
	}
}

// Get downloads a file to its place, going on with what an earlier call left. It
// returns ctx's error when that ends, a *NotFoundError where the server has no
// such file, a *ChecksumError for other contents than those wanted. What was
// loaded is kept except where it is known to be wrong.
func (c *Client) Get(ctx context.Context, r Request) (Result, error) {
	if err := os.MkdirAll(filepath.Dir(r.Path), 0o755); err != nil {
		return Result{}, fmt.Errorf("fetch %s: %w", r.Path, err)
	}
	p, err := openPart(r.Path)
	if err != nil {
		return Result{}, err
	}
	defer p.close()
	d := &download{c: c, r: r, p: p}
	if !d.resumable() {
		if err := p.restart(); err != nil {
			return Result{}, d.disk(err)
		}
	}
	for {
		begun := p.size // what this round builds on
		if err := d.load(ctx); err != nil {
			return Result{}, err
		}
		result, err := d.finish()
		var wrong *ChecksumError
		if errors.As(err, &wrong) && begun > 0 {
			c.log("what was loaded before does not fit together with the rest: loading all of %s again", r.URL)
			continue // the part is gone
		}
		return result, err
	}
}

// load tries until the part is whole.
func (d *download) load(ctx context.Context) error {
	furthest, failures := d.p.size, 0
	for {
		err := d.attempt(ctx)
		if err == nil {
			return nil
		}
		if cause := ctx.Err(); cause != nil {
			return cause
		}
		if !errors.Is(err, errTryAgain) {
			return err
		}
		// A server that gives the same bytes again and again brings nothing new.
		if d.p.size >= furthest+minGain {
			failures = 0
		}
		furthest = max(furthest, d.p.size)
		if failures++; failures >= d.c.attempts() {
			kept := ""
			if d.p.size > 0 {
				kept = fmt.Sprintf("; %s of it are kept: the same command goes on", size(d.p.size))
			}
			return fmt.Errorf("fetch %s: %d attempts in a row failed, the last one: %s%s", d.r.URL, failures, plain(err), kept)
		}
		wait := backoff(failures)
		var busy *busyError
		if errors.As(err, &busy) {
			wait = max(wait, min(busy.after, maxWait))
		}
		d.c.log("%s: %s; trying again in %v", d.r.URL, plain(err), wait)
		if err := d.c.sleep(ctx, wait); err != nil {
			return err
		}
	}
}

const (
	minGain = 64 << 10 // bytes that make an attempt one that brought something
	maxWait = time.Minute
)

// backoff is how long to wait after so many failures: 1, 2, 4 … 30 seconds.
func backoff(failures int) time.Duration {
	return min(time.Second<<min(failures-1, 5), 30*time.Second)
}

// plain is an error's text without the mark that it may be tried again.
func plain(err error) string {
	return strings.TrimPrefix(err.Error(), errTryAgain.Error()+": ")
}

// size writes bytes for people.
func size(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }
