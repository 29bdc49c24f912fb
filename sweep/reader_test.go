package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// What a Reader says does not depend on who holds the store.
func TestReaderThroughSupervisor(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{Supervisor: &Supervisor{Store: st, Launcher: &fakeLauncher{script: wholeRun}}}
	s, err := Serve(h.Supervisor, ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	h.submit(t, testSpec(t, "aa", "resnet18", 1), testSpec(t, "ab", "resnet50", 1))
	h.wait(t)
	read := func(fromFile bool) map[string]string {
		r, err := OpenReader(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, local := r.(localReader); local != fromFile {
			t.Errorf("reads the file itself: %v, want %v", local, fromFile)
		}
		out := map[string]string{}
		keep := func(name string, v any, err error) {
			text, jerr := json.Marshal(v)
			if jerr != nil {
				t.Fatal(jerr)
			}
			out[name] = string(text) + fmt.Sprint(err)
		}
		records, err := r.Runs()
		keep("runs", records, err)
		record, err := r.Run("aa")
		keep("run", record, err)
		_, err = r.Run("a")
		ambiguous := new(store.AmbiguousError)
		keep("ambiguous", errors.As(err, &ambiguous), ambiguous)
		var events []run.Event
		collect := func(e run.Event) error { events = append(events, e); return nil }
		keep("steps", &events, r.Steps("aa", collect))
		keep("epochs", &events, r.Epochs("aa", collect))
		p, err := r.Predictions("aa")
		keep("predictions", p, err)
		m, err := r.Best("aa")
		keep("best", m, err)
		m, w, err := r.Weights("aa")
		keep("manifest", m, err)
		b, err := io.ReadAll(w)
		keep("weights", b, err)
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		problems, err := r.Verify(t.Context(), func(done, total int64) {})
		keep("verify", problems, err)
		stop := errors.New("enough")
		if err := r.Steps("aa", func(run.Event) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("the callback's error became %v", err)
		}
		return out
	}
	through := read(false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	for name, direct := range read(true) {
		if through[name] != direct {
			t.Errorf("%s: through the supervisor\n%s\nfrom the file\n%s", name, through[name], direct)
		}
	}
}

// A store without a supervisor has no live run, whatever is recorded.
func TestReaderTellsTheTruth(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Create(testSpec(t, "a", "resnet18", 1), time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := st.SetState("a", run.Running, "", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReader(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	record, err := r.Run("a")
	if err != nil || record.State != run.Interrupted || !strings.Contains(record.Reason, "sweep runs resume a") {
		t.Errorf("%s: %s, %v", record.State, record.Reason, err)
	}
}
