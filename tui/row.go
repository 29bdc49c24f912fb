package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/chart"
	"github.com/backbone-sweep/sweep/tui/theme"
)

// columns are the widths of the list's columns; 0 leaves one out.
type columns struct {
	width, model, seed, bar, epoch, best, memory, speed, left int
	words                                                     bool // room for units and names
}

// columnsFor fits the columns to the width, giving up what matters least first.
func columnsFor(width int, list []*entry) columns {
	c := columns{width: width, model: 6, seed: 2, epoch: 5, best: 10, left: 6}
	for _, e := range list {
		c.model = max(c.model, min(cells(plain(e.Model)), 24))
		c.seed = max(c.seed, min(len(decimal(e.Seed)), 10))
		c.epoch = max(c.epoch, 1+2*len(fmt.Sprint(e.Epochs)))
		if e.Epochs > 99 {
			c.best = max(c.best, 11)
		}
	}
	c.speed = 9
	if width >= 104 {
		c.words = true
		if slices.ContainsFunc(list, func(e *entry) bool { return gpuMemoryText(e) != "" }) {
			c.memory = 8
		}
		c.best += len("macro-F1 ")
		c.speed = 12
	}
	// A blank between the columns, three marks with theirs in front.
	fixed := func() int {
		n := 7 + c.model
		for _, w := range []int{c.seed, c.epoch, c.best, c.memory, c.speed, c.left} {
			if w > 0 {
				n += w + 2
			}
		}
		return n
	}
	for _, give := range []*int{&c.memory, &c.speed, &c.seed, &c.left, &c.best, &c.epoch} {
		if fixed() <= width {
			break
		}
		*give = 0
	}
	c.bar = min(40, width-fixed()-2)
	if c.bar < 4 {
		c.bar = 0
	}
	return c
}

// rowLook is how a row stands out.
type rowLook struct {
	style  theme.RunStyle
	drawn  bool // it is in the charts, in this style
	cursor bool
}

// runRow renders a run as a line of the list.
func runRow(w *world, e *entry, c columns, look rowLook) string {
	th := w.th
	mark := th.State(e.State)
	silent, quiet := e.silent(w.now)
	if quiet {
		mark.Style = th.Warning
	}
	var b strings.Builder
	pointer := " "
	if look.cursor {
		pointer = th.Accent.Render("▸")
	}
	b.WriteString(pointer + " " + mark.Style.Render(mark.Glyph) + " " + swatch(w, e, look) + " ")
	model := fit(plain(e.Model), c.model)
	if look.cursor {
		model = th.Title.Render(model)
	}
	b.WriteString(model)
	if c.seed > 0 {
		b.WriteString("  " + th.Faint.Render(fitRight(decimal(e.Seed), c.seed)))
	}
	if c.bar > 0 {
		bar := strings.Repeat(" ", c.bar)
		if e.State != run.Queued || e.Step > 0 {
			bar = chart.ProgressBar(e.share(), c.bar, th)
		}
		b.WriteString("  " + bar)
	}
	if c.epoch > 0 {
		b.WriteString("  " + fitRight(epochText(e), c.epoch))
	}
	used := cells(b.String())
	rest := c.width - used - 2
	if rest <= 0 {
		return fit(b.String(), c.width)
	}
	if x, ok := w.view.Cross(); ok && look.drawn {
		b.WriteString("  " + valuesAt(w, e, x))
		return fit(b.String(), c.width)
	}
	b.WriteString("  " + rowEnd(w, e, c, rest, silent, quiet))
	return fit(b.String(), c.width)
}

