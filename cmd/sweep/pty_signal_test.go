package main

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// However the app is ended, the terminal is as it was found and the runs go on.
func TestAppEndedBySignals(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	c := p.connect()
	p.start(c, 50, 1)
	for signal, says := range map[os.Signal]string{
		syscall.SIGTERM: "asked to end", syscall.SIGHUP: "the terminal went away", syscall.SIGINT: "interrupted",
	} {
		t.Run(signal.String(), func(t *testing.T) {
			p.t = t
			s := p.open(t.TempDir(), 80, 24, "attach")
			s.see("● ━ resnet18", "1/50")
			if len(s.Changed()) == 0 {
				t.Error("the app changes nothing in the terminal")
			}
			if err := s.Signal(signal); err != nil {
				t.Fatal(err)
			}
			s.ended(exitInterrupted)
			for _, words := range []string{"1 run goes on; sweep attach comes back to it.", "sweep: " + says} {
				if !strings.Contains(s.Screen(), words) {
					t.Errorf("%q is not in\n%s", words, s.Screen())
				}
			}
		})
	}
	p.t = t
	if r := p.runs()[0]; !r.State.Live() {
		t.Errorf("the run is %s", r.State)
	}
	p.dismiss(c)
}
