package fetch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// download is one file on its way.
type download struct {
	c         *Client
	r         Request
	p         *part
	announced string // SHA-256 that the server gave on the way of this attempt
}

// resumable reports whether what is there may be the beginning of the file: by
// the server's own word for its version, or because a checksum will tell.
func (d *download) resumable() bool {
	return d.r.SHA256 != "" || d.p.state.URL == d.r.URL && d.p.state.validator() != ""
}

// attempt asks for what is missing and writes what comes. Errors that wrap
// errTryAgain may go away.
func (d *download) attempt(ctx context.Context) error {
	if s := d.p.state; s.Total >= 0 && d.p.size >= s.Total && s.URL == d.r.URL {
		if d.p.size == s.Total && d.p.size > 0 {
			return nil // only the end was missing: checksum and name
		}
		if err := d.p.restart(); err != nil {
			return d.disk(err)
		}
	}
	if d.p.size > 0 && !d.resumable() {
		if err := d.p.restart(); err != nil {
			return d.disk(err)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stalled := fmt.Errorf("%w: nothing came for %v", errTryAgain, d.c.stall())
	alarm := time.AfterFunc(d.c.stall(), func() { cancel(stalled) })
	defer alarm.Stop()
	// What the alarm ended is its fault, whatever it looks like.
	blame := func(err error) error {
		if cause := context.Cause(ctx); err != nil && errors.Is(cause, errTryAgain) {
			return cause
		}
		return err
	}
	resp, err := d.ask(ctx)
	if err != nil {
		return blame(err)
	}
	defer resp.Body.Close()
	if err := d.accept(resp); err != nil {
		return err
	}
	return blame(d.copy(resp.Body, func() { alarm.Reset(d.c.stall()) }))
}

// ask sends the request.
func (d *download) ask(ctx context.Context) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.r.URL, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	if d.c.UserAgent != "" {
		req.Header.Set("User-Agent", d.c.UserAgent)
	}
	req.Header.Set("Accept-Encoding", "identity") // lengths and ranges are those of the file
	if d.p.size > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.p.size))
		if v := d.p.state.validator(); v != "" && d.p.state.URL == d.r.URL {
			req.Header.Set("If-Range", v)
		}
	}
	client := http.Client{}
	if d.c.HTTP != nil {
		client = *d.c.HTTP
	}
	d.announced = ""
	client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if len(via) >= 10 {
			return fmt.Errorf("%w ten times", errRedirect)
		}
		if via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme != "https" {
			return fmt.Errorf("%w from https to %s", errRedirect, next.URL)
		}
		if next.Response != nil {
			d.note(next.Response.Header)
		}
		return nil
	}
	resp, err := client.Do(req)
	if err != nil {
		if hopeless(err) {
			return nil, fmt.Errorf("fetch: %w", err)
		}
		return nil, fmt.Errorf("%w: %w", errTryAgain, err)
	}
	d.note(resp.Header)
	return resp, nil
}

// note takes the checksum that the Hugging Face hub announces: a large file's
// X-Linked-Etag is its SHA-256.
func (d *download) note(h http.Header) {
	if sum := strings.Trim(h.Get("X-Linked-Etag"), `"`); len(sum) == 2*sha256.Size && isHex(sum) {
		d.announced = strings.ToLower(sum)
	}
}

// accept looks at the answer and makes the part fit to what will come.
func (d *download) accept(resp *http.Response) error {
	switch code := resp.StatusCode; {
	case code == http.StatusOK, code == http.StatusPartialContent:
	case code == http.StatusNotFound, code == http.StatusGone:
		return &NotFoundError{d.r.URL, resp.Status}
	case code == http.StatusRequestedRangeNotSatisfiable && d.p.size > 0:
		return d.again("the server has no more than what is there, which is too much")
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code >= 500:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return &busyError{resp.Status, time.Duration(seconds) * time.Second}
	default:
		return fmt.Errorf("fetch %s: the server answered %s", d.r.URL, resp.Status)
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind == "text/html" {
		return fmt.Errorf("fetch %s: the server answered with a web page instead of the file: open the address in a browser", d.r.URL)
	}
	if enc := resp.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return fmt.Errorf("fetch %s: the server sends the file encoded as %s", d.r.URL, enc)
	}

	next := state{URL: d.r.URL, ETag: resp.Header.Get("ETag"), Modified: resp.Header.Get("Last-Modified"), Total: length(resp), SHA256: d.announced}
	if resp.StatusCode == http.StatusPartialContent {
		from, total, err := contentRange(resp.Header.Get("Content-Range"))
		if err != nil {
			return fmt.Errorf("fetch %s: %w", d.r.URL, err)
		}
		next.Total = total
		before := d.p.state
		switch {
		case from != d.p.size:
			return d.again(fmt.Sprintf("the server sends from byte %d, asked for was %d", from, d.p.size))
		case before.URL == next.URL && (before.ETag != next.ETag || before.Total >= 0 && total != before.Total):
			return d.again("the file changed on the server")
		}
	} else if d.p.size > 0 { // all of it comes
		d.c.log("%s: the server sends the file from its beginning", d.r.URL)
		if err := d.p.truncate(); err != nil {
			return d.disk(err)
		}
	}
	if most := d.c.maxSize(); next.Total > most {
		return fmt.Errorf("fetch %s: the server announces %s: more than %s is no weight file", d.r.URL, size(next.Total), size(most))
	}
	if err := d.roomFor(next.Total - d.p.size); err != nil {
		return err
	}
	if err := d.p.describe(next); err != nil {
		return d.disk(err)
	}
	return nil
}

// again throws the part away: the next attempt asks for all of the file.
func (d *download) again(why string) error {
	if err := d.p.restart(); err != nil {
		return d.disk(err)
	}
	return fmt.Errorf("%w: %s", errTryAgain, why)
}

// copy writes what comes to the part. alive is called whenever something came.
func (d *download) copy(body io.Reader, alive func()) error {
	buf := make([]byte, 256<<10)
	total := d.p.state.Total
	d.progress()
	for {
		n, err := body.Read(buf)
		if n > 0 {
			alive()
			if total >= 0 && d.p.size+int64(n) > total {
				return d.again(fmt.Sprintf("more came than the %d bytes that were announced", total))
			}
			if d.p.size+int64(n) > d.c.maxSize() {
				d.p.remove()
				return fmt.Errorf("fetch %s: more than %s came: that is no weight file", d.r.URL, size(d.c.maxSize()))
			}
			if err := d.p.write(buf[:n]); err != nil {
				return d.disk(err)
			}
			d.progress()
		}
		switch {
		case errors.Is(err, io.EOF) && (total < 0 || d.p.size == total):
			return nil
		case errors.Is(err, io.EOF):
			return fmt.Errorf("%w: the connection broke off at byte %d of %d", errTryAgain, d.p.size, total)
		case err != nil:
			return fmt.Errorf("%w: at byte %d: %w", errTryAgain, d.p.size, err)
		}
	}
}

func (d *download) progress() {
	if d.c.Progress != nil {
		d.c.Progress(Progress{d.p.size, d.p.state.Total})
	}
}