// rowEnd is what follows the progress: numbers while all is well, else why not.
func rowEnd(w *world, e *entry, c columns, rest int, silent time.Duration, quiet bool) string {
	th := w.th
	best := ""
	if c.best > 0 {
		best = fit(bestText(e, c.words), c.best)
	}
	tail := func(text string) string {
		if strings.TrimSpace(best) == "" {
			return text
		}
		return best + "  " + text
	}
	switch {
	case quiet && e.State == run.Preparing:
		return th.Warning.Render("preparing, silent for " + duration(silent.Truncate(time.Second)))
	case quiet:
		return tail(th.Warning.Render("silent for " + duration(silent.Truncate(time.Second))))
	case e.State == run.Queued:
		return th.Queued.Render(because("queued", e.reason()))
	case e.State == run.Preparing:
		return th.Running.Render(because("preparing", e.note))
	case e.State == run.Stopping:
		return tail(th.Stopped.Render("stopping: saves its state"))
	case e.State == run.Failed:
		return th.Failed.Render("failed") + th.Text.Render(strings.TrimPrefix(because("failed", e.reason()), "failed"))
	case e.State == run.Stopped, e.State == run.Interrupted:
		return tail(th.Stopped.Render(because(string(e.State), e.reason())))
	case e.State == run.Done:
		return tail(th.Faint.Render(pushed(duration(e.elapsed(w.now)), rest-c.best-2, c)))
	}
	rate := speed(e.speed)
	if rate != "" {
		rate += " img/s"
		if !c.words {
			rate = speed(e.speed) + "/s"
		}
	}
	end := ""
	if d, ok := e.left(w.now); ok {
		end = duration(d)
	}
	text := ""
	if c.memory > 0 {
		text = fitRight(gpuMemoryText(e), c.memory) + "  "
	}
	if c.speed > 0 {
		text += fitRight(rate, c.speed) + "  "
	}
	if c.left > 0 {
		text += fitRight(end, c.left)
	}
	if best == "" {
		return text
	}
	return best + "  " + text
}

// valuesAt is what the curves of a run say at the crosshair.
func valuesAt(w *world, e *entry, x float64) string {
	if e.curves == nil {
		return ""
	}
	at := func(s *chart.Series, near float64, smooth bool) float64 {
		in := s.Extent()
		if in.Empty() || x < in.Lo-near || x > in.Hi+near {
			return nan()
		}
		i := s.Nearest(x)
		if smooth {
			return s.Smoothed(i)
		}
		_, v := s.At(i)
		return v
	}
	return fmt.Sprintf("loss %-7s F1 %s", number(at(&e.curves.loss, 0.02, w.smooth)), decimals4(at(&e.curves.macro, 0.5, false)))
}

// pushed puts the time of a run that is done into the column of the time left.
func pushed(text string, rest int, c columns) string {
	n := c.left
	for _, w := range []int{c.memory, c.speed} {
		if w > 0 {
			n += w + 2
		}
	}
	return fitRight(text, min(n, max(rest, cells(text))))
}

// because adds a reason to a word.
func because(word, reason string) string {
	if reason == "" {
		return word
	}
	return word + ": " + reason
}

// swatch is the run's colour, or its letter where there are no colours; a blank
// when the run is not in the charts.
func swatch(w *world, e *entry, look rowLook) string {
	switch {
	case w.hidden[e.ID]:
		return w.th.Faint.Render("·")
	case !look.drawn:
		return " "
	case w.th.NoColor:
		return string(look.style.Marker)
	case w.pinned[e.ID]:
		return look.style.Line.Render("◆")
	}
	return look.style.Line.Render("━")
}

func epochText(e *entry) string {
	if e.Epochs == 0 {
		return ""
	}
	at := e.epochAt
	if e.State == run.Done {
		at = e.Epochs
	}
	if at == 0 && e.State == run.Queued {
		return ""
	}
	return fmt.Sprintf("%d/%d", at, e.Epochs)
}

// bestText is the best value of the selection metric and its epoch.
func bestText(e *entry, words bool) string {
	if e.Best == nil || e.Best.Value == nil {
		return ""
	}
	text := fmt.Sprintf("%s @%d", decimals4(*e.Best.Value), e.Best.Epoch)
	if words {
		return sweep.MetricName(e.Best.Metric) + " " + text
	}
	return text
}

// when writes a time of today as a clock, another with its day.
func when(t, now time.Time) string {
	t = t.In(now.Location())
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("2 Jan 15:04")
}
