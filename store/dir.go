package store

import (
	"errors"
	"path/filepath"
)

// FileName is the name of the database within the store folder.
const FileName = "sweep.db"

// DefaultDir returns the store folder of this user: $SWEEP_STORE, else
// $XDG_STATE_HOME/sweep, else ~/.local/state/sweep. getenv is os.Getenv outside tests.
func DefaultDir(getenv func(string) string) (string, error) {
	if dir := getenv("SWEEP_STORE"); dir != "" {
		return filepath.Abs(dir)
	}
	// The XDG rules: a relative path is to be ignored.
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "sweep"), nil
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "state", "sweep"), nil
	}
	return "", errors.New("store folder: HOME is not set: give one with --store or SWEEP_STORE")
}
