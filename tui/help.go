package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// help lists the key table for the screen below it.
type help struct {
	at  []place // the screen's places, its own first
	can func(command) string
	top int
}

func (h *help) take(*world, tea.Msg) []action { return nil }

func (h *help) key(_ *world, k tea.KeyPressMsg) []action {
	switch keyName(k) {
	case "up", "k":
		h.top--
	case "down", "j":
		h.top++
	case "pgup":
		h.top -= 10
	case "pgdown", "space":
		h.top += 10
	case "home", "g":
		h.top = 0
	default:
		return []action{closeDialog{}}
	}
	return nil
}

func (h *help) view(w *world, width, height int) []string {
	inner := max(10, min(width-4, 92))
	lines := h.lines(w, inner)
	room := max(1, height-2)
	h.top = max(0, min(h.top, len(lines)-room))
	note := ""
	if len(lines) > room {
		note = "↑↓ scrolls · other keys close"
	}
	seen := lines[h.top:min(len(lines), h.top+room)]
	return panel("Keys", note, seen, inner, width, height, w.th)
}

func (h *help) lines(w *world, inner int) []string {
	var lines []string
	for _, p := range append(append([]place(nil), h.at...), everywhere) {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, w.th.Title.Render(p.String()))
		for _, b := range bindings() {
			if b.at != p {
				continue
			}
			names := make([]string, len(b.keys))
			for i, k := range b.keys {
				names[i] = shown(k)
			}
			key := fit(strings.Join(names, " "), 15)
			why := h.can(b.do)
			if why == "" {
				lines = append(lines, "  "+w.th.Key.Render(key)+" "+b.help)
				continue
			}
			lines = append(lines, w.th.Faint.Render(fit("  "+key+" "+b.help+" – "+why, inner)))
		}
	}
	return lines
}

// messages lists what was said in this session, the newest first.
type messages struct {
	all []notice
	top int
}

func (m *messages) take(*world, tea.Msg) []action { return nil }

func (m *messages) key(_ *world, k tea.KeyPressMsg) []action {
	switch keyName(k) {
	case "up", "k":
		m.top--
	case "down", "j":
		m.top++
	case "pgup":
		m.top -= 10
	case "pgdown", "space":
		m.top += 10
	default:
		return []action{closeDialog{}}
	}
	return nil
}

func (m *messages) view(w *world, width, height int) []string {
	inner := max(10, min(width-6, 100))
	var lines []string
	for i := len(m.all) - 1; i >= 0; i-- {
		n := m.all[i]
		for k, l := range wrap(n.text, max(1, inner-10)) {
			at := strings.Repeat(" ", 8)
			if k == 0 {
				at = n.at.Format("15:04:05")
			}
			style := w.th.Text
			if n.bad {
				style = w.th.Failed
			}
			lines = append(lines, w.th.Faint.Render(at)+"  "+style.Render(l))
		}
	}
	if len(lines) == 0 {
		lines = []string{w.th.Faint.Render("nothing was said yet")}
	}
	room := max(1, height-2)
	m.top = max(0, min(m.top, len(lines)-room))
	return panel("Messages", "", lines[m.top:min(len(lines), m.top+room)], inner, width, height, w.th)
}
