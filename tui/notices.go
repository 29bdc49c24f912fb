package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/tui/theme"
)

// notice is a sentence for the user.
type notice struct {
	at   time.Time
	text string
	bad  bool
}

// notices keeps every sentence of the session; the newest is on the status line
// until it is answered by a key, or for a while when it is no error.
type notices struct {
	all    []notice
	unread int // errors that no key has been pressed since
	shown  bool
}

// mostNotices bounds the memory of a session that lasts for weeks.
const mostNotices = 500

func (n *notices) add(at time.Time, text string, bad bool) {
	if last := len(n.all) - 1; last >= 0 && n.shown && n.all[last].text == text {
		n.all[last].at = at
		return
	}
	n.all = append(n.all, notice{at, text, bad})
	n.all = n.all[max(0, len(n.all)-mostNotices):]
	n.shown = true
	if bad {
		n.unread++
	}
}

// pressed takes the newest sentence off the status line.
func (n *notices) pressed() { n.shown, n.unread = false, 0 }

// staleAfter is how long a sentence that is no error stays.
const staleAfter = 8 * time.Second

// line is the status line; empty when there is nothing to say. A sentence that
// does not fit says where it can be read.
func (n *notices) line(now time.Time, width int, th *theme.Theme) string {
	if !n.shown || len(n.all) == 0 {
		return ""
	}
	last := n.all[len(n.all)-1]
	if !last.bad && n.unread == 0 && now.Sub(last.at) > staleAfter {
		return ""
	}
	text, style := last.text, th.Accent
	if last.bad {
		text, style = "✗ "+text, th.Failed
	}
	more := ""
	if n.unread > 1 {
		more = fmt.Sprintf(" (%d more: !)", n.unread-1)
	} else if cells(text)+1 > width {
		more = " (all of it: !)"
	}
	text = strings.TrimRight(fit(text, max(1, width-1-cells(more))), " ")
	return " " + style.Render(text) + th.Faint.Render(more)
}
