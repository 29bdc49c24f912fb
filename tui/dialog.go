package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/tui/theme"
)

// dialog is drawn over a screen and has all keys while it is open.
type dialog interface {
	key(w *world, k tea.KeyPressMsg) []action
	take(w *world, m tea.Msg) []action // answers to what it asked for, pasted text
	view(w *world, width, height int) []string
}

// question offers answers; each is a key and the action it stands for.
type question struct {
	title   string
	lines   []string
	answers []answer
	at      int // the answer that enter takes
}

type answer struct {
	keys []string
	text string
	acts []action
}

func (q *question) take(*world, tea.Msg) []action { return nil }

func (q *question) key(_ *world, k tea.KeyPressMsg) []action {
	name := keyName(k)
	switch name {
	case "up", "k", "shift+tab":
		q.at = max(0, q.at-1)
		return nil
	case "down", "j", "tab":
		q.at = min(len(q.answers)-1, q.at+1)
		return nil
	case "enter":
		return append([]action{closeDialog{}}, q.answers[q.at].acts...)
	}
	for _, a := range q.answers {
		for _, key := range a.keys {
			if key == name {
				return append([]action{closeDialog{}}, a.acts...)
			}
		}
	}
	if name == "esc" || name == "ctrl+c" {
		return []action{closeDialog{}}
	}
	return nil
}

func (q *question) view(w *world, width, height int) []string {
	inner := 30
	for _, l := range q.lines {
		inner = max(inner, min(cells(l), 64))
	}
	for _, a := range q.answers {
		inner = max(inner, cells(a.text)+8)
	}
	inner = max(1, min(inner, width-6))
	var lines []string
	for _, l := range q.lines {
		lines = append(lines, wrap(l, inner)...)
	}
	lines = append(lines, "")
	for i, a := range q.answers {
		line := fit(" "+w.th.Key.Render(fit(a.keys[0], 4))+" "+a.text, inner)
		if i == q.at {
			line = selected(fit(" "+fit(a.keys[0], 4)+" "+a.text, inner), w.th)
		}
		lines = append(lines, line)
	}
	return panel(q.title, "", lines, inner, width, height, w.th)
}

// panel frames the lines of a dialog, with a blank at each side.
func panel(title, note string, lines []string, inner, width, height int, th *theme.Theme) []string {
	framed := make([]string, len(lines))
	for i, l := range lines {
		framed[i] = " " + fit(l, inner) + " "
	}
	return box(title, note, framed, min(inner+4, width), min(len(lines)+2, height), th.Focus, th)
}

// selected draws the row under the cursor. Styles inside would end the
// background, so it is plain text.
func selected(line string, th *theme.Theme) string { return th.Selection.Render(line) }

// leaving asks what to do with runs that go on.
func leaving(going int) *question {
	them := "They go on"
	what := count(going, "run") + " are not finished."
	if going == 1 {
		them, what = "It goes on", "1 run is not finished."
	}
	return &question{
		title: "Leave",
		lines: []string{what},
		answers: []answer{
			{[]string{"d", "q", "ctrl+c"}, strings.ToLower(them[:1]) + them[1:] + "; sweep attach comes back (detach)", []action{leave{}}},
			{[]string{"s"}, "stop all; they save, and can be resumed", []action{stopAndLeave{}}},
			{[]string{"c"}, "stay", nil},
		},
	}
}
