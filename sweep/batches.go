package sweep

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/backbone-sweep/sweep/sweep/run"
)

const (
	batchBuffer = 256 << 10 // bytes of lines that are read ahead
	maxBatch    = 1024      // events
)

// readBatches reads a stream of event lines and calls f with all that have
// arrived, at least one, until the stream ends (io.EOF) or f fails.
func readBatches(r io.Reader, f func([]run.Event) error) error {
	in := bufio.NewReaderSize(r, batchBuffer)
	for {
		var batch []run.Event
		for len(batch) == 0 || (len(batch) < maxBatch && hasLine(in)) {
			line, err := in.ReadBytes('\n')
			if errors.Is(err, io.EOF) && len(line) > 0 {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return err
			}
			var e run.Event
			if err := json.Unmarshal(line, &e); err != nil {
				return fmt.Errorf("event of the supervisor: %w", err)
			}
			batch = append(batch, e)
		}
		if err := f(batch); err != nil {
			return err
		}
	}
}

// hasLine reports whether a whole line can be read without waiting.
func hasLine(in *bufio.Reader) bool {
	b, err := in.Peek(in.Buffered())
	return err == nil && bytes.IndexByte(b, '\n') >= 0
}
