package tui

import (
	"math"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/tui/chart"
)

// halfLife of the smoothed curves, in points.
const halfLife = 20

// curves are all values of a run. The x of every series counts epochs: step s of
// a run with p steps an epoch lies at s/p, the result of epoch e at e.
type curves struct {
	loading bool // an answer is awaited
	ready   bool // there has been one
	gap     bool // events are missing: ask again
	bare    bool // a result came without its counts: ask again when they are wanted
	asked   int  // no request before this tick has passed
	seq     int64
	pending []run.Event // what came while loading
	used    int         // when a screen last wanted them, for letting go

	loss, lr, speed chart.Series
	tasks           []chart.Series // loss of each task
	valLoss, macro  chart.Series
	f1              []chart.Series // validation macro-F1 of each task
	evals           []run.Event    // validation and test results, in order
}

// fill builds the curves from what is recorded.
func (c *curves) fill(e *entry, h sweep.History, smooth bool) {
	fresh := curves{ready: true, seq: h.Seq, pending: c.pending, used: c.used, asked: c.asked}
	fresh.shape(e, smooth)
	per := e.perEpoch()
	if per == 0 && len(h.Step) > 0 {
		per = stepsPerEpoch(h)
	}
	n := len(h.Step)
	x := make([]float64, n)
	for i, s := range h.Step {
		x[i] = float64(s) / per
	}
	fresh.loss.Append(x, h.Loss)
	fresh.lr.Append(x, h.LR)
	y := make([]float64, n)
	for i, v := range h.Speed {
		y[i] = float64(v)
	}
	fresh.speed.Append(x, y)
	for t := range min(len(fresh.tasks), len(h.Tasks)) {
		fresh.tasks[t].Append(x, h.Tasks[t])
	}
	for _, ev := range h.Epochs {
		fresh.eval(e, ev)
	}
	if n > 0 && len(h.Speed) == n && e.speed == 0 {
		e.speed = float64(h.Speed[n-1])
		if len(h.Wait) == n {
			e.wait = float64(h.Wait[n-1])
		}
	}
	pending := fresh.pending
	fresh.pending = nil
	*c = fresh
	for _, ev := range pending {
		c.add(e, ev)
	}
}

// stepsPerEpoch measures what a record does not tell.
func stepsPerEpoch(h sweep.History) float64 {
	n := 0
	for i, epoch := range h.Epoch {
		if epoch == h.Epoch[0] {
			n = i + 1
		}
	}
	return float64(max(n, 1))
}

func (c *curves) shape(e *entry, smooth bool) {
	c.tasks = make([]chart.Series, len(e.Tasks))
	c.f1 = make([]chart.Series, len(e.Tasks))
	c.smoothing(smooth)
}

// smoothing sets what costs memory and time only while it is wanted.
func (c *curves) smoothing(on bool) {
	life := 0.0
	if on {
		life = halfLife
	}
	c.loss.SetSmoothing(life)
	c.speed.SetSmoothing(halfLife) // the raw one is noise alone
	for i := range c.tasks {
		c.tasks[i].SetSmoothing(life)
	}
}

// add takes in the next event. Numbers that are missing make the curves stale.
func (c *curves) add(e *entry, ev run.Event) {
	switch {
	case ev.Seq <= c.seq:
		return
	case ev.Seq > c.seq+1:
		c.gap = true
	}
	c.seq = ev.Seq
	switch ev.Type {
	case run.EventStep:
		per := e.perEpoch()
		if per == 0 {
			c.gap = true
			return
		}
		x := float64(ev.Step) / per
		v, _ := ev.Values.Get("loss")
		c.loss.Add(x, v)
		c.lr.Add(x, ev.LR)
		c.speed.Add(x, ev.ImagesPerS)
		for t, task := range e.Tasks {
			if t < len(c.tasks) {
				v, _ := ev.Values.Get("loss_" + task.Name)
				c.tasks[t].Add(x, v)
			}
		}
	case run.EventEpoch:
		c.eval(e, ev)
		c.bare = c.bare || ev.Counts == nil
	}
}

// eval takes in a validation or test result.
func (c *curves) eval(e *entry, ev run.Event) {
	for len(c.evals) > 0 && ev.Split == run.Val {
		// A resumed run repeats epochs: the new results replace the old.
		if last := c.evals[len(c.evals)-1]; last.Epoch < ev.Epoch && last.Split == run.Val {
			break
		}
		c.evals = c.evals[:len(c.evals)-1]
	}
	c.evals = append(c.evals, ev)
	if ev.Split != run.Val {
		return
	}
	at := func(key string) float64 {
		if v, ok := ev.Values.Get(key); ok {
			return v
		}
		return math.NaN()
	}
	x := float64(ev.Epoch)
	c.valLoss.Add(x, at("loss"))
	c.macro.Add(x, at("macro_f1"))
	for t, task := range e.Tasks {
		if t < len(c.f1) {
			c.f1[t].Add(x, at("f1_"+task.Name))
		}
	}
}

// bestEval is the index of the result that counts: the test one, else the
// validation of the best epoch, else the last; -1 when there is none.
func (c *curves) bestEval(e *entry) int {
	best := len(c.evals) - 1
	for i, ev := range c.evals {
		if ev.Split == run.Test {
			return i
		}
		if e.Best != nil && ev.Epoch == e.Best.Epoch {
			best = i
		}
	}
	return best
}
