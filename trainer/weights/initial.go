package weights

import (
	"runtime"
	"sync"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/rng"
)

// Initial draws first weights for every parameter and buffer. Each parameter
// has a random stream of its own, named by seed and parameter, and is drawn in
// the order of timm's shape: the same seed gives the same weights whatever the
// graph's layout or the number of threads.
func Initial(params []backbone.Param, buffers []backbone.Buffer, seed uint64) State {
	state := make(State, len(params)+len(buffers))
	for _, b := range buffers {
		v := make([]float32, b.Len())
		fill(v, b.Init, nil)
		state[b.Name] = v
	}

	var mu sync.Mutex
	var wg sync.WaitGroup
	defer wg.Wait()
	slot := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, p := range params {
		slot <- struct{}{}
		wg.Go(func() {
			defer func() { <-slot }()
			v := draw(p, seed)
			mu.Lock()
			defer mu.Unlock()
			state[p.Name] = v
		})
	}
	return state
}

// draw returns a parameter's first values in the graph's layout.
func draw(p backbone.Param, seed uint64) []float32 {
	timm := make([]float32, p.Len())
	fill(timm, p.Init, rng.New(seed, rng.Weights, 0, rng.Hash(p.Name)))
	if p.Layout == backbone.Vector {
		return timm
	}
	graph := make([]float32, p.Len())
	p.Layout.FromTimm(graph, timm, p.Shape)
	return graph
}

func fill(v []float32, init backbone.Init, s *rng.Stream) {
	for i := range v {
		switch init.Distribution {
		case backbone.Constant:
			v[i] = float32(init.Value)
		case backbone.Normal:
			v[i] = float32(init.Value * s.Normal())
		case backbone.Uniform:
			v[i] = float32(init.Value * (2*s.Float64() - 1))
		}
	}
}
