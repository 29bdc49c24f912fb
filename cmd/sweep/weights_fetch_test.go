package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// console is an env whose streams are kept.
type console struct {
	env
	out, err bytes.Buffer
}

func newConsole(t *testing.T) *console {
	t.Helper()
	c := &console{}
	home := t.TempDir()
	c.env = env{
		stdin: strings.NewReader(""), stdout: &c.out, stderr: &c.err, now: time.Now,
		getenv: func(name string) string {
			return map[string]string{"HOME": home, "SWEEP_STORE": filepath.Join(home, "store")}[name]
		},
	}
	return c
}

// run runs a command line and wants an exit code.
func (c *console) run(t *testing.T, ctx context.Context, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	c.out.Reset()
	c.err.Reset()
	c.flags = globalFlags{}
	if got := execute(ctx, &c.env, args); got != code {
		t.Fatalf("sweep %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, c.out.String(), c.err.String())
	}
	return c.out.String(), c.err.String()
}

// weightFile writes weights of a backbone, all of them zero, and the first of the
// named tensor v.
func weightFile(t *testing.T, model, path, tensor string, v float32) (digest string) {
	t.Helper()
	gr, err := backbone.Build(backbone.Options{
		Model: model, Head: run.HeadMulti, Batch: 1, Size: 32, TaskNames: []string{"a"}, Classes: []int{2},
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	state := weights.State{}
	for _, p := range gr.Params {
		state[p.Name] = make([]float32, p.Len())
	}
	for _, b := range gr.Buffers {
		state[b.Name] = make([]float32, b.Len())
	}
	if state[tensor] != nil {
		state[tensor][0] = v
	}
	if err := weights.Export(io.MultiWriter(f, h), gr.Params, gr.Buffers, state, nil); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestWeightsFetch(t *testing.T) {
	mirror := t.TempDir()
	digest := weightFile(t, "resnet18", filepath.Join(mirror, "resnet18.safetensors"), "", 0)
	named := "resnet18-" + digest[:8] + ".safetensors"
	if err := os.Link(filepath.Join(mirror, "resnet18.safetensors"), filepath.Join(mirror, named)); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(mirror)))
	t.Cleanup(server.Close)
	c := newConsole(t)
	dir := t.TempDir()
	to := filepath.Join(dir, "weights")
	config := filepath.Join(dir, "c.yaml")
	if err := os.WriteFile(config, []byte("models: [resnet18]\nlabel_names: {a: [x, y]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	out, _ := c.run(t, t.Context(), 0, "weights", "fetch", "--config", config, "--from", server.URL)
	for _, want := range []string{filepath.Join(to, "resnet18.safetensors"), digest, "no checksum of it is known", "pretrained: true\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if path, err := weights.Find("resnet18", to, c.getenv); err != nil || path != filepath.Join(to, "resnet18.safetensors") {
		t.Errorf("pretrained: true finds %s, %v", path, err)
	}
	out, _ = c.run(t, t.Context(), 0, "weights", "fetch", "--config", config, "--from", server.URL)
	if !strings.Contains(out, "is there already, sha256 "+digest) {
		t.Errorf("the second time:\n%s", out)
	}

	// A file of a name of its own is one that the config must name.
	out, _ = c.run(t, t.Context(), 0, "weights", "fetch", "resnet18", "--config", config, "--from", server.URL+"/"+named)
	if !strings.Contains(out, "right by the file's name") || !strings.Contains(out, "pretrained: {resnet18: weights/"+named+"}") {
		t.Errorf("a file of another name:\n%s", out)
	}
	// A damaged one is loaded again, from a folder this time.
	if err := os.Truncate(filepath.Join(to, named), 1000); err != nil {
		t.Fatal(err)
	}
	_, text := c.run(t, t.Context(), 0, "weights", "fetch", "resnet18", "--to", to, "--from", filepath.Join(mirror, named))
	if !strings.Contains(text, "loading it again") {
		t.Errorf("a damaged file:\n%s", text)
	}
	if got, err := weights.Digest(filepath.Join(to, named)); err != nil || got != digest {
		t.Errorf("digest %s, %v", got, err)
	}

	for _, x := range []struct {
		code  int
		words string
		args  []string
	}{
		{2, "which weights?", nil},
		{2, `"resnet19"`, []string{"resnet19"}},
		{2, "--source hub", []string{"resnet18", "--source", "hub"}},
		{2, "one file", []string{"resnet18", "resnet50", "--from", server.URL + "/x.pth"}},
		{2, "hexadecimal", []string{"resnet18", "--sha256", "xyz"}},
		{2, "no path of a folder", []string{"resnet18", "--from", filepath.Join(dir, "none")}},
		{2, "ftp://", []string{"resnet18", "--from", "ftp://a/b"}},
		{1, "resnet50-11ad3fa6.pth", []string{"resnet50", "--from", server.URL}},
		{1, "holds resnet18, not resnet50", []string{"resnet50", "--from", server.URL + "/" + named}},
		{1, "want 00000000 by --sha256", []string{"resnet18", "--from", server.URL + "/" + named, "--sha256", "00000000"}},
	} {
		_, text := c.run(t, t.Context(), x.code, append([]string{"weights", "fetch", "--to", t.TempDir()}, x.args...)...)
		if !strings.Contains(text, x.words) {
			t.Errorf("fetch %v: no %q in:\n%s", x.args, x.words, text)
		}
	}
}

// Ctrl-C leaves what has come, says so, and the same command goes on.
func TestWeightsFetchInterrupted(t *testing.T) {
	mirror := t.TempDir()
	file := filepath.Join(mirror, "resnet18.safetensors")
	weightFile(t, "resnet18", file, "", 0)
	ctx, cancel := context.WithCancel(t.Context())
	var ranges []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if filepath.Base(r.URL.Path) != "resnet18.safetensors" {
			http.NotFound(w, r)
			return
		}
		ranges = append(ranges, r.Header.Get("Range"))
		if len(ranges) == 1 {
			w = &interrupting{ResponseWriter: w, after: 20 << 20, interrupt: func() {
				cancel()
				<-r.Context().Done()
			}}
		}
		http.ServeFile(w, r, file)
	}))
	t.Cleanup(server.Close)
	c := newConsole(t)
	args := []string{"weights", "fetch", "resnet18", "--from", server.URL, "--to", t.TempDir()}
	if _, text := c.run(t, ctx, 130, args...); !strings.Contains(text, "the same command goes on") {
		t.Errorf("interrupted:\n%s", text)
	}
	c.run(t, t.Context(), 0, args...)
	if len(ranges) != 2 || !strings.HasPrefix(ranges[1], "bytes=") {
		t.Errorf("asked for %q", ranges)
	}
}

type interrupting struct {
	http.ResponseWriter
	after     int
	interrupt func()
}

func (i *interrupting) Write(p []byte) (int, error) {
	if i.after -= len(p); i.after < 0 {
		i.interrupt()
		panic(http.ErrAbortHandler)
	}
	return i.ResponseWriter.Write(p)
}

func TestTransferLines(t *testing.T) {
	for _, c := range []struct {
		tty   bool
		total int64
		want  string
	}{
		{false, 40 << 20, "sweep: f.pth  15.0 of 40.0 MiB  37 %  2.0 MiB/s  13s left\nsweep: f.pth  25.0 of 40.0 MiB  62 %  2.0 MiB/s  8s left\n"},
		{false, -1, "sweep: f.pth  15.0 MiB  2.0 MiB/s\nsweep: f.pth  25.0 MiB  2.0 MiB/s\n"},
	} {
		e := newConsole(t)
		now := time.Unix(0, 0)
		e.now = func() time.Time { return now }
		e.stderrTTY = c.tty
		bar := newTransfer(&e.env, "f.pth")
		for done := int64(5 << 20); done <= 30<<20; done += 1 << 20 { // 5 MiB were there
			bar.set(done, c.total)
			now = now.Add(500 * time.Millisecond)
		}
		bar.clear()
		if got := e.err.String(); got != c.want {
			t.Errorf("lines\n%swant\n%s", got, c.want)
		}
	}
	e := newConsole(t)
	now := time.Unix(0, 0)
	e.now = func() time.Time { return now }
	e.stderrTTY = true
	bar := newTransfer(&e.env, "f.pth")
	bar.set(0, 4<<20)
	now = now.Add(time.Second)
	bar.set(1<<20, 4<<20)
	now = now.Add(time.Millisecond)
	bar.set(2<<20, 4<<20) // too soon for the eye
	bar.clear()
	line := "f.pth  1.0 of 4.0 MiB  25 %  1.0 MiB/s  3s left"
	if got, want := e.err.String(), "\r"+line+"\r"+strings.Repeat(" ", len(line))+"\r"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
