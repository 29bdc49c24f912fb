package sweep

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// TestMain makes this program a worker when it is started as one.
func TestMain(m *testing.M) {
	if mode := os.Getenv("SWEEP_TEST_WORKER"); mode != "" {
		os.Exit(testWorker(mode))
	}
	os.Exit(m.Run())
}

// testWorker is a worker process with one habit; its answers are lines on stdout.
func testWorker(mode string) int {
	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		fmt.Println("no spec:", err)
		return 1
	}
	var spec run.Spec
	if err := json.Unmarshal(line, &spec); err != nil {
		fmt.Println("bad spec:", err)
		return 1
	}
	switch mode {
	case "echo":
		fmt.Fprintln(os.Stderr, "a note for the log")
		group, _ := syscall.Getpgid(0)
		fmt.Printf("%s %v\n", spec.ID, group == os.Getpid())
		ack, _ := in.ReadString('\n')
		fmt.Print(ack)
		rest, err := io.ReadAll(in)
		fmt.Printf("rest %q %v\n", rest, err)
	case "polite":
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		fmt.Println("ready")
		fmt.Println(<-signals)
		return 130
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
		fmt.Println("ready")
		select {}
	case "parent":
		child := exec.Command("sleep", "600")
		child.Stdout = os.Stdout // holds the pipe open
		if err := child.Start(); err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println(child.Process.Pid)
	}
	return 0
}

func startWorker(t *testing.T, mode string) (Process, run.Spec, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec := testSpec(t, "a", "resnet18", 42)
	if err := os.MkdirAll(spec.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	l := ExecLauncher{Command: []string{self}, Env: append(os.Environ(), "SWEEP_TEST_WORKER="+mode)}
	p, err := l.Start(spec)
	if err != nil {
		t.Fatal(err)
	}
	return p, spec, bufio.NewReader(p.Output())
}

func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatalf("read %q: %v", line, err)
	}
	return strings.TrimSuffix(line, "\n")
}

func TestWorkerProcess(t *testing.T) {
	p, spec, out := startWorker(t, "echo")
	if got := readLine(t, out); got != "a true" {
		t.Errorf("got %q: want the run's id and a process group of its own", got)
	}
	if id := p.Identity(); id.PID == os.Getpid() || !Alive(id) || id.Start == 0 {
		t.Errorf("identity %+v", id)
	}
	p.Acknowledge(7)
	if got := readLine(t, out); got != `{"stored":7}` {
		t.Errorf("acknowledgement %q", got)
	}
	// Its stdin ends with the supervisor, here by closing our end.
	if err := p.(*execProcess).in.Close(); err != nil {
		t.Fatal(err)
	}
	if got := readLine(t, out); got != `rest "" <nil>` {
		t.Errorf("got %q", got)
	}
	if _, err := out.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v", err)
	}
	if exit := p.Wait(); exit != (Exit{}) {
		t.Errorf("exit %+v", exit)
	}
	if Alive(p.Identity()) {
		t.Error("the process is still alive")
	}
	log, err := os.ReadFile(filepath.Join(spec.Dir, LogFile))
	if err != nil || string(log) != "a note for the log\n" {
		t.Errorf("log %q, %v", log, err)
	}
}

func TestWorkerStops(t *testing.T) {
	p, _, out := startWorker(t, "polite")
	readLine(t, out)
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := readLine(t, out); got != "terminated" {
		t.Errorf("got %q", got)
	}
	if exit := p.Wait(); exit != (Exit{Code: 130}) {
		t.Errorf("exit %+v", exit)
	}
	if err := errors.Join(p.Stop(), p.Kill()); err != nil {
		t.Errorf("after the end: %v", err)
	}
}

func TestWorkerIsKilled(t *testing.T) {
	p, _, out := startWorker(t, "deaf")
	readLine(t, out)
	for range 10000 { // nobody reads them: they must not block
		p.Acknowledge(1)
	}
	if err := errors.Join(p.Stop(), p.Kill()); err != nil {
		t.Fatal(err)
	}
	if exit := p.Wait(); exit.Signal != syscall.SIGKILL || exit.Code != -1 {
		t.Errorf("exit %+v", exit)
	}
}

// A child that holds the worker's stdout must not hold up the supervisor.
func TestWorkerLeavesAChild(t *testing.T) {
	p, _, out := startWorker(t, "parent")
	readLine(t, out)
	if rest, err := io.ReadAll(out); err != nil || len(rest) > 0 {
		t.Errorf("read %q, %v", rest, err)
	}
	if exit := p.Wait(); exit != (Exit{}) {
		t.Errorf("exit %+v", exit)
	}
	if err := p.Kill(); err != nil { // the child
		t.Error(err)
	}
}

func TestWorkerCannotStart(t *testing.T) {
	spec := testSpec(t, "a", "resnet18", 42)
	if _, err := (ExecLauncher{}).Start(spec); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a folder: %v", err)
	}
	if err := os.MkdirAll(spec.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	l := ExecLauncher{Command: []string{filepath.Join(spec.Dir, "nothing")}}
	if _, err := l.Start(spec); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a program: %v", err)
	}
}

func TestProcessStart(t *testing.T) {
	a, err := ProcessStart(os.Getpid())
	if err != nil || a == 0 {
		t.Fatalf("of this process: %d, %v", a, err)
	}
	if _, err := ProcessStart(1 << 30); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of no process: %v", err)
	}
	if Alive(run.Process{}) || !Alive(run.Process{PID: os.Getpid()}) || Alive(run.Process{PID: os.Getpid(), Start: a + 1}) {
		t.Error("wrong about who lives")
	}
}

func FuzzReadMessages(f *testing.F) {
	f.Add([]byte(`{"v":1,"seq":1,"run":"a","type":"log","message":"x"}` + "\n"))
	f.Add([]byte("\n\n{}\n[1]\nnull\n{\"v\":1,\"loss\":\"x\"}\n{\"v\":1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := bytes.Count(data, []byte("\n"))
		if len(data) > 0 && data[len(data)-1] != '\n' {
			lines++
		}
		n := 0
		err := readMessages(bytes.NewReader(data), func(m message) {
			n++
			if m.bad == "" && m.event.V != run.EventVersion {
				t.Errorf("an event of version %d got through", m.event.V)
			}
		})
		if err != nil || n != lines {
			t.Errorf("%d messages of %d lines, %v", n, lines, err)
		}
	})
}
