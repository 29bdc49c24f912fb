package sweep

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// EventLog writes the public form of every event to a file, one JSON object a
// line. Event is a sink of the supervisor.
type EventLog struct {
	path string
	file *os.File

	mu  sync.Mutex
	out *bufio.Writer
	err error // the first; nothing is written after it
}

// CreateEventLog makes the file anew.
func CreateEventLog(path string) (*EventLog, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("event log: %w", err)
	}
	return &EventLog{path: path, file: f, out: bufio.NewWriter(f)}, nil
}

// Event writes an event. Steps may stay in memory until another event follows.
func (l *EventLog) Event(e run.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	line, err := json.Marshal(e.Public())
	if err == nil {
		_, err = l.out.Write(append(line, '\n'))
	}
	if err == nil && e.Type != run.EventStep {
		err = l.out.Flush()
	}
	l.err = err
}

// Close completes the file and returns the first error met.
func (l *EventLog) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.err
	if err == nil {
		err = l.out.Flush()
	}
	if err = errors.Join(err, l.file.Close()); err != nil {
		return fmt.Errorf("event log %s: %w", l.path, err)
	}
	return nil
}
