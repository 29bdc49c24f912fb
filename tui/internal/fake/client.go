// Package fake is a supervisor that is not there: a sweep.Client over made-up
// runs, for the tests, benchmarks and pictures of the terminal app. What it
// tells depends on its arguments alone.
package fake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// Client implements sweep.Client. Fields may be set before it is used.
type Client struct {
	Device  string
	Err     error // what every request for a change answers
	Preview sweep.Preview
	Data    run.Overview
	Table   map[sweep.By]sweep.Comparison
	Logs    []string
	File    []byte // what Export renders

	mu     sync.Mutex
	runs   []sweep.Status
	past   map[string]sweep.History
	calls  []string
	live   []run.Event
	change chan struct{} // closed when live grows or the client is closed
	closed bool
}

var _ sweep.Client = (*Client)(nil)

// New returns a client of these runs.
func New(runs ...Run) *Client {
	c := &Client{Device: "host AVX-512", past: map[string]sweep.History{}, change: make(chan struct{})}
	for _, r := range runs {
		c.runs = append(c.runs, r.Status)
		c.past[r.Status.ID] = r.History
	}
	return c
}

// Calls lists the requests for changes so far, as "stop r1".
func (c *Client) Calls() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

// Emit lets events happen; their runs' sequence numbers and states go on.
func (c *Client) Emit(events ...run.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range events {
		for i := range c.runs {
			if c.runs[i].ID == e.Run {
				c.runs[i].Seq++
				e.Seq = c.runs[i].Seq
				if e.Type == run.EventState {
					c.runs[i].State = e.State
				}
			}
		}
		c.live = append(c.live, e)
	}
	close(c.change)
	c.change = make(chan struct{})
}

// Add makes another run appear.
func (c *Client) Add(r Run) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs = append(c.runs, r.Status)
	c.past[r.Status.ID] = r.History
}

func (c *Client) called(format string, args ...any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, fmt.Sprintf(format, args...))
	return c.Err
}

func (c *Client) Info(context.Context) (sweep.Info, error) {
	return sweep.Info{Version: "devel", PID: 1, StoreDir: "/home/user/.local/state/sweep", Device: c.Device, Clients: 1}, nil
}

func (c *Client) Runs(context.Context) ([]sweep.Status, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.runs), nil
}

func (c *Client) History(_ context.Context, id string) (sweep.History, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.past[id]
	if !ok {
		return sweep.History{}, fmt.Errorf("run %s: not found", id)
	}
	return h, nil
}

func (c *Client) Watch(ctx context.Context, after map[string]int64, f func([]run.Event) error) error {
	after = maps.Clone(after)
	if after == nil {
		after = map[string]int64{}
	}
	for {
		c.mu.Lock()
		var batch []run.Event
		for _, e := range c.live {
			if e.Seq > after[e.Run] {
				after[e.Run] = e.Seq
				batch = append(batch, e)
			}
		}
		change, closed := c.change, c.closed
		c.mu.Unlock()
		switch {
		case closed:
			return errors.New("the supervisor is gone")
		case len(batch) > 0:
			if err := f(batch); err != nil {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-change:
		}
	}
}

func (c *Client) Log(context.Context, string, int) ([]string, error) { return c.Logs, nil }

func (c *Client) Plan(_ context.Context, r sweep.StartRequest) (sweep.Preview, error) {
	return c.Preview, c.called("plan %s %v %v %d", r.Config, r.Models, r.Seeds, r.Epochs)
}

func (c *Client) Look(_ context.Context, r sweep.StartRequest) (run.Overview, error) {
	return c.Data, c.called("look %s", r.Config)
}

func (c *Client) Start(_ context.Context, r sweep.StartRequest) (string, error) {
	return "l9", c.called("start %s %v %v %d", r.Config, r.Models, r.Seeds, r.Epochs)
}

func (c *Client) Stop(_ context.Context, id string) error   { return c.called("stop %s", id) }
func (c *Client) StopAll(context.Context) error             { return c.called("stop all") }
func (c *Client) Resume(_ context.Context, id string) error { return c.called("resume %s", id) }
func (c *Client) Remove(_ context.Context, id string) error { return c.called("remove %s", id) }

func (c *Client) Compare(_ context.Context, _ sweep.Selection, by sweep.By) (sweep.Comparison, error) {
	return c.Table[by], nil
}

func (c *Client) Export(_ context.Context, _ sweep.Selection, by sweep.By, format string) ([]byte, error) {
	return c.File, c.called("export %s %s", by, format)
}

// Close ends the connection: a watch returns.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.closed = true
		close(c.change)
		c.change = make(chan struct{})
	}
	return nil
}
