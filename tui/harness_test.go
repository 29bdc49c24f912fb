package tui

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/tui/internal/fake"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// rig runs an App without a terminal: its commands on goroutines, its clock that
// of a synctest bubble.
type rig struct {
	t      *testing.T
	app    *App
	client *fake.Client
	down   error // what dialling says
	msgs   chan tea.Msg
	seen   []tea.Msg // every message, in order
	quit   bool
}

// within runs f in a bubble with an app of the given size on a client, which is
// made in the bubble.
func within(t *testing.T, scene func() *fake.Client, width, height int, f func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		client := scene()
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		r := &rig{t: t, client: client, msgs: make(chan tea.Msg, 4096)}
		r.app = New(ctx, Options{
			Dial: func(context.Context) (sweep.Client, error) { return r.client, r.down },
			Dir:  t.TempDir(), Models: []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"},
			Choices: []Choice{
				{Config: "configs/task02.yaml", Title: "configs/task02.yaml"},
				{Config: "demo", Title: "demo (makes its own data)", Demo: true},
			},
			Now:  func() time.Time { return fake.Noon().Add(time.Since(began)) },
			Sent: func() int64 { return 640 * int64(time.Since(began)/time.Second) },
		})
		defer func() {
			cancel()
			_ = r.client.Close()
			time.Sleep(time.Minute) // the timers of pending commands
		}()
		r.run(r.app.Init())
		r.send(tea.WindowSizeMsg{Width: width, Height: height}, tea.ColorProfileMsg{Profile: colorprofile.ANSI256})
		f(r)
	})
}

// run starts a command as Bubble Tea does.
func (r *rig) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() { r.msgs <- cmd() }()
}

// send updates the app and everything that follows at once.
func (r *rig) send(msgs ...tea.Msg) {
	r.t.Helper()
	for _, m := range msgs {
		r.take(m)
	}
	r.settle()
}

func (r *rig) take(m tea.Msg) {
	switch m := m.(type) {
	case nil:
		return
	case tea.BatchMsg:
		for _, cmd := range m {
			r.run(cmd)
		}
		return
	case tea.QuitMsg:
		r.quit = true
		return
	}
	r.seen = append(r.seen, m)
	_, cmd := r.app.Update(m)
	r.run(cmd)
	r.check()
}

// settle updates until all commands wait for time or events.
func (r *rig) settle() {
	for {
		synctest.Wait()
		select {
		case m := <-r.msgs:
			r.take(m)
		default:
			return
		}
	}
}

// wait lets time pass.
func (r *rig) wait(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(min(50*time.Millisecond, time.Until(end)))
		r.settle()
	}
}

// press types keys by their names, or as text.
func (r *rig) press(keys ...string) {
	r.t.Helper()
	for _, k := range keys {
		r.send(key(k))
	}
}

var named = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
	"right": tea.KeyRight, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete,
	"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
}

func key(name string) tea.KeyPressMsg {
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	if rest, ok := strings.CutPrefix(name, "shift+"); ok {
		return tea.KeyPressMsg{Code: named[rest], Mod: tea.ModShift}
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: ' ', Text: " "}
	}
	if code, ok := named[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// text is what the terminal shows, without styles.
func (r *rig) text() string { return ansi.Strip(r.frame()) }

// frame is what the model says, whether it has been drawn yet or not.
func (r *rig) frame() string { return strings.Join(r.app.lines(), "\n") }

func (r *rig) shows(want ...string) {
	r.t.Helper()
	got := r.text()
	for _, w := range want {
		if !strings.Contains(got, w) {
			r.t.Fatalf("the screen lacks %q:\n%s", w, got)
		}
	}
}

func (r *rig) lacks(unwanted string) {
	r.t.Helper()
	if got := r.text(); strings.Contains(got, unwanted) {
		r.t.Fatalf("the screen has %q:\n%s", unwanted, got)
	}
}

// check holds what every frame promises: its size.
func (r *rig) check() {
	r.t.Helper()
	w, h := r.app.w.width, r.app.w.height
	if w <= 0 || h <= 0 {
		return
	}
	if err := sized(r.frame(), w, h); err != nil {
		r.t.Fatal(err)
	}
}

func sized(frame string, width, height int) error {
	lines := strings.Split(frame, "\n")
	if len(lines) != height {
		return fmt.Errorf("%d×%d: the frame has %d lines:\n%s", width, height, len(lines), frame)
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n != width {
			return fmt.Errorf("%d×%d: line %d has %d cells: %q", width, height, i, n, ansi.Strip(l))
		}
		// A terminal without grapheme clusters must agree.
		if n := ansi.StringWidthWc(l); n != width {
			return fmt.Errorf("%d×%d: line %d has %d cells by wcwidth: %q", width, height, i, n, ansi.Strip(l))
		}
	}
	return nil
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./tui -update rewrites it):\ngot\n%s\nwant\n%s", path, ansi.Strip(got), ansi.Strip(string(want)))
	}
}
