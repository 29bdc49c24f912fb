package main

import (
	"io"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/term"

	"github.com/backbone-sweep/sweep/store"
)

// env is the world a command sees; tests put their own in its place.
type env struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string
	now    func() time.Time

	stdoutTTY bool
	stderrTTY bool
	worker    []string // command of a worker; empty: this program's own
	// supervisor is the command of a background supervisor; empty: this program's own.
	supervisor []string
	program    []string // this program's command; empty: the file that runs

	flags  globalFlags
	probes probes
}

// globalFlags are the flags that every command takes.
type globalFlags struct {
	store   string
	engine  string
	plugin  string
	format  string
	verbose bool
}

func systemEnv() *env {
	return &env{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv:    os.Getenv,
		now:       time.Now,
		stdoutTTY: term.IsTerminal(int(os.Stdout.Fd())),
		stderrTTY: term.IsTerminal(int(os.Stderr.Fd())),
	}
}

// storeDir is the folder of the store: --store, else $SWEEP_STORE, else the
// user's state folder.
func (e *env) storeDir() (string, error) {
	if e.flags.store != "" {
		return absolute(e.flags.store)
	}
	dir, err := store.DefaultDir(e.getenv)
	if err != nil {
		return "", withCode(exitStore, err)
	}
	return absolute(dir)
}

// version is set by the linker in releases; otherwise the build says what it knows.
var version string

func programVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return v + " " + s.Value[:12]
		}
	}
	return v
}
