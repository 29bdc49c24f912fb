package sweep

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// maxLine bounds a worker's line: a confusion matrix of a thousand classes fits.
const maxLine = 16 << 20

// message is what one line of a worker's output says: an event, or why it is none.
type message struct {
	event run.Event
	bad   string
}

// readMessages passes the messages of every line of r to emit, to the end of r.
// It keeps at most maxLine bytes and never gives up on a bad line.
func readMessages(r io.Reader, emit func(message)) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	var line []byte
	tooLong := false
	for {
		part, err := lines.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > maxLine; !tooLong {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		switch {
		case tooLong:
			emit(message{bad: fmt.Sprintf("a line of the worker is longer than %d MiB: it begins %s", maxLine>>20, excerpt(line))})
		case len(line) > 0:
			emit(parseMessage(line))
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, tooLong = line[:0], false
	}
}

func parseMessage(line []byte) message {
	var m message
	if err := json.Unmarshal(line, &m.event); err != nil {
		return message{bad: fmt.Sprintf("the worker wrote a line that is no event: %s", excerpt(line))}
	}
	if m.event.V != run.EventVersion {
		return message{bad: fmt.Sprintf("the worker wrote an event of version %d, this program reads version %d", m.event.V, run.EventVersion)}
	}
	return m
}

// excerpt is the beginning of a line, quoted.
func excerpt(line []byte) string {
	const most = 100
	if len(line) > most {
		return fmt.Sprintf("%q…", line[:most])
	}
	return fmt.Sprintf("%q", line)
}
