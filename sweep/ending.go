package sweep

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// ending says what becomes of a run whose worker has ended, and why.
func (r *runner) ending(exit Exit) (run.State, string) {
	hint := resumeHint(r.spec.ID)
	log := r.logFile()
	if r.broken != nil {
		return run.Failed, r.broken.Error() + hint
	}
	if r.said != nil {
		switch r.said.State {
		case run.Done:
			if exit.Code == 0 {
				return run.Done, ""
			}
			return run.Failed, fmt.Sprintf("the worker finished, but then %s; log: %s%s", exit, log, hint)
		case run.Failed:
			if r.said.Reason == "" {
				return run.Failed, "the worker gave no reason; log: " + log + hint
			}
			return run.Failed, r.said.Reason
		default:
			if r.asked == nil {
				return run.Interrupted, "the worker was asked to stop, but not by its supervisor" + hint
			}
			if !r.started {
				return r.asked.state, r.asked.reason + ", before training began" + hint
			}
			return r.asked.state, r.asked.reason + ", the state is saved" + hint
		}
	}
	if r.asked != nil && (r.killed || exit.Signal == syscall.SIGTERM) {
		return r.asked.state, r.asked.reason + ", at once; what the last save did not hold is done again" + hint
	}
	if exit.Code == crashCode {
		if line := crashLine(log, r.logStart); line != "" {
			return run.Failed, fmt.Sprintf("the worker crashed (%s); log: %s%s", line, log, hint)
		}
	}
	return run.Failed, fmt.Sprintf("the worker %s; log: %s%s", exit, log, hint)
}

// String says how the process ended, as the predicate of a sentence.
func (e Exit) String() string {
	switch {
	case e.Err != nil:
		return "ended, but how is not known: " + e.Err.Error()
	case e.Signal == syscall.SIGKILL:
		return "was killed (signal 9; out of memory?)"
	case e.Signal != 0:
		return fmt.Sprintf("was ended by signal %d (%s)", int(e.Signal), e.Signal)
	case e.Code == 0:
		return "ended without a word about its result"
	}
	return fmt.Sprintf("ended with exit code %d", e.Code)
}

// crashCode is the exit code of a Go program that crashes.
const crashCode = 2

// crashLine finds the line in which a Go program says why it crashed, in its
// log from offset from on.
func crashLine(log string, from int64) string {
	f, err := os.Open(log)
	if err != nil {
		return ""
	}
	defer f.Close()
	const most = 1 << 20
	data, err := io.ReadAll(io.NewSectionReader(f, from, most))
	if err != nil {
		return ""
	}
	for line := range bytes.Lines(data) {
		if bytes.HasPrefix(line, []byte("panic: ")) || bytes.HasPrefix(line, []byte("fatal error: ")) {
			return fit(strings.TrimSpace(string(line)), 200)
		}
	}
	return ""
}
