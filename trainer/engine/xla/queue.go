//go:build cgo && (linux || darwin)

package xla

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/gomlx/go-xla/pjrt"

	"github.com/backbone-sweep/sweep/trainer/data"
)

// queue runs launches one after the other: while one runs, the next is filled.
// All but run belongs to the program's goroutine.
type queue struct {
	filling  *launch // steps that wait for more
	free     []*launch
	want     int // steps of a launch
	inFlight int // launches given to run

	todo, done chan *launch
	losses     []float32   // [K, T], scratch
	row        []float64   // [T], scratch
	ready      [][]float64 // finished and not asked for
	spare      [][]float64

	idle    atomic.Int64 // nanoseconds that the device had nothing to do
	resting atomic.Bool  // because nobody wanted anything
	err     error        // the first; nothing runs after it
	lost    bool         // the losses of a launch; those of later ones are of no use
}

func (p *program) newQueue() *queue {
	T := len(p.spec.Tasks)
	q := &queue{
		want: 1, free: []*launch{{}, {}, {}},
		todo: make(chan *launch, 1), done: make(chan *launch, 3),
		losses: make([]float32, p.most*T), row: make([]float64, T),
	}
	q.resting.Store(true)
	go p.run(q)
	return q
}

// run executes launches until todo is closed. It alone uses the state while a
// launch is in flight.
func (p *program) run(q *queue) {
	defer close(q.done)
	args := make([]*pjrt.Buffer, argCount+len(p.state))
	donated := make([]bool, len(args))
	for i := argCount; i < len(args); i++ {
		donated[i] = true
	}
	var failure error
	began := time.Now()
	for l := range q.todo {
		now := time.Now()
		if !q.resting.Swap(false) {
			q.idle.Add(int64(now.Sub(began)))
		}
		if l.err = failure; failure == nil {
			copy(args, l.args)
			copy(args[argCount:], p.state)
			out, err := l.exec.Execute(args...).SetDonate(donated).Done()
			if err == nil {
				copy(p.state, out)
				l.losses = out[len(p.state)]
			} else {
				failure = failed(fmt.Sprintf("train %s", p.spec.Model), err)
				l.err = failure
			}
		}
		began = time.Now()
		l.took = began.Sub(now)
		q.done <- l
	}
}

// Submit queues a step. The batch is copied.
func (p *program) Submit(b *data.Batch, lr float64) error {
	if err := p.submittable(b); err != nil {
		return fmt.Errorf("step: %w", err)
	}
	if p.queue == nil {
		p.queue = p.newQueue()
	}
	q, n := p.queue, len(b.Flip)
	if q.filling != nil && q.filling.n != n {
		if err := p.seal(); err != nil {
			return err
		}
	}
	if q.filling == nil {
		l, err := p.take(n)
		if err != nil {
			return err
		}
		q.filling = l
	}
	p.fill(q.filling, b, lr)
	if q.filling.count >= q.want {
		return p.seal()
	}
	return nil
}

func (p *program) submittable(b *data.Batch) error {
	switch {
	case p.closed:
		return errClosed
	case !p.spec.Training:
		return errors.New("the program was compiled for evaluation only")
	case p.queue != nil && p.queue.err != nil:
		return p.queue.err
	}
	if err := p.checkBatch(b, p.spec.Batch); err != nil {
		return err
	}
	return p.spec.CheckLabels(b)
}

// take returns an empty launch for steps of n images.
func (p *program) take(n int) (*launch, error) {
	q, T := p.queue, len(p.spec.Tasks)
	for len(q.free) == 0 {
		if err := p.collect(); err != nil {
			return nil, err
		}
	}
	l := q.free[len(q.free)-1]
	q.free = q.free[:len(q.free)-1]
	if l.n != n {
		*l = launch{
			n: n, index: make([]int32, p.most*n), flip: make([]byte, p.most*n),
			labels: make([]int32, p.most*T*n), settings: make([]float32, p.most*setting),
		}
		if p.resident == nil {
			l.pixels = make([]byte, p.most*n*p.pixels())
		}
	}
	l.count = 0
	return l, nil
}

