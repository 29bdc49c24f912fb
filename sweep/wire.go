package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"

	"github.com/backbone-sweep/sweep/store"
)

// ErrRefused says that a sweep cannot start; the text says why.
var ErrRefused = errors.New("the sweep cannot start")

// wireError is an error as it crosses the socket.
type wireError struct {
	Text   string   `json:"error"`
	Kind   string   `json:"kind,omitempty"`
	Prefix string   `json:"prefix,omitempty"` // of an ambiguous id
	IDs    []string `json:"ids,omitempty"`
}

// errorKinds are the errors that keep their meaning for errors.Is on the way.
var errorKinds = []struct {
	kind   string
	err    error
	status int
}{
	{"not_found", store.ErrNotFound, http.StatusNotFound},
	{"no_runs", ErrNoRuns, http.StatusNotFound},
	{"no_best", store.ErrNoBest, http.StatusNotFound},
	{"no_predictions", store.ErrNoPredictions, http.StatusNotFound},
	{"not_resumable", ErrNotResumable, http.StatusConflict},
	{"not_here", ErrNotHere, http.StatusConflict},
	{"live", store.ErrLive, http.StatusConflict},
	{"replaced", store.ErrReplaced, http.StatusConflict},
	{"refused", ErrRefused, http.StatusUnprocessableEntity},
	{"ending", ErrEnding, http.StatusServiceUnavailable},
	{"corrupt", store.ErrCorrupt, http.StatusInternalServerError},
}

// wireOf puts an error into the form that crosses the socket.
func wireOf(err error) wireError {
	body := wireError{Text: err.Error()}
	var ambiguous *store.AmbiguousError
	if errors.As(err, &ambiguous) {
		body.Kind, body.Prefix, body.IDs = ambiguousKind, ambiguous.Prefix, ambiguous.IDs
		return body
	}
	for _, k := range errorKinds {
		if errors.Is(err, k.err) {
			body.Kind = k.kind
			break
		}
	}
	return body
}

const ambiguousKind = "ambiguous"

func writeError(w http.ResponseWriter, err error) {
	body, status := wireOf(err), http.StatusInternalServerError
	if body.Kind == ambiguousKind {
		status = http.StatusNotFound
	}
	for _, k := range errorKinds {
		if body.Kind == k.kind {
			status = k.status
		}
	}
	if request := new(requestError); errors.As(err, &request) {
		status = http.StatusBadRequest
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that is gone needs no error
}

// requestError is a request that makes no sense.
type requestError struct{ err error }

func (e *requestError) Error() string { return e.err.Error() }
func (e *requestError) Unwrap() error { return e.err }

// remoteError is an error of the supervisor.
type remoteError struct {
	text string
	kind error
}

func (e *remoteError) Error() string        { return e.text }
func (e *remoteError) Is(target error) bool { return e.kind != nil && target == e.kind }

// readError makes an error of a response that is none of success.
func readError(r *http.Response) error {
	const most = 1 << 20
	b, err := io.ReadAll(io.LimitReader(r.Body, most))
	if err != nil {
		return gone(err)
	}
	var w wireError
	if err := json.Unmarshal(b, &w); err != nil || w.Text == "" {
		return fmt.Errorf("the supervisor answered %s: is it of another version?", r.Status)
	}
	return w.error()
}

// error is the reverse of wireOf.
func (w wireError) error() error {
	if w.Kind == ambiguousKind {
		return &store.AmbiguousError{Prefix: w.Prefix, IDs: w.IDs}
	}
	e := &remoteError{text: w.Text}
	for _, k := range errorKinds {
		if k.kind == w.Kind {
			e.kind = k.err
		}
	}
	return e
}

// cellWire is a ComparisonCell on its way; null stands for NaN.
type cellWire struct {
	Text  string   `json:"text"`
	Value *float64 `json:"value"`
	Best  bool     `json:"best"`
}

// MarshalJSON writes a value that does not exist as null.
func (c ComparisonCell) MarshalJSON() ([]byte, error) {
	w := cellWire{Text: c.Text, Best: c.Best}
	if !math.IsNaN(c.Value) && !math.IsInf(c.Value, 0) {
		w.Value = &c.Value
	}
	return json.Marshal(w)
}

// UnmarshalJSON is the reverse of MarshalJSON.
func (c *ComparisonCell) UnmarshalJSON(data []byte) error {
	var w cellWire
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*c = ComparisonCell{Text: w.Text, Best: w.Best, Value: math.NaN()}
	if w.Value != nil {
		c.Value = *w.Value
	}
	return nil
}
