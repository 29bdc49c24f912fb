package sweep

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

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
	if e.Type != run.EventLog && e.Type != run.EventWarning && e.Type != run.EventMachine {
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
		p.print(p.label(r) + e.Message)
	case run.EventWarning:
		if !p.warned[e.Message] { // several runs see the same data
			p.warned[e.Message] = true
			p.print(p.label(r) + p.paint(yellow, "warning: ") + e.Message)
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
	line := fit(liveLine(p.runs, p.outline.Parallel, now), width-1) // a full line would wrap
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

func (o Outline) lines() []string {
	if len(o.Specs) == 0 {
		return nil
	}
	first := o.Specs[0]
	var models, seeds []string
	for _, s := range o.Specs {
		if !slices.Contains(models, s.Model) {
			models = append(models, s.Model)
		}
		if seed := fmt.Sprint(s.Seed); !slices.Contains(seeds, seed) {
			seeds = append(seeds, seed)
		}
	}
	runs := count(len(o.Specs), "run")
	if len(o.Specs) > 1 && o.Parallel > 1 {
		runs += fmt.Sprintf(", %d at a time", o.Parallel)
	}
	images := ""
	if o.Images != (Images{}) {
		images = fmt.Sprintf(" of %s images", thousands(o.Images.Train))
	}
	what := fmt.Sprintf("  %s%s at %d px, batch %d", count(first.Epochs, "epoch"), images, first.Data.ImageSize, first.BatchSize)
	if o.Images != (Images{}) {
		what += fmt.Sprintf("; %s for validation, %s for test", thousands(o.Images.Val), thousands(o.Images.Test))
	}
	return []string{
		fmt.Sprintf("sweep %s: %s", first.Sweep, runs),
		fmt.Sprintf("  %s; seed %s", strings.Join(models, ", "), strings.Join(seeds, ", ")),
		what,
		"  store: " + o.StoreDir,
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// epochLine is the line of the epoch in waiting.
func (p *progress) epochLine(now time.Time, several bool, sweepLeft func(time.Time) (time.Duration, bool)) string {
	e := p.waiting
	width := len(fmt.Sprint(p.spec.Epochs))
	parts := []string{fmt.Sprintf("epoch %*d/%d", width, e.Epoch, p.spec.Epochs), "loss " + decimals4(p.loss)}
	if v, ok := e.Values.Get("loss"); ok {
		parts = append(parts, "val loss "+decimals4(v))
	}
	if v, ok := e.Values.Get(p.spec.BestMetric); ok && p.spec.BestMetric != "loss" {
		parts = append(parts, "val "+MetricName(p.spec.BestMetric)+" "+decimals4(v))
	}
	if p.best != nil {
		parts = append(parts, fmt.Sprintf("best %s @%d", decimals4(p.best.Value), p.best.Epoch))
	}
	if s := perSecond(p.speed); s != "" {
		parts = append(parts, s)
	}
	if left, ok := p.left(now); ok && e.Epoch < p.spec.Epochs {
		parts = append(parts, "ends in "+duration(left))
	}
	if left, ok := sweepLeft(now); ok && several {
		parts = append(parts, "sweep in ≈ "+duration(left))
	}
	return strings.Join(parts, "  ")
}

func perSecond(images float64) string {
	switch {
	case !(images > 0) || math.IsInf(images, 0):
		return ""
	case images < 100:
		return fmt.Sprintf("%.1f img/s", images)
	}
	return thousands(int(math.Round(images))) + " img/s"
}

// stateLine says that the run moved from one state to another; empty when there is nothing to say.
func (p *progress) stateLine(before run.State, e run.Event) string {
	id := p.spec.ID
	switch e.State {
	case run.Preparing:
		return "preparing"
	case run.Running:
		if before == run.Running {
			return ""
		}
		line := "running"
		if e.Step > 0 {
			line += fmt.Sprintf(" again from step %s, in epoch %d", thousands(e.Step), min(e.Epoch+1, p.spec.Epochs))
		}
		if e.Steps > 0 {
			line += ": " + count(e.Steps, "step")
		}
		if e.Provenance != nil && e.Provenance.Engine != "" {
			line += " on the " + e.Provenance.Engine + " engine"
			if e.Provenance.Device != "" {
				line += " (" + e.Provenance.Device + ")"
			}
		}
		return line
	case run.Stopping:
		return "stopping: the step is finished and the state saved"
	case run.Done:
		return p.doneLine() + "; weights: sweep weights export " + id + " -o " + p.spec.Model + ".safetensors"
	case run.Failed, run.Stopped, run.Interrupted:
		line := string(e.State)
		if e.Reason != "" {
			line += ": " + e.Reason
		}
		return line
	}
	return ""
}

func (p *progress) doneLine() string {
	line := "done"
	if !p.began.IsZero() {
		line += " in " + duration(p.ended.Sub(p.began))
	}
	if p.best != nil {
		line += fmt.Sprintf(": best val %s %s @%d", MetricName(p.best.Metric), decimals4(p.best.Value), p.best.Epoch)
		if v, ok := p.test.Get(p.best.Metric); ok {
			line += fmt.Sprintf(", test %s", decimals4(v))
		}
	}
	return line
}

// liveLine is one line about the runs that go on now; empty when none does.
func liveLine(runs []*progress, parallel int, now time.Time) string {
	var live []*progress
	ended := 0
	for _, r := range runs {
		if r.state.Live() {
			live = append(live, r)
		}
		if r.state.Ended() {
			ended++
		}
	}
	if len(live) == 0 {
		return ""
	}
	var parts []string
	if len(live) == 1 {
		parts = append(parts, live[0].liveText(now))
	} else {
		for _, r := range live {
			parts = append(parts, fmt.Sprintf("%s %.0f %%", runName(r.spec), math.Floor(100*r.share())))
		}
	}
	if len(runs) > 1 {
		sweep := fmt.Sprintf("%d/%d done", ended, len(runs))
		if left, ok := sweepLeft(runs, parallel, now); ok {
			sweep += ", sweep in ≈ " + duration(left)
		}
		parts = append(parts, sweep)
	}
	return strings.Join(parts, " · ")
}

func (p *progress) liveText(now time.Time) string {
	if p.began.IsZero() {
		text := runName(p.spec) + "  " + string(p.state)
		if p.note != "" {
			text += ": " + p.note
		}
		return text
	}
	parts := []string{
		runName(p.spec),
		fmt.Sprintf("%.0f %%", math.Floor(100*p.share())),
		fmt.Sprintf("epoch %d/%d", min(max(p.epoch, 1), p.spec.Epochs), p.spec.Epochs),
	}
	if p.step > p.from {
		parts = append(parts, "loss "+decimals4(p.lossOnly))
	}
	if s := perSecond(p.speed); s != "" {
		parts = append(parts, s)
	}
	if left, ok := p.left(now); ok {
		parts = append(parts, "ends in "+duration(left))
	}
	return strings.Join(parts, "  ")
}
