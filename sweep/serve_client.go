package sweep

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// Handlers of what a Client asks for.

// attach stays open as long as a client is there.
func (s *Server) attach(w http.ResponseWriter, r *http.Request) error {
	if !s.enter() {
		return ErrEnding
	}
	defer s.leave()
	if err := s.info(w, r); err != nil {
		return err
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		return nil // the client is gone
	}
	select {
	case <-r.Context().Done():
	case <-s.closing:
	}
	return nil
}

func (s *Server) info(w http.ResponseWriter, _ *http.Request) error {
	s.mu.Lock()
	clients := s.clients
	s.mu.Unlock()
	info := Info{Version: s.opt.Version, PID: os.Getpid(), Started: s.started, StoreDir: s.dir, Clients: clients}
	if s.opt.Device != nil {
		info.Device = s.opt.Device()
	}
	return answer(w, info)
}

func (s *Server) runs(w http.ResponseWriter, _ *http.Request) error {
	records, err := s.sup.Store.Runs()
	if err != nil {
		return err
	}
	list := make([]Status, len(records))
	for i, r := range records {
		list[i] = NewStatus(r, s.hub.lastSaid(r.Spec.ID))
	}
	return answer(w, list)
}

// asked is the run that a request names, by its id or the beginning of it.
func (s *Server) asked(r *http.Request) (run.Record, error) {
	record, err := s.sup.Store.Run(r.PathValue("id"))
	return record, inShort(r, err)
}

// inShort says in few words that there is no such run, any more perhaps: the
// client knows of which store, and its status line is short.
func inShort(r *http.Request, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("run %q: %w", r.PathValue("id"), store.ErrNotFound)
	}
	return err
}

func (s *Server) history(w http.ResponseWriter, r *http.Request) error {
	h, err := readRecorded(s.sup.Store, r.PathValue("id"))
	if err != nil {
		return err
	}
	size, write, err := h.encode()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	_ = write(w) // a client that is gone needs no error
	return nil
}

// watchBuffer gathers events into writes of this many bytes.
const watchBuffer = 64 << 10

func (s *Server) watch(w http.ResponseWriter, r *http.Request) error {
	var q struct {
		After map[string]int64 `json:"after"`
	}
	if err := readJSON(r, &q); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, r.Body) // only then the end of the connection is noticed
	if q.After == nil {
		q.After = map[string]int64{}
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	sub := s.hub.subscribe()
	defer s.hub.unsubscribe(sub)
	out := bufio.NewWriterSize(w, watchBuffer)
	control := http.NewResponseController(w)
	watcher := watcher{
		store: s.sup.Store, sub: sub, last: q.After,
		emit: func(line []byte) error {
			_, err := out.Write(line)
			return err
		},
		flush: func() error { return errors.Join(out.Flush(), control.Flush()) },
	}
	// The header is sent: an error can only end the stream.
	_ = watcher.run(r.Context(), s.closing)
	return nil
}

func (s *Server) log(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || n < 0 {
		return &requestError{errors.New("log: n must be a number of lines")}
	}
	record, err := s.asked(r)
	if err != nil {
		return err
	}
	lines, err := readLog(s.sup.Store, record, n)
	if err != nil {
		return err
	}
	return answer(w, lines)
}

func (s *Server) plan(w http.ResponseWriter, r *http.Request) error {
	var q StartRequest
	if err := readJSON(r, &q); err != nil {
		return err
	}
	preview, err := s.opt.Planner.Plan(r.Context(), q)
	if err != nil {
		return err
	}
	return answer(w, preview)
}

func (s *Server) look(w http.ResponseWriter, r *http.Request) error {
	var q StartRequest
	if err := readJSON(r, &q); err != nil {
		return err
	}
	o, err := s.opt.Planner.Look(r.Context(), q)
	if err != nil {
		return err
	}
	return answer(w, o)
}

func (s *Server) start(w http.ResponseWriter, r *http.Request) error {
	var q StartRequest
	if err := readJSON(r, &q); err != nil {
		return err
	}
	s.starting.Lock()
	defer s.starting.Unlock()
	specs, err := s.opt.Planner.Specs(r.Context(), q)
	if err != nil {
		return err
	}
	if len(specs) == 0 {
		return refused([]string{"the sweep has no run"})
	}
	if err := s.sup.Submit(specs); err != nil {
		return err
	}
	return answer(w, launched{specs[0].Launch})
}

type launched struct {
	Launch string `json:"launch"`
}

type done struct{}

func (s *Server) stopAll(w http.ResponseWriter, _ *http.Request) error {
	if err := s.sup.StopAll(); err != nil {
		return err
	}
	return answer(w, done{})
}

func (s *Server) stop(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, s.sup.Stop)
}

func (s *Server) resume(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, func(id string) error { return s.sup.Resume(id) })
}

func (s *Server) removeRun(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, s.sup.Remove)
}

func (s *Server) change(w http.ResponseWriter, r *http.Request, change func(id string) error) error {
	record, err := s.asked(r)
	if err == nil {
		err = inShort(r, change(record.Spec.ID))
	}
	if err != nil {
		return err
	}
	return answer(w, done{})
}

// compareRequest asks for a table, or with a format for a file of it.
type compareRequest struct {
	Selection Selection `json:"selection"`
	By        By        `json:"by"`
	Format    string    `json:"format,omitempty"`
}

func (s *Server) compare(w http.ResponseWriter, r *http.Request) error {
	_, t, pairs, err := s.table(r)
	if err != nil {
		return err
	}
	return answer(w, t.Comparison(pairs))
}

func (s *Server) export(w http.ResponseWriter, r *http.Request) error {
	q, t, pairs, err := s.table(r)
	if err != nil {
		return err
	}
	if q.Format == "html" {
		if err := LoadTraining(s.sup.Store, t.Results); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	if err := t.Export(&b, q.Format, pairs); err != nil {
		return &requestError{err}
	}
	_, _ = w.Write(b.Bytes())
	return nil
}

func (s *Server) table(r *http.Request) (q compareRequest, t *Table, pairs []Pair, err error) {
	if err := readJSON(r, &q); err != nil {
		return q, nil, nil, err
	}
	if q.By == "" {
		q.By = ByModel
	}
	if q.By, err = ParseBy(string(q.By)); err != nil {
		return q, nil, nil, &requestError{err}
	}
	records, err := Select(s.sup.Store, q.Selection)
	if err != nil {
		return q, nil, nil, err
	}
	results, err := Load(s.sup.Store, records)
	if err != nil {
		return q, nil, nil, err
	}
	t = NewTable(results, q.By)
	pairs, err = s.pairs.of(r.Context(), t, s.opt.Score)
	return q, t, pairs, err
}
