package main

import (
	"context"
	"errors"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
)

// connect returns a connection to the supervisor of the store. When there is
// none it starts one, or, unless start is set, returns sweep.ErrNoSupervisor.
func (e *env) connect(ctx context.Context, start bool) (*sweep.Conn, error) {
	dir, err := e.storeDir()
	if err != nil {
		return nil, err
	}
	var c *sweep.Conn
	if start {
		c, err = sweep.Connect(ctx, dir, sweep.Spawner{Command: e.supervisor})
	} else {
		c, err = sweep.Dial(ctx, dir)
	}
	if err != nil && !errors.Is(err, sweep.ErrNoSupervisor) {
		return nil, withCode(exitStore, err)
	}
	return c, err
}

// reading calls f with the store, through its supervisor where there is one.
func (e *env) reading(ctx context.Context, f func(sweep.Reader) error) (err error) {
	dir, err := e.storeDir()
	if err != nil {
		return err
	}
	r, err := sweep.OpenReader(ctx, dir)
	if err != nil {
		return withCode(exitStore, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return f(r)
}

// changing calls through with the store's supervisor or, where there is none,
// alone with the store open for writing.
func (e *env) changing(ctx context.Context, through func(*sweep.Conn) error, alone func(*store.Store) error) (err error) {
	dir, err := e.storeDir()
	if err != nil {
		return err
	}
	c, st, err := takeStore(ctx, dir, lockPatience)
	switch {
	case err != nil:
		return withCode(exitStore, err)
	case c != nil:
		defer func() { err = errors.Join(err, c.Close()) }()
		return through(c)
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return alone(st)
}

// lockPatience bounds the wait for a store that a reader holds, or a supervisor
// that begins or ends.
const lockPatience = 5 * time.Second

// takeStore connects to the supervisor of the store or, where there is none,
// opens the store for writing.
func takeStore(ctx context.Context, dir string, patience time.Duration) (*sweep.Conn, *store.Store, error) {
	for deadline := time.Now().Add(patience); ; {
		c, err := sweep.Dial(ctx, dir)
		if !errors.Is(err, sweep.ErrNoSupervisor) {
			return c, nil, err
		}
		st, err := store.Open(dir, store.Options{Timeout: 200 * time.Millisecond})
		if !errors.Is(err, store.ErrLocked) || time.Now().After(deadline) || ctx.Err() != nil {
			return nil, st, err
		}
	}
}

// asked gives an error of a request to a run its exit code: what cannot be done
// with it is a matter of usage.
func asked(err error) error {
	for _, kind := range []error{sweep.ErrNotHere, sweep.ErrNotResumable, sweep.ErrRefused, sweep.ErrNoRuns, store.ErrLive} {
		if errors.Is(err, kind) {
			return withCode(exitUsage, err)
		}
	}
	return notFound(err)
}
