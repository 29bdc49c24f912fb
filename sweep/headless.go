package sweep

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Screen is what a Printer may do with its output.
type Screen struct {
	Live  bool // a terminal on which a line can be overwritten
	Color bool
	Width func() int // in cells, asked for every live line; nil: 80
}

// Images are the sizes of the splits; zero where not known.
type Images struct{ Train, Val, Test int }

// Outline is what a Printer says before the first run starts.
type Outline struct {
	Specs    []run.Spec
	Images   Images
	Parallel int
	StoreDir string
}

// livePeriod is the shortest time between two live lines.
const livePeriod = 200 * time.Millisecond

// Printer reports the progress of a sweep in plain lines: one an epoch of each
// run, one for every start, end and warning, and on a terminal a live line
// below them. Event is a sink of the supervisor. Close ends it.
type Printer struct {
	screen  Screen
	outline Outline
	stop    chan struct{}
	owned   sync.WaitGroup

	mu     sync.Mutex
	w      io.Writer
	runs   []*progress
	warned map[string]bool
	live   string // what stands on the live line
	err    error
}

// NewPrinter writes the outline and starts the live line, where there is one.
func NewPrinter(w io.Writer, screen Screen, outline Outline) *Printer {
	p := &Printer{screen: screen, outline: outline, w: w, warned: map[string]bool{}, stop: make(chan struct{})}
	for _, spec := range outline.Specs {
		p.runs = append(p.runs, &progress{spec: spec, state: run.Queued})
	}
	for _, line := range outline.lines() {
		p.print(line)
	}
	if screen.Live {
		p.owned.Go(p.refresh)
	}
	return p
}

// Close writes what is pending and removes the live line. It returns the first
// error of the writer.
func (p *Printer) Close() error {
	close(p.stop)
	p.owned.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.runs {
		p.flushEpoch(r, r.at)
	}
	p.clear()
	return p.err
}

// Note writes a line about the sweep as a whole.
func (p *Printer) Note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.print(text)
}

// refresh redraws the live line until Close.
func (p *Printer) refresh() {
	tick := time.NewTicker(livePeriod)
	defer tick.Stop()
	for {
		select {
		case <-p.stop:
			return
		case now := <-tick.C:
			p.mu.Lock()
			p.draw(now)
			p.mu.Unlock()
		}
	}
}

// Event reports an event.
func (p *Printer) Event(e run.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.runs, func(r *progress) bool { return r.spec.ID == e.Run })
	if i < 0 {
		return
	}
	r := p.runs[i]
	if e.Type == run.EventBest {
		r.fold(e)
		p.flushEpoch(r, e.Time)
		return
	}
	stopping := e.Type == run.EventState && e.State == run.Stopping // the best may be on its way still
	if e.Type != run.EventLog && e.Type != run.EventWarning && e.Type != run.EventMachine && !stopping {
		p.flushEpoch(r, e.Time)
	}
	before := r.state
	r.fold(e)
	switch e.Type {
	case run.EventState:
		if line := r.stateLine(before, e); line != "" {
			p.print(p.label(r) + p.tint(e.State, line))
		}
	case run.EventLog:
		if r.newsworthy(e) {
			p.print(p.label(r) + plain(e.Message))
		}
	case run.EventWarning:
		if !p.warned[e.Message] { // several runs see the same data
			p.warned[e.Message] = true
			p.print(p.label(r) + p.paint(yellow, "warning: ") + plain(e.Message))
		}
	}
}

// flushEpoch writes the line of an epoch that waited to hear of a new best.
func (p *Printer) flushEpoch(r *progress, now time.Time) {
	if r.waiting == nil {
		return
	}
	p.print(p.label(r) + r.epochLine(now, len(p.runs) > 1, p.sweepLeft))
	r.waiting = nil
}

func (p *Printer) sweepLeft(now time.Time) (time.Duration, bool) {
	return sweepLeft(p.runs, p.outline.Parallel, now)
}

// print writes a line that stays, above the live one.
func (p *Printer) print(line string) {
	p.clear()
	p.write(line + "\n")
}

// plain makes one harmless line of a text that a worker wrote: no escape
// sequence gets through to the terminal.
func plain(text string) string {
	text = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// clear wipes the live line with blanks: that needs no escape sequence.
func (p *Printer) clear() {
	if p.live != "" {
		p.write("\r" + strings.Repeat(" ", cells(p.live)) + "\r")
		p.live = ""
	}
}

func (p *Printer) draw(now time.Time) {
	width := 80
	if p.screen.Width != nil {
		if w := p.screen.Width(); w > 0 {
			width = w
		}
	}
	line := liveLine(p.runs, p.outline.Parallel, width-1, now) // a full line would wrap
	if line == p.live {
		return
	}
	if line == "" {
		p.clear()
		return
	}
	p.write("\r" + padRight(line, cells(p.live)))
	p.live = line
}

func (p *Printer) write(s string) {
	if _, err := io.WriteString(p.w, s); err != nil && p.err == nil {
		p.err = fmt.Errorf("write the progress: %w", err)
	}
}

// label is the run's name, padded so that the lines of all runs align.
func (p *Printer) label(r *progress) string {
	longest := 0
	for _, other := range p.runs {
		longest = max(longest, cells(runName(other.spec)))
	}
	return padRight(runName(r.spec), longest) + "  "
}

// runName is how a line of progress names a run.
func runName(s run.Spec) string { return fmt.Sprintf("%s %d", s.Model, s.Seed) }

const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (p *Printer) paint(color, s string) string {
	if !p.screen.Color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// tint colours the first word of a line about a state.
func (p *Printer) tint(state run.State, line string) string {
	color := ""
	switch state {
	case run.Done:
		color = green
	case run.Failed:
		color = red
	case run.Stopped, run.Interrupted, run.Stopping:
		color = yellow
	default:
		return line
	}
	word, rest, _ := strings.Cut(line, " ")
	if rest != "" {
		rest = " " + rest
	}
	return p.paint(color, word) + rest
}
