package tui

import (
	"fmt"
	"math"
	"strings"
	"time"
)

func nan() float64 { return math.NaN() }

// logView is the end of a run's log.
type logView struct {
	lines  []string
	top    int
	tail   bool // the end is in sight and stays so
	room   int
	asked  bool
	loaded bool
	at     int64 // the run's last event when it was asked for
	err    string
}

func (l *logView) set(lines []string) {
	l.lines, l.loaded, l.err = lines, true, ""
}

func (l *logView) scroll(by int) {
	last := max(0, len(l.lines)-l.room)
	if l.tail {
		l.top = last
	}
	l.top = max(0, min(l.top+by, last))
	l.tail = l.top == last
}

func (l *logView) view(w *world, e *entry, width, height int) []string {
	l.room = max(1, height-2)
	if l.tail {
		l.top = len(l.lines) - l.room
	}
	l.top = max(0, min(l.top, len(l.lines)-l.room))
	var seen []string
	for _, line := range l.lines[l.top:min(len(l.lines), l.top+l.room)] {
		seen = append(seen, " "+plain(line))
	}
	switch {
	case l.err != "":
		seen = []string{"", "  " + w.th.Failed.Render(l.err)}
	case !l.loaded:
		seen = []string{"", "  " + w.th.Faint.Render("loading …")}
	case len(l.lines) == 0:
		seen = []string{"", "  " + w.th.Faint.Render("the log is empty")}
	}
	note := "follows"
	if !l.tail {
		note = fmt.Sprintf("%d/%d · end follows", l.top+1, len(l.lines))
	}
	return box("log", note, seen, width, height, w.th.Border, w.th)
}

// config shows where the run comes from and its resolved config.
func (s *runScreen) config(w *world, e *entry, width, height int) []string {
	fact := func(name, value string) string {
		if value == "" {
			value = none
		}
		return " " + w.th.Faint.Render(fit(name, 10)) + plain(value)
	}
	stamp := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.In(w.now.Location()).Format("2006-01-02 15:04:05")
	}
	engine := ""
	if e.Engine != nil {
		engine = *e.Engine
	}
	lines := []string{
		fact("run", e.ID), fact("launch", e.Launch), fact("state", because(string(e.State), e.reason())),
		fact("started", stamp(e.Started)), fact("ended", stamp(e.Ended)),
		fact("engine", engine), fact("head", e.Head), fact("log", e.LogPath),
	}
	if e.warning != "" {
		lines = append(lines, fact("warning", e.warning))
	}
	lines = append(lines, "")
	for line := range strings.SplitSeq(strings.TrimRight(e.Config, "\n"), "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		line = strings.Repeat(" ", indent) + plain(strings.TrimLeft(line, " "))
		for _, part := range wrapIndented(line, indent, max(10, width-4)) {
			lines = append(lines, " "+part)
		}
	}
	room := max(1, height-2)
	s.page = room
	s.top = max(0, min(s.top, len(lines)-room))
	note := ""
	if len(lines) > room {
		note = fmt.Sprintf("%d–%d of %d", s.top+1, min(len(lines), s.top+room), len(lines))
	}
	return box("config", note, lines[s.top:min(len(lines), s.top+room)], width, height, w.th.Border, w.th)
}

// wrapIndented breaks a long line of YAML; what follows is indented further.
func wrapIndented(line string, indent, width int) []string {
	parts := wrap(line, width)
	if len(parts) < 2 {
		return parts
	}
	out := parts[:1]
	rest := strings.TrimLeft(strings.TrimPrefix(line, parts[0]), " ")
	for _, p := range wrap(rest, max(1, width-indent-4)) {
		out = append(out, strings.Repeat(" ", indent+4)+p)
	}
	return out
}
