package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Planner knows what a start needs. The supervisor asks it, so that this
// package need not know how a run is trained.
type Planner interface {
	// Plan says what a start would do. Nothing is made.
	Plan(ctx context.Context, r StartRequest) (Preview, error)
	// Look counts the images that a start would train on. What stands in the way
	// is an ErrRefused. Nothing is made.
	Look(ctx context.Context, r StartRequest) (run.Overview, error)
	// Specs lists the runs of a start and makes what they need beside their
	// data. What stands in the way is an ErrRefused.
	Specs(ctx context.Context, r StartRequest) ([]run.Spec, error)
}

// ServerOptions is what a server needs beside its supervisor.
type ServerOptions struct {
	Planner Planner
	Score   Score  // rates predictions when columns are compared
	Version string // of this program
	// Device says what engine auto would train on, "" while that is not known yet; it
	// must not take long. Nil: nobody knows.
	Device func() string
	// Log takes what went wrong on a connection; nil drops it.
	Log *log.Logger
}

// Server offers a supervisor to other processes of its user: HTTP and NDJSON
// over a unix socket in the store folder (see Dial for the other end).
//
// A client that is attached keeps the server from coming to rest. However slow
// a client is, it costs a bounded queue and delays nobody: what does not fit
// into its queue it gets from the store later.
type Server struct {
	sup     *Supervisor
	opt     ServerOptions
	dir     string
	started time.Time
	hub     *hub
	pairs   pairCache

	http     *http.Server
	listener *net.UnixListener
	remove   func() // deletes the socket
	closing  chan struct{}
	owned    sync.WaitGroup

	starting sync.Mutex // one start at a time: new ids are taken once they are in the store

	mu      sync.Mutex
	clients int
	resting bool // no client is let in any more
	closed  bool // no request is answered any more
}

// Serve opens the socket of the supervisor's store and answers requests until
// Close. It is called before the supervisor's first run.
func Serve(sup *Supervisor, opt ServerOptions) (*Server, error) {
	s := &Server{
		sup: sup, opt: opt, dir: filepath.Dir(sup.Store.Path()), started: time.Now(),
		hub: newHub(), closing: make(chan struct{}),
	}
	var err error
	if s.listener, s.remove, err = listen(s.dir); err != nil {
		return nil, err
	}
	sup.Sinks = append(sup.Sinks, s.hub.publish)
	s.http = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: opt.Log}
	if opt.Log == nil {
		s.http.ErrorLog = log.New(io.Discard, "", 0)
	}
	s.owned.Go(func() { _ = s.http.Serve(peerListener{s.listener}) })
	return s, nil
}

// closeTimeout bounds how long Close waits for clients to take what they are given.
const closeTimeout = time.Second

// Close passes on what is recorded, ends all connections and deletes the
// socket. The store must still be open: its lock says whose socket it is.
func (s *Server) Close() error {
	s.mu.Lock()
	s.resting = true
	s.mu.Unlock()
	close(s.closing)
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.owned.Wait()
	s.remove()
	return err
}

// Rest blocks until for some time (grace) no run waits or is worked on and no
// client is attached; from then on nobody is let in. It returns ctx's error
// when ctx ends first.
func (s *Server) Rest(ctx context.Context, grace time.Duration) error {
	tick := time.NewTicker(grace / 10)
	defer tick.Stop()
	since := time.Now()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case now := <-tick.C:
			s.mu.Lock()
			if s.clients > 0 || s.sup.Busy() {
				since = now
			}
			s.resting = now.Sub(since) >= grace
			resting := s.resting
			s.mu.Unlock()
			if resting {
				return nil
			}
		}
	}
}

// enter counts a client in, unless the server is about to end.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.resting {
		return false
	}
	s.clients++
	return true
}

func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients--
}

// begin counts a request in, unless the server is closed.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.owned.Add(1)
	}
	return !s.closed
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /v1/attach":            s.attach,
		"GET /v1/info":              s.info,
		"GET /v1/runs":              s.runs,
		"GET /v1/runs/{id}/history": s.history,
		"GET /v1/runs/{id}/log":     s.log,
		"POST /v1/watch":            s.watch,
		"POST /v1/plan":             s.plan,
		"POST /v1/look":             s.look,
		"POST /v1/start":            s.start,
		"POST /v1/stop":             s.stopAll,
		"POST /v1/runs/{id}/stop":   s.stop,
		"POST /v1/runs/{id}/resume": s.resume,
		"DELETE /v1/runs/{id}":      s.removeRun,
		"POST /v1/compare":          s.compare,
		"POST /v1/export":           s.export,

		"GET /v1/records":               s.records,
		"GET /v1/records/{id}":          s.record,
		"GET /v1/runs/{id}/steps":       s.steps,
		"GET /v1/runs/{id}/epochs":      s.epochs,
		"GET /v1/runs/{id}/predictions": s.predictions,
		"GET /v1/runs/{id}/best":        s.best,
		"GET /v1/runs/{id}/weights":     s.weights,
		"POST /v1/verify":               s.verify,
		"GET /v1/stats":                 s.stats,
		"POST /v1/compact":              s.compact,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if !s.begin() {
				writeError(w, ErrEnding)
				return
			}
			defer s.owned.Done()
			r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
			if err := handle(w, r); err != nil {
				writeError(w, err)
			}
		})
	}
	return mux
}

// maxRequest bounds the body of a request in bytes: a list of thousands of runs fits.
const maxRequest = 4 << 20

func readJSON(r *http.Request, v any) error {
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		return &requestError{fmt.Errorf("request: %w", err)}
	}
	return nil
}

func answer(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(b, '\n')) // a client that is gone needs no error
	return nil
}

// refused makes the error that lists a preview's problems.
func refused(problems []string) error {
	return &remoteError{strings.Join(problems, "\n"), ErrRefused}
}

// Refused is an ErrRefused that says what stands in the way of a start, a
// sentence a line.
func Refused(problems ...string) error { return refused(problems) }
