package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) != "sweep" {
		// Under nohup the programs that are tested would inherit that hang-ups are
		// ignored. To be notified of them undoes that.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	testscript.Main(m, map[string]func(){"sweep": main, "sweep-crash": crash})
}

// TestScripts runs the command lines of testdata/script as their user would.
// Every script has a store of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("SWEEP_STORE", filepath.Join(env.WorkDir, "store"))
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("GITHUB_STEP_SUMMARY", "")
			self, err := exec.LookPath("sweep") // for scripts without a PATH
			if err != nil {
				return err
			}
			env.Setenv("SWEEP", self)
			env.Setenv("PLUGIN", os.Getenv(xla.PluginVariable))
			if os.Getenv("SWEEP_SLOW") != "" {
				env.Setenv("SLOW", "1")
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits,
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "slow":
				return os.Getenv("SWEEP_SLOW") != "", nil
			case "root": // may write everywhere
				return os.Geteuid() == 0, nil
			case "xla":
				return xla.Available, nil
			case "plugin":
				return os.Getenv(xla.PluginVariable) != "", nil
			}
			return false, errors.New("unknown condition " + cond)
		},
	})
}

// exits runs a command and checks its exit code: exits CODE COMMAND ARGS…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
