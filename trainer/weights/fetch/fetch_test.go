package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// content is what the honest servers of these tests serve.
func content() []byte {
	raw := make([]byte, 1<<20)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(raw)
	return raw
}

func sum(raw []byte) string {
	s := sha256.Sum256(raw)
	return hex.EncodeToString(s[:])
}

// answer is how a server treats one request.
type answer func(w http.ResponseWriter, r *http.Request)

// whole serves a file as it should be, ranges and all.
func whole(raw []byte, etag string) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		if etag != "" {
			w.Header().Set("ETag", etag)
		}
		http.ServeContent(w, r, "f.bin", time.Time{}, bytes.NewReader(raw))
	}
}

// cut serves a file and breaks off after n bytes of the answer.
func cut(raw []byte, etag string, n int) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		whole(raw, etag)(&breaking{ResponseWriter: w, left: n}, r)
	}
}

type breaking struct {
	http.ResponseWriter
	left int
}

func (b *breaking) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	_, err := b.ResponseWriter.Write(p[:n])
	if b.left == 0 {
		b.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, err
}

func status(code int) answer {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", code) }
}

// stall sends n bytes of a file and then nothing.
func stall(raw []byte, etag string, n int) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		w.Header().Set("Content-Length", fmt.Sprint(len(raw)))
		_, _ = w.Write(raw[:n])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
}

// ignoring is an answer that does not know ranges.
func ignoring(then answer) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Range")
		then(w, r)
	}
}

// world is a server that answers request after request, the last answer again
// and again, and a client beside it.
type world struct {
	*Client
	url      string
	path     string
	requests []string // their ranges
	waits    []time.Duration
	log      []string
}

func newWorld(t *testing.T, answers ...answer) *world {
	t.Helper()
	w := &world{path: filepath.Join(t.TempDir(), "weights", "f.bin")}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		i := min(len(w.requests), len(answers)-1)
		w.requests = append(w.requests, r.Header.Get("Range"))
		answers[i](rw, r)
	}))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = nil
	w.url = server.URL + "/f.bin"
	w.Client = &Client{
		HTTP: server.Client(), Stall: 5 * time.Second,
		Sleep: func(ctx context.Context, d time.Duration) error {
			w.waits = append(w.waits, d)
			return ctx.Err()
		},
		Log: func(s string) { w.log = append(w.log, s) },
	}
	return w
}

func (w *world) request(digest string) Request {
	return Request{URL: w.url, Path: w.path, SHA256: digest, By: "its name"}
}

// holds wants the file in its place, whole, and nothing beside it.
func (w *world) holds(t *testing.T, want []byte, got Result, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(w.path)
	if err != nil || !bytes.Equal(raw, want) {
		t.Fatalf("the file has %d bytes that are not those wanted (%v)", len(raw), err)
	}
	if got.SHA256 != sum(want) || got.Size != int64(len(want)) || got.Path != w.path {
		t.Errorf("result %+v", got)
	}
	w.alone(t, "f.bin")
}

// alone wants these files in the folder and no others.
func (w *world) alone(t *testing.T, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(w.path))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, want) {
		t.Errorf("the folder holds %v, want %v", names, want)
	}
}

