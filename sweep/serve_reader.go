package sweep

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// Handlers of what a Reader asks for.

func (s *Server) records(w http.ResponseWriter, _ *http.Request) error {
	records, err := s.sup.Store.Runs()
	if err != nil {
		return err
	}
	return answer(w, records)
}

func (s *Server) record(w http.ResponseWriter, r *http.Request) error {
	record, err := s.asked(r)
	if err != nil {
		return err
	}
	return answer(w, record)
}

func (s *Server) steps(w http.ResponseWriter, r *http.Request) error {
	return s.events(w, r, s.sup.Store.Steps)
}

func (s *Server) epochs(w http.ResponseWriter, r *http.Request) error {
	return s.events(w, r, s.sup.Store.Epochs)
}

// events writes what read brings of a run, an event a line.
func (s *Server) events(w http.ResponseWriter, r *http.Request, read func(string, func(run.Event) error) error) error {
	record, err := s.asked(r)
	if err != nil {
		return err
	}
	return stream(w, func(out *bufio.Writer) error {
		lines := json.NewEncoder(out)
		return read(record.Spec.ID, func(e run.Event) error { return lines.Encode(e) })
	})
}

// endTrailer follows a stream: empty quotes when it is whole, else the error that
// cut it short, as JSON. A stream without it ended with the supervisor.
const endTrailer = "Sweep-End"

// stream answers with whatever write writes. Its error reaches the client behind
// the part that was written before.
func stream(w http.ResponseWriter, write func(out *bufio.Writer) error) error {
	w.Header().Set("Trailer", endTrailer)
	out := bufio.NewWriterSize(w, watchBuffer)
	err := write(out)
	_ = out.Flush() // a client that is gone needs no error
	var end []byte
	if err == nil {
		end = []byte(`""`)
	} else if end, err = json.Marshal(wireOf(err)); err != nil {
		return err
	}
	w.Header().Set(endTrailer, string(end))
	return nil
}

func (s *Server) predictions(w http.ResponseWriter, r *http.Request) error {
	record, err := s.asked(r)
	if err != nil {
		return err
	}
	p, err := s.sup.Store.Predictions(record.Spec.ID)
	if err != nil {
		return err
	}
	return answer(w, p)
}

func (s *Server) best(w http.ResponseWriter, r *http.Request) error {
	record, err := s.asked(r)
	if err != nil {
		return err
	}
	m, err := s.sup.Store.Best(record.Spec.ID)
	if err != nil {
		return err
	}
	return answer(w, m)
}

// weights writes the manifest as one line and then the weights as they are.
func (s *Server) weights(w http.ResponseWriter, r *http.Request) error {
	record, err := s.asked(r)
	if err != nil {
		return err
	}
	weights, err := s.sup.Store.OpenWeights(record.Spec.ID)
	if err != nil {
		return err
	}
	return stream(w, func(out *bufio.Writer) error {
		if err := json.NewEncoder(out).Encode(weights.Manifest); err != nil {
			return err
		}
		_, err := io.Copy(out, weights.Reader())
		return err
	})
}

// workLine is a line about a piece of work on the whole store: how far it is,
// or what it found.
type workLine struct {
	Done     int64           `json:"done,omitempty"`
	Total    int64           `json:"total,omitempty"`
	Problems []store.Problem `json:"problems,omitempty"`
}

func (s *Server) verify(w http.ResponseWriter, r *http.Request) error {
	return s.work(w, r, s.sup.Store.Verify)
}

func (s *Server) compact(w http.ResponseWriter, r *http.Request) error {
	return s.work(w, r, func(ctx context.Context, progress store.Progress) ([]store.Problem, error) {
		return nil, s.sup.Store.Compact(ctx, progress)
	})
}

func (s *Server) work(w http.ResponseWriter, r *http.Request, do func(context.Context, store.Progress) ([]store.Problem, error)) error {
	control := http.NewResponseController(w)
	return stream(w, func(out *bufio.Writer) error {
		lines := json.NewEncoder(out)
		said := time.Now()
		problems, err := do(r.Context(), func(done, total int64) {
			if now := time.Now(); now.Sub(said) >= progressPeriod {
				said = now
				_ = lines.Encode(workLine{Done: done, Total: total}) // a client that is gone ends the context
				_ = out.Flush()
				_ = control.Flush()
			}
		})
		return errors.Join(err, lines.Encode(workLine{Problems: problems}))
	})
}

// progressPeriod is the shortest time between two lines about a piece of work.
const progressPeriod = 100 * time.Millisecond

func (s *Server) stats(w http.ResponseWriter, _ *http.Request) error {
	stats, err := s.sup.Store.Stats()
	if err != nil {
		return err
	}
	return answer(w, stats)
}
