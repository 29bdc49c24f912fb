package tui

import (
	"strconv"
	"time"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// fold takes in a batch of events. It reports whether runs occurred of which
// nothing is known: their launch was started elsewhere.
func (b *book) fold(events []run.Event) (unknown bool) {
	for i := range events {
		e, ok := b.byID[events[i].Run]
		if !ok {
			unknown = true
			continue
		}
		fresh := events[i].Seq > e.Seq
		e.fold(&events[i])
		if fresh && events[i].Type == run.EventMachine {
			b.foldGPU(e, &events[i])
		}
	}
	return unknown
}

// fold takes in one event.
func (e *entry) fold(ev *run.Event) {
	if ev.Seq > e.Seq {
		e.Seq = ev.Seq
		if ev.Type != run.EventMachine && ev.Time.After(e.LastEvent) {
			e.LastEvent = ev.Time
		}
		switch ev.Type {
		case run.EventState:
			e.foldState(ev)
		case run.EventStep:
			e.foldStep(ev)
		case run.EventEpoch:
			if ev.Split == run.Val {
				e.Epoch = ev.Epoch
			}
		case run.EventBest:
			v := ev.Value
			e.Best = &sweep.ListingBest{Epoch: ev.Epoch, Metric: ev.Metric, Value: &v}
		case run.EventLog:
			e.note = plain(ev.Message)
		case run.EventWarning:
			e.warning = plain(ev.Message)
		case run.EventMachine:
			e.foldMachine(ev)
		}
	}
	switch {
	case e.curves == nil:
	case e.curves.loading:
		e.curves.pending = append(e.curves.pending, *ev)
	default:
		e.curves.add(e, *ev)
	}
}

func (e *entry) foldState(ev *run.Event) {
	before := e.State
	e.State, e.StateAt = ev.State, ev.Time
	reason := ev.Reason
	e.Reason = &reason
	if ev.Steps > 0 {
		e.steps = ev.Steps
	}
	at := ev.Time
	switch {
	case ev.State == run.Running:
		if e.Started == nil || !before.Live() {
			e.Started = &at
		}
		e.Ended = nil
		e.Step, e.note = ev.Step, ""
		if per := e.perEpoch(); per > 0 {
			e.Epoch = int(float64(ev.Step) / per)
		}
		e.pace = pace{}
		e.pace.step(ev.Step, ev.Time)
	case ev.State == run.Preparing && !before.Live():
		e.Started, e.Ended = &at, nil
	case ev.State.Ended():
		e.Ended = &at
		e.machine = nil
	}
	if p := ev.Provenance; p != nil && p.Engine != "" {
		engine := p.Engine
		e.Engine = &engine
	}
}

func (e *entry) foldStep(ev *run.Event) {
	if n := ev.Step - e.pace.steps; n > 0 && !e.pace.at.IsZero() && ev.Time.After(e.pace.at) {
		each := ev.Time.Sub(e.pace.at) / time.Duration(n)
		if e.took == 0 {
			e.took, e.wait = each, ev.DataWait
		}
		// Smoothed: numbers that jump about cannot be read.
		e.took += (each - e.took) / 4
		e.wait += (ev.DataWait - e.wait) / 4
	}
	e.Step, e.epochAt = ev.Step, ev.Epoch
	if e.speed == 0 {
		e.speed = ev.ImagesPerS
	}
	e.speed += (ev.ImagesPerS - e.speed) / 4
	e.pace.step(ev.Step, ev.Time)
}
