package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/backbone-sweep/sweep/sweep"
)

// crash is a program of its own: the app, in which a command (its first argument
// is "command") or the drawing of the screen panics as soon as SIGUSR1 comes.
func crash() {
	e := systemEnv()
	now := make(chan os.Signal, 1)
	signal.Notify(now, syscall.SIGUSR1)
	err := openApp(context.Background(), e, appOptions{dial: func(context.Context) (sweep.Client, error) {
		<-now
		if os.Args[1] == "command" {
			panic("a command went wrong")
		}
		return nil, explosive{}
	}})
	if err != nil {
		printError(e, nil, err)
	}
	os.Exit(exitCode(err))
}

// explosive is an error that cannot be shown.
type explosive struct{}

func (explosive) Error() string { panic("the screen went wrong") }

// A bug in the app gives the terminal back as it was, and says what it means for
// the runs.
func TestAppCrashes(t *testing.T) {
	path, err := exec.LookPath("sweep-crash") // put on the path by testscript
	if err != nil {
		t.Fatal(err)
	}
	for where, says := range map[string]string{"command": "a command went wrong", "view": "the screen went wrong"} {
		t.Run(where, func(t *testing.T) {
			p := newProgram(t)
			cmd := p.command()
			cmd.Path, cmd.Args = path, []string{path, where}
			s := p.terminal(cmd, 80, 24)
			s.see("connecting to the supervisor")
			if len(s.Changed()) == 0 {
				t.Error("there is nothing to restore")
			}
			if err := s.Signal(syscall.SIGUSR1); err != nil {
				t.Fatal(err)
			}
			s.ended(exitFailed)
			if words := "the app crashed; the runs go on without it"; !strings.Contains(s.Screen(), words) {
				t.Errorf("%q is not in\n%s", words, s.Screen())
			}
			if !strings.Contains(string(s.Output()), says) {
				t.Errorf("%q was not printed", says)
			}
		})
	}
}
