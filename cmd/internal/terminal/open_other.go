//go:build !linux

package terminal

import (
	"errors"
	"os"
)

func open() (master, slave *os.File, err error) { return nil, nil, errors.ErrUnsupported }

func resize(*os.File, int, int) error { return errors.ErrUnsupported }
