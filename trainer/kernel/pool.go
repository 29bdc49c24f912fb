package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Pool runs kernels on a fixed set of workers. Idle workers are parked and cost
// nothing. Any number of goroutines may call kernels on one Pool; the calls run
// one after the other. A task must not call back into its own Pool.
type Pool struct {
	isa  *isa
	size int

	callers sync.Mutex // held for the length of one kernel call; guards current and shared
	current call
	shared  []float32 // scratch of one call that all its tasks see
	own     scratch   // the caller's, as worker 0
	lut     *normaliseLUT

	zeroMu sync.Mutex
	zero   []float32 // read only

	next atomic.Int64 // next task of the current call

	mu     sync.Mutex // guards the fields below
	wake   sync.Cond
	idle   sync.Cond
	tasks  int // tasks of the open call; 0 when none is open to join
	active int // workers inside the current call
	closed bool
	done   sync.WaitGroup
}

// NewPool starts a pool of the given number of workers, counting the calling
// goroutine; 0 means GOMAXPROCS. The instruction set is the best one of this
// processor, or the one that the environment variable SWEEP_KERNEL names
// (generic, avx2, avx512), if the processor has it.
func NewPool(workers int) *Pool {
	return newPool(workers, chooseISA())
}

func newPool(workers int, set *isa) *Pool {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	p := &Pool{isa: set, size: workers, lut: newNormaliseLUT()}
	p.wake.L, p.idle.L = &p.mu, &p.mu
	for range workers - 1 {
		p.done.Add(1)
		go p.work()
	}
	return p
}

// Close ends the workers and waits for them. The pool must be idle.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	p.wake.Broadcast()
	p.mu.Unlock()
	p.done.Wait()
}

// Workers is the number of goroutines that share a call, the caller included.
func (p *Pool) Workers() int { return p.size }

// ISA names the instruction set in use: generic, avx2 or avx512.
func (p *Pool) ISA() string { return p.isa.name }

// Run calls task(0) … task(tasks-1), each once, in any order and at the same
// time, and returns when all have returned. The closure is the only allocation.
func (p *Pool) Run(tasks int, task func(i int)) {
	p.run(tasks, call{task: runClosure, closure: task})
}

func runClosure(c *call, _ *scratch, i int) { c.closure(i) }

// run hands tasks 0 … tasks-1 of c to the workers and works along. The call is
// copied into the pool so that the caller's stays on its stack.
func (p *Pool) run(tasks int, c call) {
	p.callers.Lock()
	defer p.callers.Unlock()
	p.current = c
	p.perform(tasks)
	p.current = call{}
}

// runShared is run with n floats of memory that all tasks share as partial and
// that c.prepare fills before the first task.
func (p *Pool) runShared(n, tasks int, c call) {
	p.callers.Lock()
	defer p.callers.Unlock()
	p.current = c
	p.current.partial = p.sharedScratch(n)
	c.prepare(&p.current)
	p.perform(tasks)
	p.current = call{}
}

// zeros returns n zeros that nobody writes to.
func (p *Pool) zeros(n int) []float32 {
	p.zeroMu.Lock()
	defer p.zeroMu.Unlock()
	if len(p.zero) < n {
		p.zero = make([]float32, n)
	}
	return p.zero[:n]
}

// perform runs the tasks of p.current. The caller holds p.callers.
func (p *Pool) perform(tasks int) {
	p.current.isa = p.isa
	if tasks <= 1 || p.size == 1 {
		for i := range tasks {
			p.current.task(&p.current, &p.own, i)
		}
		return
	}
	p.mu.Lock()
	p.next.Store(0)
	p.tasks = tasks
	p.mu.Unlock()
	for range min(p.size, tasks) - 1 {
		p.wake.Signal()
	}
	p.drain(tasks, &p.own)

	p.mu.Lock()
	p.tasks = 0 // a worker that wakes only now finds nothing to join
	for p.active > 0 {
		p.idle.Wait()
	}
	p.mu.Unlock()
}

func (p *Pool) drain(tasks int, s *scratch) {
	for {
		i := int(p.next.Add(1)) - 1
		if i >= tasks {
			return
		}
		p.current.task(&p.current, s, i)
	}
}

func (p *Pool) work() {
	defer p.done.Done()
	var s scratch
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		for !p.closed && (p.tasks == 0 || int(p.next.Load()) >= p.tasks) {
			p.wake.Wait()
		}
		if p.closed {
			return
		}
		p.active++
		tasks := p.tasks
		p.mu.Unlock()
		p.drain(tasks, &s)
		p.mu.Lock()
		p.active--
		if p.active == 0 {
			p.idle.Signal()
		}
	}
}

// sharedScratch returns n floats that live until the call ends. The caller
// holds p.callers.
func (p *Pool) sharedScratch(n int) []float32 {
	if len(p.shared) < n {
		p.shared = make([]float32, n)
	}
	return p.shared[:n]
}

// scratch is the memory of one worker; it grows to the largest need and stays.
type scratch struct {
	a, b, c []float32
	strips  []float32
	mac     macDims
	macRow  macRowDims
	tile    microTile
	strip   strip
}

// floats returns a buffer of n floats kept in *buf, with unspecified content.
func floats(buf *[]float32, n int) []float32 {
	if len(*buf) < n {
		*buf = make([]float32, n)
	}
	return (*buf)[:n]
}

// call holds the operands of one kernel call. Which fields mean what is up to
// the task function.
type call struct {
	task    func(c *call, s *scratch, i int)
	closure func(i int)
	isa     *isa

	y, y2         []float32 // outputs
	x, u, v, w, z []float32 // inputs
	x2, sums      []float32
	bytes         [][]byte
	flip          []bool
	rows, cols    int // matrix shape
	block         int // rows of a task
	f             [8]float32
	unary         func(y, x []float32)
	binary        func(y, a, b []float32)
	gemm          product
	conv          ConvShape
	window        PoolShape
	adamw         adamwConsts
	lut           *normaliseLUT

	prepare     func(c *call) // of runShared
	partial     []float32     // shared by all tasks: partial sums or prepared factors
	parts, size int           // of a reduction: partial is [parts, size]
	finish      func(c *call, from, to int)
	scale       []float32  // of a norm, per channel
	then        Activation // after it
}

// blocks is the number of blocks of the given size that cover n.
func blocks(n, size int) int { return (n + size - 1) / size }
