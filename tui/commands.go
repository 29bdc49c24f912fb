package tui

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/sweep"
)

// Requests that only read come back soon; starting reads and checks data first.
const (
	askLimit   = 15 * time.Second
	loadLimit  = time.Minute
	startLimit = 10 * time.Minute
	logLines   = 2000
	// settleTime is how long a form must be left alone before it is planned.
	settleTime = 250 * time.Millisecond
)

// remote makes the commands that talk to a supervisor.
type remote struct {
	ctx    context.Context
	link   int
	client sweep.Client
}

func (r remote) within(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(r.ctx, d)
}

var errNoLink = errors.New("there is no connection to the supervisor yet")

func (r remote) runs() tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(askLimit)
		defer cancel()
		runs, err := r.client.Runs(ctx)
		return runsMsg{link: r.link, runs: runs, err: err}
	}
}

func (r remote) history(id string) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(loadLimit)
		defer cancel()
		h, err := r.client.History(ctx, id)
		return historyMsg{link: r.link, id: id, history: h, err: err}
	}
}

func (r remote) log(id string) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(askLimit)
		defer cancel()
		lines, err := r.client.Log(ctx, id, logLines)
		return logMsg{id: id, lines: lines, err: err}
	}
}

func (r remote) compare(a compare) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(loadLimit)
		defer cancel()
		t, err := r.client.Compare(ctx, sweep.Selection{IDs: a.ids}, a.by)
		return comparedMsg{ask: a.ask, table: t, err: err}
	}
}

func (r remote) plan(a plan) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(loadLimit)
		defer cancel()
		p, err := r.client.Plan(ctx, a.request)
		return plannedMsg{ask: a.ask, preview: p, err: err}
	}
}

func (r remote) look(a look) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(startLimit)
		defer cancel()
		o, err := r.client.Look(ctx, a.request)
		return lookedMsg{ask: a.ask, overview: o, err: err}
	}
}

func (r remote) start(req sweep.StartRequest) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(startLimit)
		defer cancel()
		launch, err := r.client.Start(ctx, req)
		return startedMsg{launch: launch, err: err}
	}
}

// about asks something of one run.
func (r remote) about(id, said string, ask func(context.Context, string) error) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(askLimit)
		defer cancel()
		return doneMsg{said: said, err: ask(ctx, id)}
	}
}

func (r remote) stopAll() tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(askLimit)
		defer cancel()
		return stoppedAllMsg{err: r.client.StopAll(ctx)}
	}
}

func (r remote) export(a export) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := r.within(loadLimit)
		defer cancel()
		data, err := r.client.Export(ctx, sweep.Selection{IDs: a.ids}, a.by, a.format)
		return renderedMsg{data: data, to: a.to, err: err}
	}
}

// connect dials, and asks what the app shows first.
func connect(ctx context.Context, dial func(context.Context) (sweep.Client, error), now func() time.Time) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, askLimit)
		defer cancel()
		client, err := dial(ctx)
		if err != nil {
			return unreachedMsg{err}
		}
		info, err := client.Info(ctx)
		if err != nil {
			return unreachedMsg{errors.Join(err, client.Close())}
		}
		runs, err := client.Runs(ctx)
		if err != nil {
			return unreachedMsg{errors.Join(err, client.Close())}
		}
		return linkedMsg{client: client, info: info, runs: runs, now: now()}
	}
}

func tick(now func() time.Time, sent func() int64) tea.Cmd {
	return tea.Tick(time.Second, func(time.Time) tea.Msg {
		m := tickMsg{now: now(), sent: -1}
		if sent != nil {
			m.sent = sent()
		}
		return m
	})
}

func after(d time.Duration, m tea.Msg) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return m })
}

// save writes a file under the folder of the app. Without overwrite an existing
// one is left alone. The file appears whole or not at all.
func save(dir string, to target, data []byte) tea.Cmd {
	return func() tea.Msg {
		path := to.name
		if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(path, "~/") {
			path = filepath.Join(home, path[2:])
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		if _, err := os.Lstat(path); err == nil && !to.overwrite {
			return savedMsg{name: to.name, taken: true}
		}
		if err := writeWhole(path, data); err != nil {
			return savedMsg{name: to.name, err: fmt.Errorf("export to %s: %w", to.name, err)}
		}
		return savedMsg{name: to.name}
	}
}

func writeWhole(path string, data []byte) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return &fs.PathError{Op: "write", Path: path, Err: errors.New("is a folder")}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".sweep-export-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
