package fake

import (
	"fmt"
	"math"
	"time"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// Run is a made-up run with its past.
type Run struct {
	Status  sweep.Status
	History sweep.History
}

// Plan describes a made-up run.
type Plan struct {
	ID, Launch, Sweep, Model string
	Seed                     uint64
	State                    run.State
	Reason                   string
	Epochs, PerEpoch         int     // planned epochs, and steps of each
	Steps                    int     // taken so far
	Skill                    float64 // 0…1: how good it becomes
	Started                  time.Time
	StepTime                 time.Duration
}

// Tasks are label sets with Korean names, as the app must cope with.
func Tasks() []run.Task {
	return []run.Task{
		{Name: "action", Classes: []string{"걷거나 달리는 동작", "좌우로 뒹구는 동작", "납작 엎드리는 동작", "꼬리를 흔드는 동작"}},
		{Name: "emotion", Classes: []string{"편안/안정", "행복/즐거움", "불안/슬픔"}},
		{Name: "situation", Classes: []string{"먹을것, 장난감이 앞에 있을 때", "보호자가 집에 돌아왔을 때", "휴식시간"}},
	}
}

// noise is a number in -1…1 that depends on its arguments alone.
func noise(seed uint64, i int) float64 {
	x := seed*0x9e3779b97f4a7c15 + uint64(i)*0xbf58476d1ce4e5b9
	x ^= x >> 31
	x *= 0x94d049bb133111eb
	x ^= x >> 29
	return float64(x>>11)/float64(1<<52) - 1
}

func (p Plan) seed() uint64 {
	h := p.Seed
	for _, r := range p.Model {
		h = h*31 + uint64(r)
	}
	return h
}

// Loss of a task at a step.
func (p Plan) Loss(task, step int) float64 {
	at := float64(step) / float64(p.PerEpoch)
	floor := 0.02 + 0.15*(1-p.Skill)
	return (floor + (1.2+0.1*float64(task))*math.Exp(-at*(0.2+0.25*p.Skill))) * (1 + 0.18*noise(p.seed()+uint64(task), step))
}

// F1 of a task after an epoch.
func (p Plan) F1(task, epoch int) float64 {
	top := 0.80 + 0.18*p.Skill - 0.02*float64(task)
	v := top*(1-math.Exp(-float64(epoch)*(0.25+0.2*p.Skill))) + 0.012*noise(p.seed()+7+uint64(task), epoch)
	return min(max(v, 0.05), 1)
}

// Step is the event of a step.
func (p Plan) Step(step int) run.Event {
	e := run.Event{
		V: run.EventVersion, Run: p.ID, Type: run.EventStep, Step: step, Epoch: (step-1)/p.PerEpoch + 1,
		Time: p.Started.Add(time.Duration(step) * p.StepTime), LR: p.rate(step),
		ImagesPerS: 16 / p.StepTime.Seconds() * (1 + 0.03*noise(p.seed()+3, step)), DataWait: 0.02,
	}
	total := 0.0
	var each run.Values
	for t, task := range Tasks() {
		v := p.Loss(t, step)
		total += v
		each = append(each, run.Value{Key: "loss_" + task.Name, V: v})
	}
	e.Values = append(run.Values{{Key: "loss", V: total}}, each...)
	return e
}

func (p Plan) rate(step int) float64 {
	return 5e-5 * (1 - float64(step-1)/float64(p.Epochs*p.PerEpoch))
}

// Epoch is the event of an evaluation.
func (p Plan) Epoch(epoch int, split string) run.Event {
	e := run.Event{
		V: run.EventVersion, Run: p.ID, Type: run.EventEpoch, Split: split, Epoch: epoch, Step: epoch * p.PerEpoch,
		Time: p.Started.Add(time.Duration(epoch*p.PerEpoch) * p.StepTime), Counts: p.counts(epoch),
	}
	loss, mean := 0.0, 0.0
	var f1 run.Values
	for t, task := range Tasks() {
		loss += p.Loss(t, epoch*p.PerEpoch) * 1.1
		v := p.F1(t, epoch)
		mean += v / float64(len(Tasks()))
		f1 = append(f1, run.Value{Key: "f1_" + task.Name, V: v})
	}
	e.Values = append(run.Values{{Key: "loss", V: loss}, {Key: "macro_f1", V: mean}}, f1...)
	return e
}

func (p Plan) counts(epoch int) *run.Counts {
	c := &run.Counts{Images: 480, Matched: make([]int64, len(Tasks())+1)}
	for t, task := range Tasks() {
		n := len(task.Classes)
		m := make([]int64, n*n)
		right := p.F1(t, epoch)
		for truth := range n {
			support := 480 / n
			hit := int(float64(support) * min(1, right+0.06*noise(p.seed()+11, truth)))
			m[truth*n+truth] = int64(hit)
			for left, k := support-hit, 1; k < n && left > 0; k++ {
				take := (left + 1) / 2
				if k == n-1 {
					take = left
				}
				m[truth*n+(truth+k)%n] += int64(take)
				left -= take
			}
		}
		c.Tasks = append(c.Tasks, run.TaskCounts{Classes: n, Confusion: m, Loss: p.Loss(t, epoch*p.PerEpoch)})
	}
	return c
}

// Make builds the run as it stands after its steps.
func (p Plan) Make() Run {
	s := sweep.Status{
		Launch: p.Launch, StateAt: p.Started, Tasks: Tasks(), LogPath: "/home/user/.local/state/sweep/runs/" + p.ID + "/log",
		Config: fmt.Sprintf("name: %s\nmodels: [%s]\nhead: multi\nbatch_size: 16\nepochs: %d\nlearning_rate: 5.0e-05\nseed: %d\n", p.Sweep, p.Model, p.Epochs, p.Seed),
	}
	s.Listing = sweep.Listing{ID: p.ID, Sweep: p.Sweep, Model: p.Model, Seed: p.Seed, Head: run.HeadMulti, State: p.State, Epochs: p.Epochs, Step: p.Steps}
	if p.Reason != "" {
		s.Reason = &p.Reason
	}
	h := sweep.History{Tasks: make([][]float64, len(Tasks()))}
	steps := p.Epochs * p.PerEpoch
	if p.State != run.Queued && p.State != run.Preparing {
		s.Steps, s.Started = &steps, &p.Started
		engine := "host"
		s.Engine = &engine
	}
	best := -1.0
	for step := 1; step <= p.Steps; step++ {
		e := p.Step(step)
		h.Step, h.Epoch = append(h.Step, int32(step)), append(h.Epoch, int32(e.Epoch))
		h.LR, h.Loss = append(h.LR, e.LR), append(h.Loss, e.Values[0].V)
		for t := range h.Tasks {
			h.Tasks[t] = append(h.Tasks[t], e.Values[1+t].V)
		}
		h.Speed, h.Wait = append(h.Speed, float32(e.ImagesPerS)), append(h.Wait, 0.02)
		s.LastEvent = e.Time
		if step%p.PerEpoch == 0 {
			ev := p.Epoch(step/p.PerEpoch, run.Val)
			h.Epochs = append(h.Epochs, ev)
			s.Epoch = ev.Epoch
			if v, _ := ev.Values.Get("macro_f1"); v > best {
				best = v
				s.Best = &sweep.ListingBest{Epoch: ev.Epoch, Metric: "macro_f1", Value: &best}
			}
		}
	}
	if p.State.Ended() {
		end := s.LastEvent
		s.Ended, s.StateAt = &end, end
	}
	if p.State == run.Done && s.Best != nil {
		h.Epochs = append(h.Epochs, p.Epoch(s.Best.Epoch, run.Test))
	}
	s.Seq = int64(len(h.Step) + len(h.Epochs) + 1)
	h.Seq = s.Seq
	return Run{Status: s, History: h}
}
