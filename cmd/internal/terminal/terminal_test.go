package terminal

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// shell runs a script in a terminal of 20×5.
func shell(t *testing.T, script string) (*Terminal, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	term, err := Start(exec.Command("sh", "-c", script), 20, 5)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := term.Close(); err != nil {
			t.Error(err)
		}
	})
	return term, ctx
}

func has(words string) func(string) bool {
	return func(screen string) bool { return strings.Contains(screen, words) }
}

func TestScreen(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"text":         {`printf 'one\ntwo'`, "one\ntwo"},
		"wide":         {`printf '한국어|\033[1;1Hab'`, "ab국어|"},
		"repeat":       {`printf 'x\033[4b|'`, "xxxxx|"},
		"erase":        {`printf 'abcdef\033[3D\033[2Xy'`, "abcy f"},
		"erase line":   {`printf 'abcdef\033[3D\033[K'`, "abc"},
		"insert":       {`printf 'abc\033[2D\033[2@'`, "a  bc"},
		"delete":       {`printf 'abcd\033[3D\033[2P'`, "ad"},
		"insert lines": {`printf 'a\nb\033[1;1H\033[Lx'`, "x\na\nb"},
		"scroll":       {`printf 'a\nb\nc\033[1;2r\033[S\033[r'`, "b\n\nc"},
		"columns":      {`printf 'a\033[5Gb\033[3dc'`, "a   b\n\n     c"},
		"backwards":    {`printf 'a\nb\033M\bc'`, "c\nb"},
		"alternate":    {`printf 'main\033[?1049halt'`, "alt"},
		"and back":     {`printf 'main\033[?1049halt\033[?1049l'`, "main"},
		"size":         {`stty size`, "5 20"},
	} {
		t.Run(name, func(t *testing.T) {
			term, ctx := shell(t, c.script)
			if code, err := term.Wait(ctx); code != 0 || err != nil {
				t.Fatal(code, err)
			}
			lines := strings.Split(term.Screen(), "\n")
			for i := range lines {
				lines[i] = strings.TrimRight(lines[i], " ")
			}
			if got := strings.TrimRight(strings.Join(lines, "\n"), "\n"); got != c.want {
				t.Errorf("the screen is %q, want %q", got, c.want)
			}
		})
	}
}

func TestTypeAndResize(t *testing.T) {
	term, ctx := shell(t, `trap 'stty size' WINCH; while :; do read line && echo "got $line"; done`)
	if err := term.Type("hello\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := term.Await(ctx, has("got hello")); err != nil {
		t.Fatal(err)
	}
	if err := term.Resize(40, 7); err != nil {
		t.Fatal(err)
	}
	// The shell minds the signal when read returns.
	if err := term.Type("again\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := term.Await(ctx, has("7 40")); err != nil {
		t.Fatal(err)
	}
	if _, err := term.Await(ctx, has("got again")); err != nil {
		t.Fatal(err)
	}
}

func TestAnswers(t *testing.T) {
	term, ctx := shell(t, `stty raw -echo; printf '\033[6n'; head -c 6 | od -c | head -n 1`)
	if _, err := term.Await(ctx, has("033")); err != nil {
		t.Fatal(err)
	}
}

func TestChanged(t *testing.T) {
	for script, want := range map[string][]string{
		`true`: nil,
		`stty -echo; printf '\033[?1049h\033[?25l\033[?2004h\033[>1u\033]9;4;1;50\007'`: {
			"a keyboard mode is left", "mode 1049 is true", "mode 2004 is true", "mode 25 is false",
			"progress 1;50 is shown", "the alternate screen is shown", "the line discipline is another",
		},
		`stty -echo; printf '\033[?1049h\033[?25l\033[>1u\033]9;4;1;50\007\033]9;4;0\007\033[<u\033[?25h\033[?1049l'; stty echo`: nil,
	} {
		term, ctx := shell(t, script)
		if _, err := term.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		if got := term.Changed(); !slices.Equal(got, want) {
			t.Errorf("after %s: %q, want %q", script, got, want)
		}
	}
}

func TestHangUp(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	term, ctx := shell(t, `trap 'echo hung up > '"'`+file+`'"'; exit 3' HUP; echo ready; while :; do sleep 0.01; done`)
	if _, err := term.Await(ctx, has("ready")); err != nil {
		t.Fatal(err)
	}
	if err := term.HangUp(); err != nil {
		t.Fatal(err)
	}
	if code, err := term.Wait(ctx); code != 3 || err != nil {
		t.Error(code, err)
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "hung up\n" {
		t.Errorf("%q, %v", b, err)
	}
}

// A program that has ended shows nothing more.
func TestAwaitAfterTheEnd(t *testing.T) {
	term, ctx := shell(t, `echo last words`)
	if _, err := term.Await(ctx, has("more")); err == nil || !strings.Contains(err.Error(), "last words") {
		t.Error(err)
	}
}