// seal brings the filled launch to the device and gives it to run.
func (p *program) seal() error {
	q := p.queue
	l := q.filling
	if l == nil {
		return nil
	}
	q.filling = nil
	err := p.stage(l)
	if err != nil {
		q.err = err
		l.release()
		q.free = append(q.free, l)
		return err
	}
	q.todo <- l
	q.inFlight++
	return nil
}

// collect waits for the oldest launch in flight and keeps its losses.
func (p *program) collect() error {
	q := p.queue
	if q.inFlight == 0 {
		return errors.New("step: nothing is in flight")
	}
	l := <-q.done
	q.inFlight--
	err := l.err
	if err == nil {
		err = l.losses.ToHost(bytesOf(q.losses))
	}
	q.lost = q.lost || err != nil
	if !q.lost {
		T := len(p.spec.Tasks)
		for k := range l.count {
			row := q.newRow(T)
			for t := range row {
				row[t] = float64(q.losses[k*T+t])
			}
			q.ready = append(q.ready, row)
		}
		q.pace(l, p.eng.opt.LaunchTime, p.most)
	}
	l.release()
	q.free = append(q.free, l)
	if err != nil && q.err == nil {
		q.err = err
	}
	return err
}

func (q *queue) newRow(T int) []float64 {
	if n := len(q.spare); n > 0 {
		row := q.spare[n-1]
		q.spare = q.spare[:n-1]
		return row
	}
	return make([]float64, T)
}

// pace chooses how many steps the next launch holds, so that it takes about as
// long as it should.
func (q *queue) pace(l *launch, target time.Duration, most int) {
	if target <= 0 {
		target = DefaultLaunchTime
	}
	fit := int(target / max(1, l.took/time.Duration(l.count)))
	q.want = max(1, min(fit, 4*q.want, most))
}

// Finish calls each with the losses of the steps that have ended since the last
// call, in order; with all set, it first waits for all that were submitted. The
// losses are valid during the call. Steps that ended before an error count as well.
func (p *program) Finish(all bool, each func(losses []float64)) error {
	q := p.queue
	if q == nil {
		return nil
	}
	if all && q.err == nil {
		_ = p.seal() // keeps its error
	}
	for q.inFlight > 0 && (all || len(q.done) > 0) {
		_ = p.collect() // keeps its error
	}
	if all {
		q.resting.Store(true)
	}
	ready := q.ready
	q.ready = q.ready[:0]
	for _, row := range ready {
		each(row)
	}
	q.spare = append(q.spare, ready...)
	return q.err
}

// Idle is how long the device has waited for the next launch so far.
func (p *program) Idle() time.Duration {
	if p.queue == nil {
		return 0
	}
	return time.Duration(p.queue.idle.Load())
}

// Step trains on one batch and waits for its losses.
func (p *program) Step(b *data.Batch, lr float64, losses []float64) error {
	if p.queue != nil && (p.queue.inFlight > 0 || p.queue.filling != nil || len(p.queue.ready) > 0) {
		return errors.New("step: submitted steps have not been finished")
	}
	if len(losses) != len(p.spec.Tasks) {
		return fmt.Errorf("step: room for %d losses, want %d", len(losses), len(p.spec.Tasks))
	}
	if err := p.Submit(b, lr); err != nil {
		return err
	}
	return p.Finish(true, func(got []float64) { copy(losses, got) })
}

// wait returns when no launch is in flight. Losses are kept for Finish.
func (p *program) wait() error {
	if p.queue == nil {
		return nil
	}
	if p.queue.err == nil {
		_ = p.seal() // keeps its error
	}
	for p.queue.inFlight > 0 {
		_ = p.collect() // keeps its error
	}
	return p.queue.err
}

// stop ends the queue's goroutine.
func (p *program) stop() error {
	q := p.queue
	if q == nil {
		return nil
	}
	p.queue = nil
	close(q.todo)
	for l := range q.done {
		l.release()
	}
	return nil
}
