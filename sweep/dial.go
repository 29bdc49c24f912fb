package sweep

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// ErrGone says that the supervisor has ended.
var ErrGone = errors.New("the supervisor is gone")

// gone makes an ErrGone of a broken connection.
func gone(err error) error { return fmt.Errorf("%w (%v)", ErrGone, err) }

// Conn is a Client of the supervisor of a store. As long as it is open, the
// supervisor stays.
type Conn struct {
	dir    string
	http   *http.Client
	cancel context.CancelFunc // ends the attachment
	done   chan struct{}      // closed when the supervisor is gone or Close was called
	owned  sync.WaitGroup
}

var _ Client = (*Conn)(nil)

// Dial connects to the supervisor of the store in dir. The error matches
// ErrNoSupervisor when there is none; Connect then starts one.
func Dial(ctx context.Context, dir string) (*Conn, error) {
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dialSocket(ctx, dir) },
		// Compression would cost more than it saves within a machine.
		DisableCompression:  true,
		MaxIdleConnsPerHost: 8,
	}
	attached, cancel := context.WithCancel(context.Background())
	c := &Conn{dir: dir, http: &http.Client{Transport: transport}, cancel: cancel, done: make(chan struct{})}
	stop := context.AfterFunc(ctx, cancel)
	r, err := c.do(attached, http.MethodGet, "/v1/attach", nil)
	if !stop() && err == nil { // ctx ended
		err = errors.Join(ctx.Err(), r.Body.Close())
	}
	if err != nil {
		cancel()
		transport.CloseIdleConnections()
		if errors.Is(err, ErrEnding) || errors.Is(err, ErrGone) {
			err = fmt.Errorf("store %s: %w: the last one is ending", dir, ErrNoSupervisor)
		}
		return nil, err
	}
	c.owned.Go(func() {
		defer close(c.done)
		_, _ = io.Copy(io.Discard, r.Body) // ends with the supervisor or with Close
		_ = r.Body.Close()
	})
	return c, nil
}

// Done is closed when the supervisor is gone or the connection was closed.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Close ends the connection; the supervisor goes on.
func (c *Conn) Close() error {
	c.cancel()
	c.owned.Wait()
	c.http.CloseIdleConnections()
	return nil
}

// do sends a request and returns its successful response. in is written as JSON.
func (c *Conn) do(ctx context.Context, method, path string, in any) (*http.Response, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(ctx, method, "http://sweep"+path, body)
	if err != nil {
		return nil, err
	}
	r, err := c.http.Do(q)
	if err != nil {
		return nil, c.broken(ctx, err)
	}
	if r.StatusCode != http.StatusOK {
		defer r.Body.Close()
		return nil, readError(r)
	}
	return r, nil
}

// broken says why a request got no answer.
func (c *Conn) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var wrapped *url.Error // repeats the address, which says nothing here
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if errors.Is(err, ErrNoSupervisor) {
		return err
	}
	return gone(err)
}

// call sends a request and reads the answer into out, unless that is nil.
func (c *Conn) call(ctx context.Context, method, path string, in, out any) error {
	r, err := c.do(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	b, err := readBody(r)
	if err != nil {
		return c.broken(ctx, err)
	}
	if out == nil {
		return nil
	}
	if raw, ok := out.(*[]byte); ok {
		*raw = b
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("the supervisor's answer: %w", err)
	}
	return nil
}

// readBody reads an answer, at once where its length is known.
func readBody(r *http.Response) ([]byte, error) {
	const most = 1 << 32
	if n := r.ContentLength; n >= 0 && n < most {
		b := make([]byte, n)
		_, err := io.ReadFull(r.Body, b)
		return b, err
	}
	return io.ReadAll(r.Body)
}

func runPath(id, what string) string { return "/v1/runs/" + url.PathEscape(id) + what }

// Info says who is at the other end.
func (c *Conn) Info(ctx context.Context) (info Info, err error) {
	err = c.call(ctx, http.MethodGet, "/v1/info", nil, &info)
	return info, err
}

// Runs lists all runs of the store, the oldest first.
func (c *Conn) Runs(ctx context.Context) (list []Status, err error) {
	err = c.call(ctx, http.MethodGet, "/v1/runs", nil, &list)
	return list, err
}

// History returns everything recorded of a run so far.
func (c *Conn) History(ctx context.Context, id string) (h History, err error) {
	var b []byte
	if err := c.call(ctx, http.MethodGet, runPath(id, "/history"), nil, &b); err != nil {
		return h, err
	}
	return decodeHistory(b)
}

// Log returns up to the last n lines of a run's log.
func (c *Conn) Log(ctx context.Context, id string, n int) (lines []string, err error) {
	err = c.call(ctx, http.MethodGet, runPath(id, "/log?n="+strconv.Itoa(n)), nil, &lines)
	return lines, err
}

// Watch calls f with the events of all runs: see Client.
func (c *Conn) Watch(ctx context.Context, after map[string]int64, f func([]run.Event) error) error {
	r, err := c.do(ctx, http.MethodPost, "/v1/watch", map[string]any{"after": after})
	if err != nil {
		return err
	}
	defer r.Body.Close()
	err = readBatches(r.Body, f)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, io.EOF):
		return ErrGone
	case errors.As(err, new(*net.OpError)), errors.Is(err, io.ErrUnexpectedEOF):
		return gone(err)
	}
	return err
}

// Plan says what starting a sweep would do.
func (c *Conn) Plan(ctx context.Context, r StartRequest) (p Preview, err error) {
	err = c.call(ctx, http.MethodPost, "/v1/plan", r, &p)
	return p, err
}

// Look counts the images that a sweep would see.
func (c *Conn) Look(ctx context.Context, r StartRequest) (o run.Overview, err error) {
	err = c.call(ctx, http.MethodPost, "/v1/look", r, &o)
	return o, err
}

// Start submits a sweep and returns its launch.
func (c *Conn) Start(ctx context.Context, r StartRequest) (string, error) {
	var l launched
	err := c.call(ctx, http.MethodPost, "/v1/start", r, &l)
	return l.Launch, err
}

// Stop asks a run to finish its step, save and end.
func (c *Conn) Stop(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodPost, runPath(id, "/stop"), nil, nil)
}

// StopAll asks all runs to.
func (c *Conn) StopAll(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/v1/stop", nil, nil)
}

// Resume continues a run that ended before it was done.
func (c *Conn) Resume(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodPost, runPath(id, "/resume"), nil, nil)
}

// Remove deletes an ended run, its weights and its files.
func (c *Conn) Remove(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodDelete, runPath(id, ""), nil, nil)
}

// Compare returns the comparison table of the selected runs.
func (c *Conn) Compare(ctx context.Context, sel Selection, by By) (t Comparison, err error) {
	err = c.call(ctx, http.MethodPost, "/v1/compare", compareRequest{Selection: sel, By: by}, &t)
	return t, err
}

// Export renders it as a file of one of Formats().
func (c *Conn) Export(ctx context.Context, sel Selection, by By, format string) (b []byte, err error) {
	err = c.call(ctx, http.MethodPost, "/v1/export", compareRequest{sel, by, format}, &b)
	return b, err
}
