package main

import (
	"fmt"
	"sync"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// driverMemory is about what a process takes of a GPU besides its data: the
// driver's context and the libraries' code.
const driverMemory = 700 << 20

// room decides whether one more run fits onto the GPU, by what runs like it have
// taken or, before one has, by an estimate.
type room struct {
	e    *env
	free func() (free, total int64, ok bool) // of the device

	mu       sync.Mutex
	measured map[needKey]int64
	guessed  map[needKey]int64
	said     map[string]int64    // by id: what runs take that were not asked about yet
	running  map[string]run.Spec // by id: those that may still say what they take
}

func newRoom(e *env) *room {
	return &room{e: e, free: e.freeDeviceMemory, measured: map[needKey]int64{}, guessed: map[needKey]int64{}, said: map[string]int64{}, running: map[string]run.Spec{}}
}

// keyOf is what a run's need depends on.
func keyOf(spec run.Spec) needKey {
	return needKey{
		spec.Model, spec.Head, spec.Engine, spec.Precision, tasksKey(spec.Tasks),
		spec.Data.ImageSize, spec.BatchSize,
	}
}

// event learns what runs take.
func (r *room) event(e run.Event) {
	if e.Type != run.EventMachine {
		return
	}
	need, ok := e.Values.Get(sweep.NeedKey)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if spec, known := r.running[e.Run]; known {
		r.measured[keyOf(spec)] = int64(need) + driverMemory
	} else {
		r.said[e.Run] = int64(need) + driverMemory // it began alone
	}
}

// fits is a sweep.Room.
func (r *room) fits(spec run.Spec, active []run.Spec, begun []bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.running)
	for _, s := range append(active, spec) {
		r.running[s.ID] = s
		if need, ok := r.said[s.ID]; ok {
			r.measured[keyOf(s)] = need
			delete(r.said, s.ID)
		}
	}
	if spec.Engine == configs.EngineHost {
		return nil
	}
	free, _, ok := r.free()
	if !ok {
		return nil
	}
	for i, s := range active {
		if !begun[i] { // it will take what it needs out of what is free now
			free -= r.need(s)
		}
	}
	if need := r.need(spec); need > free {
		return fmt.Errorf("waits for memory of the GPU: needs %s, %s are free", size(need), size(max(0, free)))
	}
	return nil
}

// need is called with mu held; 0 when nobody knows.
func (r *room) need(spec run.Spec) int64 {
	key := keyOf(spec)
	if need, ok := r.measured[key]; ok {
		return need
	}
	if need, ok := r.guessed[key]; ok {
		return need
	}
	choice, err := r.e.engines(spec.Plugin).Choose(spec.Engine)
	if err != nil || choice.Engine != configs.EngineXLA {
		return 0
	}
	need, err := r.e.engines(spec.Plugin).Estimate(spec)
	if err != nil {
		return 0
	}
	r.guessed[key] = need.Memory + driverMemory
	return r.guessed[key]
}
