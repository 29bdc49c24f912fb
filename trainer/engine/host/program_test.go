package host

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

// smallSpec is the smallest network at the smallest size.
func smallSpec() engine.Spec {
	return engine.Spec{
		Model: "resnet18", Head: run.HeadMulti, ImageSize: 32, Batch: 4, WeightDecay: 0.01, Training: true,
		Tasks: []run.Task{{Name: "shape", Classes: []string{"a", "b", "c"}}, {Name: "size", Classes: []string{"d", "e"}}},
	}
}

// batchOf makes n random images with labels.
func batchOf(n int, spec engine.Spec, seed uint64) *data.Batch {
	r := rand.New(rand.NewPCG(seed, 7))
	b := &data.Batch{Labels: make([][]int32, len(spec.Tasks))}
	for i := range n {
		pixels := make([]byte, spec.ImageSize*spec.ImageSize*3)
		for k := range pixels {
			pixels[k] = byte(r.Uint32())
		}
		b.Pixels, b.Index, b.Flip = append(b.Pixels, pixels), append(b.Index, int32(i)), append(b.Flip, i%2 == 1)
		for t, task := range spec.Tasks {
			b.Labels[t] = append(b.Labels[t], int32(r.IntN(len(task.Classes))))
		}
	}
	return b
}

// start fills the parameters with small random values and the buffers as a new
// network has them.
func start(t testing.TB, p engine.Program) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for i, tensor := range p.Tensors() {
		v := make([]float32, tensor.Len)
		if tensor.Kind != engine.Param && tensor.Kind != engine.Buffer {
			continue
		}
		for k := range v {
			switch {
			case strings.HasSuffix(tensor.Name, "running_mean"), strings.HasSuffix(tensor.Name, ".bias"):
			case strings.HasSuffix(tensor.Name, "running_var"), tensor.Len < 1000:
				v[k] = 1
			default:
				v[k] = float32(r.NormFloat64()) * 0.05
			}
		}
		if err := p.Write(i, v); err != nil {
			t.Fatal(err)
		}
	}
}

func state(t testing.TB, p engine.Program) [][]float32 {
	t.Helper()
	var s [][]float32
	for i, tensor := range p.Tensors() {
		v := make([]float32, tensor.Len)
		if err := p.Read(i, v); err != nil {
			t.Fatal(err)
		}
		s = append(s, v)
	}
	return s
}