func TestGet(t *testing.T) {
	raw := content()
	half := len(raw) / 2
	other := bytes.Repeat([]byte("other"), len(raw)/5)
	for _, c := range []struct {
		name    string
		answers []answer
		want    []byte
		unknown bool // no checksum is asked for
		ranges  []string
	}{
		{"honest", []answer{whole(raw, `"1"`)}, raw, false, []string{""}},
		{"no checksum known", []answer{whole(raw, `"1"`)}, raw, true, []string{""}},
		{"breaks off", []answer{cut(raw, `"1"`, half), whole(raw, `"1"`)}, raw, false, []string{"", fmt.Sprintf("bytes=%d-", half)}},
		{"breaks off, no checksum known", []answer{cut(raw, `"1"`, half), whole(raw, `"1"`)}, raw, true, []string{"", fmt.Sprintf("bytes=%d-", half)}},
		{"breaks off, nothing to tell versions by", []answer{cut(raw, "", half), whole(raw, "")}, raw, true, []string{"", ""}},
		{"breaks off thrice", []answer{cut(raw, `"1"`, half), cut(raw, `"1"`, 1000), cut(raw, `"1"`, 0), whole(raw, `"1"`)}, raw, false, nil},
		{"busy", []answer{status(503), status(429), status(500), whole(raw, `"1"`)}, raw, false, []string{"", "", "", ""}},
		{"ignores ranges", []answer{cut(raw, `"1"`, half), ignoring(whole(raw, `"1"`))}, raw, false, nil},
		{"changes on the way", []answer{cut(raw, `"1"`, half), whole(other, `"2"`)}, other, true, nil},
		{"changes on the way, and lies", []answer{cut(other, `"1"`, half), whole(raw, `"1"`)}, raw, false, []string{"", fmt.Sprintf("bytes=%d-", half), ""}},
		{"changes in the middle of a range", []answer{cut(raw, `"1"`, half), func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("If-Range")
			whole(other, `"2"`)(w, r)
		}, whole(other, `"2"`)}, other, true, []string{"", fmt.Sprintf("bytes=%d-", half), ""}},
		{"sends another range", []answer{cut(raw, `"1"`, half), func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Range", "bytes=5-")
			whole(raw, `"1"`)(w, r)
		}, whole(raw, `"1"`)}, raw, false, nil},
		{"forgets the file's length", []answer{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"1"`)
			_, _ = w.Write(raw[:half])
			w.(http.Flusher).Flush() // chunked from here
			_, _ = w.Write(raw[half:])
		}}, raw, false, []string{""}},
		{"redirects", []answer{func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Linked-Etag", `"`+sum(raw)+`"`)
			http.Redirect(w, r, "/cdn/f.bin", http.StatusFound)
		}, whole(raw, `"1"`)}, raw, true, []string{"", ""}},
		{"stalls", []answer{stall(raw, `"1"`, half), whole(raw, `"1"`)}, raw, false, []string{"", fmt.Sprintf("bytes=%d-", half)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.answers...)
			if c.name == "stalls" {
				w.Stall = 200 * time.Millisecond
			}
			digest := sum(c.want)[:8]
			if c.unknown {
				digest = ""
			}
			got, err := w.Get(t.Context(), w.request(digest))
			w.holds(t, c.want, got, err)
			if c.ranges != nil && !slices.Equal(w.requests, c.ranges) {
				t.Errorf("asked for %q, want %q", w.requests, c.ranges)
			}
			if checked := got.Checked != ""; checked != (!c.unknown || c.name == "redirects") {
				t.Errorf("checked: %q", got.Checked)
			}
		})
	}
}

// What cannot end well ends, with a sentence, and leaves no file.
func TestGetRefuses(t *testing.T) {
	raw := content()
	for _, c := range []struct {
		name    string
		answers []answer
		words   string
		most    int      // requests
		left    []string // in the folder
	}{
		{"wrong contents", []answer{whole([]byte("something else"), `"1"`)}, "want " + sum(raw)[:8] + " by its name", 1, nil},
		{"no such file", []answer{status(404)}, "404 Not Found", 1, nil},
		{"forbidden", []answer{status(403)}, "403 Forbidden", 1, nil},
		{"a web page", []answer{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "<html>Welcome to the hotel's network")
		}}, "web page", 1, nil},
		{"always busy", []answer{status(503)}, "6 attempts in a row failed, the last one: the server answered 503", 6, nil},
		{"announces 2 GiB", []answer{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(2<<30))
			_, _ = w.Write(raw)
		}}, "announces 2048.0 MiB", 1, nil},
		{"announces more than it has", []answer{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(raw)+1))
			w.Header().Set("ETag", `"1"`)
			_, _ = w.Write(raw)
		}}, "attempts in a row failed", 7, []string{".f.bin.part", ".f.bin.part.json"}},
		{"breaks off at the same place each time", []answer{ignoring(cut(raw, `"1"`, len(raw)/2))}, "attempts in a row failed", 7, []string{".f.bin.part", ".f.bin.part.json"}},
		{"compresses", []answer{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(raw)
		}}, "encoded as gzip", 1, nil},
		{"redirects in a circle", []answer{func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/again", http.StatusFound)
		}}, "redirects ten times", 10, nil},
		{"a range without a length", []answer{cut(raw, `"1"`, len(raw)/2), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", "bytes 9-1/x")
			w.WriteHeader(http.StatusPartialContent)
		}}, "which is no range", 2, []string{".f.bin.part", ".f.bin.part.json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.answers...)
			_, err := w.Get(t.Context(), w.request(sum(raw)[:8]))
			if err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("error %v, want %q in it", err, c.words)
			}
			if len(w.requests) > c.most {
				t.Errorf("%d requests, want at most %d", len(w.requests), c.most)
			}
			w.alone(t, c.left...)
		})
	}
	t.Run("the server's checksum", func(t *testing.T) {
		w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("X-Linked-Etag", `"`+strings.Repeat("0", 64)+`"`)
			whole(raw, `"1"`)(rw, r)
		})
		_, err := w.Get(t.Context(), w.request(""))
		var wrong *ChecksumError
		if !errors.As(err, &wrong) || wrong.From != "the server's word" {
			t.Errorf("error %v", err)
		}
		w.alone(t)
	})
	t.Run("the caller's check", func(t *testing.T) {
		w := newWorld(t, whole(raw, `"1"`))
		r := w.request("")
		refused := errors.New("these are no weights")
		r.Check = func(path string) error {
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, raw) {
				t.Errorf("asked about %s before it is whole (%v)", path, err)
			}
			return refused
		}
		if _, err := w.Get(t.Context(), r); !errors.Is(err, refused) {
			t.Errorf("error %v", err)
		}
		w.alone(t)
	})
	t.Run("too small a disk", func(t *testing.T) {
		w := newWorld(t, whole(raw, `"1"`))
		w.Free = func(string) (int64, error) { return spare + int64(len(raw)) - 1, nil }
		if _, err := w.Get(t.Context(), w.request("")); err == nil || !strings.Contains(err.Error(), "has 17.0 MiB free") {
			t.Errorf("error %v", err)
		}
		w.alone(t)
	})
}

// An interrupted download goes on in another call, of another program perhaps.
func TestGetGoesOnLater(t *testing.T) {
	raw := content()
	half := len(raw) / 2
	for _, c := range []struct {
		name   string
		digest string
		later  answer
		want   []byte
		ranges string // of the later request
	}{
		{"the same file", sum(raw), whole(raw, `"1"`), raw, fmt.Sprintf("bytes=%d-", half)},
		{"no checksum known", "", whole(raw, `"1"`), raw, fmt.Sprintf("bytes=%d-", half)},
		{"another version", "", whole(raw[:half], `"2"`), raw[:half], fmt.Sprintf("bytes=%d-", half)},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, stall(raw, `"1"`, half), c.later)
			ctx, cancel := context.WithCancel(t.Context())
			w.Progress = func(p Progress) {
				if p.Done == int64(half) {
					cancel()
				}
			}
			if _, err := w.Get(ctx, w.request(c.digest)); !errors.Is(err, context.Canceled) {
				t.Fatalf("error %v", err)
			}
			w.alone(t, ".f.bin.part", ".f.bin.part.json")
			w.Progress = nil
			got, err := w.Get(t.Context(), w.request(c.digest))
			w.holds(t, c.want, got, err)
			if last := w.requests[1]; last != c.ranges {
				t.Errorf("asked for %q, want %q", last, c.ranges)
			}
		})
	}
}

// A part of unknown origin is only built upon when a checksum will tell.
func TestGetDistrustsParts(t *testing.T) {
	raw := content()
	for _, digest := range []string{"", sum(raw)[:8]} {
		for name, there := range map[string][]byte{"the beginning": raw[:1000], "something else": []byte("junk"), "too much": append(slices.Clone(raw), 1)} {
			w := newWorld(t, whole(raw, `"1"`))
			if err := os.MkdirAll(filepath.Dir(w.path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(partPath(w.path), there, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := w.Get(t.Context(), w.request(digest))
			w.holds(t, raw, got, err)
			if asked := w.requests[0] != ""; asked != (digest != "") {
				t.Errorf("%s, digest %q: asked for %q", name, digest, w.requests)
			}
		}
	}
}

// Two programs do not write one part.
func TestGetLocks(t *testing.T) {
	raw := content()
	begun, done := make(chan struct{}), make(chan struct{})
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		close(begun)
		<-done
		whole(raw, `"1"`)(rw, r)
	})
	first := make(chan error)
	go func() {
		_, err := w.Get(t.Context(), w.request(""))
		first <- err
	}()
	<-begun
	if _, err := w.Get(t.Context(), w.request("")); !errors.Is(err, errBusy) {
		t.Errorf("error %v", err)
	}
	close(done)
	if err := <-first; err != nil {
		t.Error(err)
	}
	w.alone(t, "f.bin")
}

func TestWaits(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Retry-After", "20")
		rw.WriteHeader(http.StatusServiceUnavailable)
	})
	if _, err := w.Get(t.Context(), w.request("")); err == nil {
		t.Error("no error")
	}
	if want := []time.Duration{20e9, 20e9, 20e9, 20e9, 20e9}; !slices.Equal(w.waits, want) {
		t.Errorf("waited %v, want %v", w.waits, want)
	}
	var waits []time.Duration
	for n := 1; n <= 7; n++ {
		waits = append(waits, backoff(n))
	}
	if want := []time.Duration{1e9, 2e9, 4e9, 8e9, 16e9, 30e9, 30e9}; !slices.Equal(waits, want) {
		t.Errorf("backoff %v, want %v", waits, want)
	}
}

func TestFileURL(t *testing.T) {
	raw := content()
	from := filepath.Join(t.TempDir(), "a b.bin")
	if err := os.WriteFile(from, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "f.bin")
	c := &Client{HTTP: NewHTTPClient(), Free: FreeSpace}
	got, err := c.Get(t.Context(), Request{URL: "file://" + strings.ReplaceAll(from, " ", "%20"), Path: path})
	if err != nil || got.SHA256 != sum(raw) {
		t.Errorf("%+v, %v", got, err)
	}
	c.Free = func(string) (int64, error) { return 1 << 20, nil }
	if _, err := c.Get(t.Context(), Request{URL: got.Path, Path: path}); err == nil {
		t.Error("a path for a URL: no error")
	}
	if _, err := c.Get(t.Context(), Request{URL: "file://" + path, Path: path + "2"}); err == nil || !strings.Contains(err.Error(), "1.0 MiB are to come") {
		t.Errorf("too small a disk: error %v", err)
	}
	c.Free = nil
	var missing *NotFoundError
	if _, err := c.Get(t.Context(), Request{URL: "file://" + from + "x", Path: path}); !errors.As(err, &missing) {
		t.Errorf("error %v", err)
	}
}
