package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// maxLogTail bounds what is read of a log file, in bytes.
const maxLogTail = 1 << 20

// readLog returns up to the last n lines of a run's story: what it reported in
// words, then what its worker wrote to its log file.
func readLog(st *store.Store, r run.Record, n int) ([]string, error) {
	var lines []string
	err := st.Notes(r.Spec.ID, func(e run.Event) error {
		if text := noteLine(e); text != "" {
			lines = append(lines, e.Time.Local().Format("2006-01-02 15:04:05")+"  "+text)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	tail, err := tailOf(filepath.Join(r.Spec.Dir, LogFile))
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(tail) {
		lines = append(lines, plainLine(line))
	}
	return append([]string{}, lines[max(0, len(lines)-n):]...), nil
}

// noteLine is what an event says in words; empty when it says numbers only.
func noteLine(e run.Event) string {
	switch e.Type {
	case run.EventState:
		line := string(e.State)
		if e.Reason != "" {
			line += ": " + plain(e.Reason)
		}
		return line
	case run.EventLog:
		return plain(e.Message)
	case run.EventWarning:
		return "warning: " + plain(e.Message)
	case run.EventBest:
		return fmt.Sprintf("best %s %s in epoch %d", MetricName(e.Metric), decimals4(e.Value), e.Epoch)
	}
	return ""
}

// plainLine is plain, but keeps the indentation that a stack trace has.
func plainLine(line string) string {
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	return strings.Repeat(" ", indent) + plain(line)
}

// tailOf is the end of a file, beginning with a whole line.
func tailOf(path string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	from := max(0, info.Size()-maxLogTail)
	b, err := io.ReadAll(io.NewSectionReader(f, from, maxLogTail))
	if err != nil {
		return "", err
	}
	if from > 0 {
		if _, rest, ok := bytes.Cut(b, []byte("\n")); ok {
			b = rest
		}
	}
	return string(b), nil
}