// compile compiles spec on an engine with this many workers.
func compile(t testing.TB, spec engine.Spec, workers int) engine.Program {
	t.Helper()
	e := &Engine{pool: kernel.NewPool(workers)}
	p, err := e.Compile(spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(p.Close(), e.Close()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func TestStepLearnsABatch(t *testing.T) {
	spec := smallSpec()
	p := compile(t, spec, 2)
	start(t, p)
	b := batchOf(4, spec, 3)
	losses := make([]float64, 2)
	var first, last float64
	for i := range 12 {
		if err := p.Step(b, 1e-3, losses); err != nil {
			t.Fatal(err)
		}
		if last = losses[0] + losses[1]; i == 0 {
			first = last
		}
	}
	if !(last < first/4) {
		t.Errorf("the loss went from %g to %g", first, last)
	}
}

func TestTheSameBitsOnAnyNumberOfWorkers(t *testing.T) {
	spec := smallSpec()
	var want [][]float32
	for _, workers := range []int{1, 2, 3} {
		p := compile(t, spec, workers)
		start(t, p)
		losses := make([]float64, 2)
		for seed := range uint64(2) {
			if err := p.Step(batchOf(4-int(seed), spec, seed), 1e-3, losses); err != nil {
				t.Fatal(err)
			}
		}
		got := state(t, p)
		if want == nil {
			want = got
			continue
		}
		for i, tensor := range p.Tensors() {
			if !slices.Equal(got[i], want[i]) {
				t.Fatalf("%s %s differs with %d workers", tensor.Kind, tensor.Name, workers)
			}
		}
	}
}

func TestStateIsAllThatAStepDependsOn(t *testing.T) {
	spec := smallSpec()
	p := compile(t, spec, 2)
	start(t, p)
	losses := make([]float64, 2)
	step := func(p engine.Program, seed uint64) {
		t.Helper()
		if err := p.Step(batchOf(4, spec, seed), 1e-3, losses); err != nil {
			t.Fatal(err)
		}
	}
	step(p, 1)
	step(p, 2)
	q := compile(t, spec, 2)
	step(q, 9) // leaves something in every buffer
	for i, v := range state(t, p) {
		if err := q.Write(i, v); err != nil {
			t.Fatal(err)
		}
	}
	step(p, 3)
	step(q, 3)
	want, got := state(t, p), state(t, q)
	for i, tensor := range p.Tensors() {
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("%s %s differs after the state was taken over", tensor.Kind, tensor.Name)
		}
	}
	if n := got[len(got)-1][0]; n != 3 {
		t.Errorf("%g steps were counted, want 3", n)
	}
}

func TestEvaluateDoesNotDependOnTheBatchAndChangesNothing(t *testing.T) {
	spec := smallSpec()
	p := compile(t, spec, 2)
	start(t, p)
	losses := make([]float64, 2)
	if err := p.Step(batchOf(4, spec, 1), 1e-3, losses); err != nil {
		t.Fatal(err)
	}
	before := state(t, p)
	b := batchOf(4, spec, 5)
	all := [][]float32{make([]float32, 4*3), make([]float32, 4*2)}
	if err := p.Evaluate(b, all); err != nil {
		t.Fatal(err)
	}
	one := [][]float32{make([]float32, 3), make([]float32, 2)}
	for i := range 4 {
		single := &data.Batch{Pixels: b.Pixels[i : i+1], Index: b.Index[i : i+1], Flip: b.Flip[i : i+1]}
		if err := p.Evaluate(single, one); err != nil {
			t.Fatal(err)
		}
		for task, row := range one {
			for c, v := range row {
				if w := all[task][i*len(row)+c]; math.Abs(float64(v-w)) > 1e-4 {
					t.Errorf("image %d: logit %g alone, %g in the batch", i, v, w)
				}
			}
		}
	}
	for i, v := range state(t, p) {
		if !slices.Equal(v, before[i]) {
			t.Errorf("evaluation changed %s", p.Tensors()[i].Name)
		}
	}
	if slices.Equal(all[0][:3], all[0][3:6]) {
		t.Error("two images have the same logits")
	}
}

// Evaluation keeps what it computes from the state alone: not longer than the state.
func TestEvaluationFollowsTheState(t *testing.T) {
	spec := smallSpec()
	p, fresh := compile(t, spec, 1), compile(t, spec, 1)
	start(t, p)
	b := batchOf(4, spec, 5)
	evaluate := func(p engine.Program) []float32 {
		t.Helper()
		logits := [][]float32{make([]float32, 4*3), make([]float32, 4*2)}
		if err := p.Evaluate(b, logits); err != nil {
			t.Fatal(err)
		}
		return slices.Concat(logits...)
	}
	check := func(what string, before []float32) []float32 {
		t.Helper()
		for i, v := range state(t, p) {
			if err := fresh.Write(i, v); err != nil {
				t.Fatal(err)
			}
		}
		got := evaluate(p)
		if slices.Equal(got, before) {
			t.Errorf("after %s: the logits are the same", what)
		}
		if !slices.Equal(got, evaluate(fresh)) {
			t.Errorf("after %s: the logits are not those of the state", what)
		}
		return got
	}
	logits := check("the start", nil)
	if err := p.Step(batchOf(4, spec, 1), 1e-2, make([]float64, 2)); err != nil {
		t.Fatal(err)
	}
	logits = check("a step", logits)
	i := slices.IndexFunc(p.Tensors(), func(t engine.Tensor) bool { return t.Kind == engine.Buffer })
	v := make([]float32, p.Tensors()[i].Len)
	for k := range v {
		v[k] = 0.25
	}
	if err := p.Write(i, v); err != nil {
		t.Fatal(err)
	}
	check("a write", logits)
}

func TestRunningStatisticsTakeTheUnbiasedVariance(t *testing.T) {
	spec := smallSpec()
	p := compile(t, spec, 1).(*program)
	start(t, p)
	before := state(t, p)
	if err := p.Step(batchOf(4, spec, 1), 0, make([]float64, 2)); err != nil {
		t.Fatal(err)
	}
	net := p.train[4]
	for i, b := range net.graph.Buffers {
		stats := net.exec.Value(b.Stats)
		at := len(p.params) + i
		for c, got := range p.state[at] {
			batch := float64(stats[c])
			if strings.HasSuffix(b.Name, "running_var") {
				count := float64(b.Count)
				batch = float64(stats[len(p.state[at])+c]) * count / (count - 1)
			}
			if want := 0.9*float64(before[at][c]) + 0.1*batch; math.Abs(float64(got)-want) > 1e-6*max(1, math.Abs(want)) {
				t.Fatalf("%s[%d] = %g, want %g", b.Name, c, got, want)
			}
		}
	}
}

func TestALossThatIsNoNumberChangesNothing(t *testing.T) {
	spec := smallSpec()
	p := compile(t, spec, 2)
	start(t, p)
	bias := slices.IndexFunc(p.Tensors(), func(x engine.Tensor) bool { return x.Name == "heads.size.bias" })
	if bias < 0 {
		t.Fatal("there is no heads.size.bias")
	}
	if err := p.Write(bias, []float32{float32(math.NaN()), 0}); err != nil {
		t.Fatal(err)
	}
	before := state(t, p)
	losses := make([]float64, 2)
	if err := p.Step(batchOf(4, spec, 1), 1e-3, losses); err != nil {
		t.Fatal(err)
	}
	if math.IsNaN(losses[0]) || !math.IsNaN(losses[1]) {
		t.Errorf("losses are %v, want a number and NaN", losses)
	}
	for i, v := range state(t, p) {
		if i != bias && !slices.Equal(v, before[i]) {
			t.Errorf("%s was changed", p.Tensors()[i].Name)
		}
	}
}

func TestBatchesThatCannotBeUsed(t *testing.T) {
	spec := smallSpec()
	p := compile(t, spec, 1)
	for _, c := range []struct {
		name  string
		spoil func(b *data.Batch)
		want  string
	}{
		{"too many images", func(b *data.Batch) { *b = *batchOf(5, spec, 1) }, "batch of 5 images: want 1 to 4"},
		{"no images", func(b *data.Batch) { *b = data.Batch{} }, "batch of 0 images"},
		{"another size", func(b *data.Batch) { b.Pixels[2] = b.Pixels[2][:300] }, "image 2 of the batch has 300 bytes, want 32 × 32 × 3"},
		{"a missing flip", func(b *data.Batch) { b.Flip = b.Flip[:3] }, "has 3 flips"},
		{"a missing label", func(b *data.Batch) { b.Labels[1] = b.Labels[1][:3] }, "has 3 labels of size"},
		{"an unknown class", func(b *data.Batch) { b.Labels[1][0] = 2 }, "class 2 of size, want 0 to 1"},
		{"a missing task", func(b *data.Batch) { b.Labels = b.Labels[:1] }, "labels of 1 tasks, want 2"},
	} {
		b := batchOf(4, spec, 1)
		c.spoil(b)
		if err := p.Step(b, 1e-3, make([]float64, 2)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestSpecsThatCannotBeCompiled(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	var unsupported *engine.UnsupportedError
	spec := smallSpec()
	spec.Precision = engine.BF16
	if _, err := (&Engine{pool}).Compile(spec); !errors.As(err, &unsupported) {
		t.Errorf("bf16: %v", err)
	}
	var memory *engine.MemoryError
	if _, err := newProgram(pool, smallSpec(), 100<<20); !errors.As(err, &memory) || memory.Need < 100<<20 {
		t.Errorf("100 MiB: %v", err)
	}
	spec = smallSpec()
	spec.ImageSize, spec.Batch = 100_000, 1000
	if _, err := (&Engine{pool}).Compile(spec); !errors.As(err, &memory) {
		t.Errorf("a petabyte: %v", err)
	}
}

func TestEvaluationProgramHasNoMoments(t *testing.T) {
	spec := smallSpec()
	spec.Training = false
	p := compile(t, spec, 1)
	for _, tensor := range p.Tensors() {
		if tensor.Kind != engine.Param && tensor.Kind != engine.Buffer {
			t.Errorf("there is a %s", tensor.Kind)
		}
	}
	if err := p.Step(batchOf(4, spec, 1), 1e-3, make([]float64, 2)); err == nil {
		t.Error("it trains")
	}
	if got, full := p.Memory().Total(), compile(t, smallSpec(), 1).Memory().Total(); got > full/2 {
		t.Errorf("it takes %d bytes, a training program %d", got, full)
	}
}

func TestClosedProgram(t *testing.T) {
	p := compile(t, smallSpec(), 1)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.Step(batchOf(4, smallSpec(), 1), 1e-3, make([]float64, 2)); !errors.Is(err, errClosed) {
		t.Errorf("step: %v", err)
	}
	if err := p.Read(0, nil); !errors.Is(err, errClosed) {
		t.Errorf("read: %v", err)
	}
}

func TestAStepAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates on its own")
	}
	spec := smallSpec()
	p := compile(t, spec, 2)
	start(t, p)
	b, losses := batchOf(4, spec, 1), make([]float64, 2)
	logits := [][]float32{make([]float32, 12), make([]float32, 8)}
	// The runtime's own work, after a collection above all, is counted too: what
	// the step allocates is in every window, that is not.
	least := math.Inf(1)
	for range 10 {
		least = min(least, testing.AllocsPerRun(3, func() {
			if err := errors.Join(p.Step(b, 1e-3, losses), p.Evaluate(b, logits)); err != nil {
				t.Fatal(err)
			}
		}))
	}
	if least != 0 {
		t.Errorf("a step and an evaluation make %g allocations", least)
	}
}

func TestProcessorName(t *testing.T) {
	if got := processorIn([]byte("processor\t: 0\nmodel name\t: Some  CPU @ 2 GHz\n")); got != "Some CPU @ 2 GHz" {
		t.Errorf("%q", got)
	}
	if got := processorIn([]byte("Features\t: fp\n")); got == "" {
		t.Error("no name at all")
	}
}
