package data

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// ErrNotPrepared says that a data set is to be prepared first.
var ErrNotPrepared = errors.New("the data are not prepared yet")

// Find opens the data set that Prepare would make, if it is there and still
// fits its source; else the error is ErrNotPrepared or one of Prepare's.
func Find(ctx context.Context, d run.Data, tasks []run.Task) (*Prepared, error) {
	if err := check(&d, tasks); err != nil {
		return nil, err
	}
	s, err := survey(ctx, d, tasks, nil)
	if err != nil {
		return nil, err
	}
	k := keyOf(d, tasks)
	p, err := openCache(filepath.Join(d.Prepared, SetID(d, tasks)), k, s.stamp)
	if err != nil {
		return nil, ErrNotPrepared
	}
	return p.accept(d)
}
