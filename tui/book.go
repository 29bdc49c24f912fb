package tui

import (
	"slices"
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// book is what the app knows of all runs.
type book struct {
	runs []*entry // the newest launch first, its runs in the order of their plan
	byID map[string]*entry
	gpus map[int]*gpuLoad // by number
}

func newBook() *book { return &book{byID: map[string]*entry{}, gpus: map[int]*gpuLoad{}} }

// entry is one run: what lists show of it, kept up to date by events, and its
// curves where a screen wanted them.
type entry struct {
	sweep.Status
	name    string // model and seed: what its colour hangs on
	epochAt int    // the epoch being trained, from 1; 0 before the first
	steps   int    // planned; 0 not known
	speed   float64
	wait    float64 // share of a step spent waiting for data
	took    time.Duration
	pace    pace
	note    string // the last log line
	warning string
	machine map[string]float64 // the newest machine event
	load    []float64          // cores kept busy over time, for the sparkline
	curves  *curves            // nil: no screen wants them
}

func (e *entry) reason() string {
	if e.Reason == nil {
		return ""
	}
	return plain(*e.Reason)
}

// share is the part of the steps that is done, 0…1.
func (e *entry) share() float64 {
	switch {
	case e.State == run.Done:
		return 1
	case e.steps > 0:
		return min(1, float64(e.Step)/float64(e.steps))
	case e.Epochs > 0:
		return min(1, float64(e.Epoch)/float64(e.Epochs))
	}
	return 0
}

// perEpoch is the number of steps of an epoch; 0 while unknown.
func (e *entry) perEpoch() float64 {
	if e.steps == 0 || e.Epochs == 0 {
		return 0
	}
	return float64(e.steps) / float64(e.Epochs)
}

// left is how long the run still takes; ok is false while that cannot be told.
func (e *entry) left(now time.Time) (d time.Duration, ok bool) {
	if e.State.Ended() {
		return 0, true
	}
	each := e.pace.perStep()
	if each == 0 || e.steps == 0 {
		return 0, false
	}
	return max(0, time.Duration(e.steps-e.Step)*each-max(0, now.Sub(e.pace.at))), true
}

// elapsed is how long the run has worked so far.
func (e *entry) elapsed(now time.Time) time.Duration {
	switch {
	case e.Started == nil:
		return 0
	case e.Ended != nil && !e.State.Live():
		return max(0, e.Ended.Sub(*e.Started))
	case !e.State.Live():
		return 0
	}
	return max(0, now.Sub(*e.Started))
}

// quiet is the time after which a worker counts as silent. Steps of the largest
// backbone on a small machine take seconds; ten steps, but at least this.
const quiet = 10 * time.Second

// silent is how long a worker that should be talking has said nothing.
func (e *entry) silent(now time.Time) (time.Duration, bool) {
	if !e.State.Live() || e.LastEvent.IsZero() {
		return 0, false
	}
	d := now.Sub(e.LastEvent)
	if e.State == run.Preparing {
		return d, d >= 2*quiet // reading weights and planning memory says nothing
	}
	return d, d >= max(quiet, 10*e.pace.perStep())
}

// pace measures the time of a step, evaluation included.
type pace struct {
	from, at     time.Time
	first, steps int
}

// paceSpan bounds what counts: a machine that was busy an hour ago says nothing.
const paceSpan = 10 * time.Minute

func (p *pace) step(n int, at time.Time) {
	if p.from.IsZero() || n < p.steps || at.Before(p.at) {
		*p = pace{from: at, at: at, first: n, steps: n}
		return
	}
	p.at, p.steps = at, n
	if over := p.at.Sub(p.from); over > paceSpan {
		// Forget the older half.
		p.first, p.from = p.first+(p.steps-p.first)/2, p.from.Add(over/2)
	}
}

func (p *pace) perStep() time.Duration {
	if p.steps <= p.first {
		return 0
	}
	return p.at.Sub(p.from) / time.Duration(p.steps-p.first)
}

// merge takes in a list of all runs. It reports whether something changed.
func (b *book) merge(list []sweep.Status) bool {
	changed := false
	seen := make(map[string]bool, len(list))
	for _, s := range list {
		seen[s.ID] = true
		e, ok := b.byID[s.ID]
		if !ok {
			e = &entry{name: s.Model + " " + decimal(s.Seed)}
			b.byID[s.ID] = e
			b.runs = append(b.runs, e)
			changed = true
		}
		changed = e.update(s) || changed
	}
	before := len(b.runs)
	b.runs = slices.DeleteFunc(b.runs, func(e *entry) bool { return !seen[e.ID] })
	for id := range b.byID {
		if !seen[id] {
			delete(b.byID, id)
		}
	}
	b.sort(list)
	return changed || len(b.runs) != before
}

// sort puts the launch of the newest run first.
func (b *book) sort(list []sweep.Status) {
	rank, launch := make(map[string]int, len(list)), map[string]int{}
	for i, s := range list {
		rank[s.ID] = i
		launch[s.Launch] = i
	}
	slices.SortStableFunc(b.runs, func(x, y *entry) int {
		if x.Launch != y.Launch {
			return launch[y.Launch] - launch[x.Launch]
		}
		return rank[x.ID] - rank[y.ID]
	})
}

// update takes in what a supervisor says of the run, unless events have told more.
func (e *entry) update(s sweep.Status) bool {
	if e.ID != "" && s.Seq < e.Seq {
		if s.LastEvent.After(e.LastEvent) {
			e.LastEvent = s.LastEvent
		}
		return false
	}
	changed := e.ID == "" || s.Seq != e.Seq || s.State != e.State || !s.StateAt.Equal(e.StateAt)
	if s.LastEvent.Before(e.LastEvent) && s.State == e.State {
		s.LastEvent = e.LastEvent
	}
	e.Status = s
	if s.Steps != nil {
		e.steps = *s.Steps
	}
	if per := e.perEpoch(); per > 0 && e.Step > 0 {
		e.epochAt = min(e.Epochs, int(float64(e.Step-1)/per)+1)
	} else {
		e.epochAt = max(e.epochAt, e.Epoch)
	}
	if e.pace.from.IsZero() && s.State == run.Running && s.Started != nil && s.Step > 0 && !s.LastEvent.IsZero() {
		e.pace.step(0, *s.Started)
		e.pace.step(s.Step, s.LastEvent)
	}
	return changed
}

// seqs is where a watch begins: after what is known of each run.
func (b *book) seqs() map[string]int64 {
	after := make(map[string]int64, len(b.runs))
	for _, e := range b.runs {
		after[e.ID] = e.Seq
		if e.curves != nil && !e.curves.loading {
			after[e.ID] = min(e.Seq, e.curves.seq)
		}
	}
	return after
}

// launch returns the runs of one start of a sweep.
func (b *book) launch(id string) []*entry {
	var out []*entry
	for _, e := range b.runs {
		if e.Launch == id {
			out = append(out, e)
		}
	}
	return out
}

// going reports how many runs work or wait.
func (b *book) going() int {
	n := 0
	for _, e := range b.runs {
		if !e.State.Ended() {
			n++
		}
	}
	return n
}

// left guesses how long the runs still take together: what those that run need,
// and for each that waits the mean of what is measured.
func left(runs []*entry, now time.Time) (time.Duration, bool) {
	var total, longest, each time.Duration
	measured, live := 0, 0
	for _, e := range runs {
		if d := e.pace.perStep(); d > 0 {
			each += d
			measured++
		}
		if e.State.Live() {
			live++
		}
	}
	if measured == 0 || live == 0 {
		return 0, false
	}
	each /= time.Duration(measured)
	steps := 0
	for _, e := range runs {
		steps = max(steps, e.steps)
	}
	for _, e := range runs {
		d, ok := e.left(now)
		if !ok {
			d = time.Duration(max(0, max(e.steps, steps)-e.Step)) * each
		}
		total += d
		longest = max(longest, d)
	}
	return max(longest, total/time.Duration(live)), true
}

// matches reports whether all words of a filter occur in what a row shows.
func (e *entry) matches(filter string) bool {
	if filter == "" {
		return true
	}
	row := strings.ToLower(strings.Join([]string{e.Sweep, e.Model, decimal(e.Seed), string(e.State), e.ID, e.Launch}, " "))
	for _, word := range strings.Fields(strings.ToLower(filter)) {
		if !strings.Contains(row, word) {
			return false
		}
	}
	return true
}
