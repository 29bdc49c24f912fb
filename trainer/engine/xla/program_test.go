//go:build cgo && (linux || darwin)

package xla

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/engine/host"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

const (
	testSize   = 32
	testImages = 12
)

func testSpec() engine.Spec {
	return engine.Spec{
		Model: "resnet18", Head: run.HeadMulti, ImageSize: testSize, Batch: 4, WeightDecay: 0.01, Training: true,
		Tasks: []run.Task{{Name: "a", Classes: make([]string, 3)}, {Name: "b", Classes: make([]string, 5)}},
	}
}

// testPixels are the images of a data set, one after the other.
func testPixels() []byte {
	px := make([]byte, testImages*testSize*testSize*3)
	for i := range px {
		px[i] = byte(i*7 + i/97)
	}
	return px
}

// testBatch names n images from the first on, with their pixels.
func testBatch(first, n int) *data.Batch {
	all, D := testPixels(), testSize*testSize*3
	b := &data.Batch{Labels: make([][]int32, 2)}
	for i := range n {
		at := (first + i) % testImages
		b.Index = append(b.Index, int32(at))
		b.Pixels = append(b.Pixels, all[at*D:(at+1)*D])
		b.Flip = append(b.Flip, at%3 == 1)
		b.Labels[0] = append(b.Labels[0], int32(at%3))
		b.Labels[1] = append(b.Labels[1], int32(at%5))
	}
	return b
}

// start gives a program its first weights.
func start(t testing.TB, p engine.Program) {
	t.Helper()
	state := weights.Initial(p.Params(), p.Buffers(), 1)
	for i, tensor := range p.Tensors() {
		if tensor.Kind == engine.Param || tensor.Kind == engine.Buffer {
			if err := p.Write(i, state[tensor.Name]); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func compiled(t testing.TB, e engine.Engine, spec engine.Spec) engine.Program {
	t.Helper()
	p, err := e.Compile(spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	start(t, p)
	return p
}

// everything is the whole state, for comparison.
func everything(t testing.TB, p engine.Program) [][]float32 {
	t.Helper()
	var all [][]float32
	for i, tensor := range p.Tensors() {
		v := make([]float32, tensor.Len)
		if err := p.Read(i, v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func same(a, b [][]float32) bool { return slices.EqualFunc(a, b, slices.Equal[[]float32]) }

// The queue with several steps a launch, single steps, images on the device and
// images brought along: all train alike, a smaller last batch included.
func TestLaunchesTrainLikeSingleSteps(t *testing.T) {
	sizes := []int{4, 4, 4, 3, 4}
	rates := []float64{1e-5, 2e-5, 5e-6, 1e-5, 1e-5}
	single := func(most int, resident bool) ([][]float64, [][]float32) {
		p := compiled(t, openTest(t, Options{Exact: true, Most: most}), testSpec())
		if resident {
			if err := p.(engine.Resident).Load(testImages, testPixels()); err != nil {
				t.Fatal(err)
			}
		}
		var all [][]float64
		keep := func(losses []float64) { all = append(all, slices.Clone(losses)) }
		q := p.(engine.Queue)
		for i, n := range sizes {
			b := testBatch(4*i, n)
			if resident {
				b.Pixels = nil
			}
			if err := q.Submit(b, rates[i]); err != nil {
				t.Fatal(err)
			}
			if err := q.Finish(false, keep); err != nil {
				t.Fatal(err)
			}
		}
		if err := q.Finish(true, keep); err != nil {
			t.Fatal(err)
		}
		return all, everything(t, p)
	}
	losses, state := single(1, false)
	if len(losses) != len(sizes) {
		t.Fatalf("%d losses, want %d", len(losses), len(sizes))
	}
	if steps := state[len(state)-1][0]; steps != float32(len(sizes)) {
		t.Errorf("%g steps were counted", steps)
	}
	for _, c := range []struct {
		most     int
		resident bool
	}{{1, true}, {3, true}} {
		t.Run(fmt.Sprintf("%d steps a launch, resident %t", c.most, c.resident), func(t *testing.T) {
			l, s := single(c.most, c.resident)
			for i := range losses {
				for k := range losses[i] {
					if d := math.Abs(l[i][k]-losses[i][k]) / losses[i][k]; !(d <= 1e-4) {
						t.Errorf("step %d: losses %v, want %v", i+1, l[i], losses[i])
					}
				}
			}
			if c.most == 1 && !same(s, state) {
				t.Error("the state has other bits")
			}
		})
	}
}

// The same steps on the host engine, which has been compared with PyTorch: losses,
// running statistics and parameters stay together.
func TestTrainsLikeTheHost(t *testing.T) {
	h := host.New()
	defer h.Close()
	mine, theirs := compiled(t, openTest(t, Options{Exact: true}), testSpec()), compiled(t, h, testSpec())
	for i := range 4 {
		b := testBatch(3*i, 4)
		got, want := make([]float64, 2), make([]float64, 2)
		if err := errors.Join(mine.Step(b, 1e-5, got), theirs.Step(b, 1e-5, want)); err != nil {
			t.Fatal(err)
		}
		for k := range got {
			if !(math.Abs(got[k]-want[k]) <= 1e-3*want[k]) {
				t.Errorf("step %d: losses %v, the host has %v", i+1, got, want)
			}
		}
	}
	logits := func(p engine.Program) [][]float32 {
		out := [][]float32{make([]float32, 3*3), make([]float32, 3*5)}
		if err := p.Evaluate(testBatch(0, 3), out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	for k, got := range logits(mine) {
		for i, want := range logits(theirs)[k] {
			if !(math.Abs(float64(got[i]-want)) <= 0.02) {
				t.Errorf("logit %d of task %d is %g, the host has %g", i, k, got[i], want)
			}
		}
	}
}

// What the device counts is what the logits say.
func TestScoreAgreesWithTheLogits(t *testing.T) {
	for _, resident := range []bool{false, true} {
		p := compiled(t, openTest(t, Options{Exact: true, Most: 2}), testSpec())
		if resident {
			if err := p.(engine.Resident).Load(testImages, testPixels()); err != nil {
				t.Fatal(err)
			}
		}
		const n = 7 // two blocks of four, the last one not full
		s := p.(engine.Scorer)
		if s.ScoreBatch() != 8 {
			t.Fatalf("scores %d images at a time", s.ScoreBatch())
		}
		b := testBatch(2, n) // two of them mirrored
		classes, losses := [][]int32{make([]int32, n), make([]int32, n)}, [][]float32{make([]float32, n), make([]float32, n)}
		if err := s.Score(b, classes, losses); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			logits := [][]float32{make([]float32, 3), make([]float32, 5)}
			if err := p.Evaluate(testBatch(2+i, 1), logits); err != nil {
				t.Fatal(err)
			}
			for k, row := range logits {
				best, sum := 0, 0.0
				for c, v := range row {
					if v > row[best] {
						best = c
					}
					sum += math.Exp(float64(v))
				}
				want := math.Log(sum) - float64(row[b.Labels[k][i]])
				if classes[k][i] != int32(best) || !(math.Abs(float64(losses[k][i])-want) <= 1e-4) {
					t.Errorf("resident %t, image %d, task %d: class %d and loss %g, want %d and %g", resident, i, k, classes[k][i], losses[k][i], best, want)
				}
			}
		}
	}
}

// A loss that is no number leaves the state as it was, in the middle of a launch, too.
func TestLossThatIsNoNumberChangesNothing(t *testing.T) {
	p := compiled(t, openTest(t, Options{Most: 2}), testSpec())
	bias := slices.IndexFunc(p.Tensors(), func(t engine.Tensor) bool { return t.Name == "heads.b.bias" })
	if err := p.Write(bias, []float32{0, 0, float32(math.NaN()), 0, 0}); err != nil {
		t.Fatal(err)
	}
	before := everything(t, p)
	losses := make([]float64, 2)
	if err := p.Step(testBatch(0, 4), 0.1, losses); err != nil {
		t.Fatal(err)
	}
	if math.IsNaN(losses[0]) || !math.IsNaN(losses[1]) {
		t.Errorf("losses %v: want a number and a NaN", losses)
	}
	after := everything(t, p)
	for i, tensor := range p.Tensors() {
		if tensor.Kind == engine.Steps || i == bias {
			continue
		}
		if !slices.Equal(after[i], before[i]) {
			t.Errorf("%s %s has changed", tensor.Kind, tensor.Name)
		}
	}
}

// The state can be taken out and put back, and the steps go on with the same bits.
func TestStateGoesOnInAnotherProgram(t *testing.T) {
	e := openTest(t, Options{})
	first, second := compiled(t, e, testSpec()), compiled(t, e, testSpec())
	losses := make([]float64, 2)
	for i := range 2 {
		if err := first.Step(testBatch(i, 4), 0.01, losses); err != nil {
			t.Fatal(err)
		}
	}
	for i, v := range everything(t, first) {
		if err := second.Write(i, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []engine.Program{first, second} {
		if err := p.Step(testBatch(5, 4), 0.01, losses); err != nil {
			t.Fatal(err)
		}
	}
	if !same(everything(t, first), everything(t, second)) {
		t.Error("the programs have gone apart")
	}
}

// bfloat16 activations train like float32 ones, roughly, and keep float32 parameters.
func TestHalfPrecision(t *testing.T) {
	e := openTest(t, Options{})
	half := testSpec()
	half.Precision = engine.BF16
	full, narrow := compiled(t, e, testSpec()), compiled(t, e, half)
	for i := range 4 {
		want, got := make([]float64, 2), make([]float64, 2)
		b := testBatch(3*i, 4)
		if err := errors.Join(full.Step(b, 1e-3, want), narrow.Step(b, 1e-3, got)); err != nil {
			t.Fatal(err)
		}
		for k := range got {
			if got[k] == want[k] || !(math.Abs(got[k]-want[k]) <= 0.1*want[k]) {
				t.Errorf("step %d: loss %g, in float32 %g", i+1, got[k], want[k])
			}
		}
	}
	// A parameter that only bfloat16 could hold would have 16 zeros at its end.
	rounded := 0
	weight := everything(t, narrow)[0]
	for _, v := range weight {
		if math.Float32bits(v)&0xffff == 0 {
			rounded++
		}
	}
	if rounded > len(weight)/100 {
		t.Errorf("%d of %d values of a parameter are bfloat16", rounded, len(weight))
	}
}

// The compiler was told to update the state in place, and did.
func TestStateIsUpdatedInPlace(t *testing.T) {
	p := compiled(t, openTest(t, Options{}), testSpec()).(*program)
	if err := p.Step(testBatch(0, 4), 0.01, make([]float64, 2)); err != nil {
		t.Fatal(err)
	}
	s, state := p.train[4].OnDeviceMemoryUsageStats, p.Memory().State
	if s.Aliases < state {
		t.Errorf("%d bytes of %d are updated in place", s.Aliases, state)
	}
	if m := p.Memory(); m.Activations <= 0 {
		t.Errorf("activations take %d bytes", m.Activations)
	}
}

func TestBatchesThatCannotBe(t *testing.T) {
	p := compiled(t, openTest(t, Options{}), testSpec())
	if err := p.(engine.Resident).Load(testImages, testPixels()); err != nil {
		t.Fatal(err)
	}
	wrong := func(change func(b *data.Batch)) *data.Batch {
		b := testBatch(0, 4)
		change(b)
		return b
	}
	for _, c := range []struct {
		batch *data.Batch
		want  string
	}{
		{testBatch(0, 5), "batch of 5 images: want 1 to 4"},
		{wrong(func(b *data.Batch) { b.Index[2] = testImages }), "image 2 of the batch is number 12, want 0 to 11"},
		{wrong(func(b *data.Batch) { b.Index[0] = -1 }), "image 0 of the batch is number -1"},
		{wrong(func(b *data.Batch) { b.Labels[1][3] = 5 }), "image 3 of the batch has class 5 of b, want 0 to 4"},
		{wrong(func(b *data.Batch) { b.Labels = b.Labels[:1] }), "labels of 1 tasks, want 2"},
		{wrong(func(b *data.Batch) { b.Flip = b.Flip[:3] }), "batch of 4 images has 3 flips"},
	} {
		err := p.Step(c.batch, 0.01, make([]float64, 2))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	if err := p.(engine.Resident).Load(3, testPixels()); err == nil {
		t.Error("images of another size were accepted")
	}
}

// A device without room for the images gets them batch by batch; one that is too
// small for the network says so.
func TestMemoryOfTheDevice(t *testing.T) {
	var free, total int64
	o := Options{FreeMemory: func(Device) (int64, int64, bool) { return free, total, true }}
	load := func() (*program, error) {
		p := compiled(t, openTest(t, o), testSpec()).(*program)
		return p, p.Load(testImages, testPixels())
	}
	free, total = 1<<40, 1<<40
	p, err := load()
	if err != nil || p.resident == nil {
		t.Errorf("with room for everything: resident %t, %v", p.resident != nil, err)
	}
	temporary := p.train[4].OnDeviceMemoryUsageStats.Temporary
	free = max(temporary, 1)
	o.FreeMemory = func(Device) (int64, int64, bool) { return free, total, true }
	if free > 2*int64(len(testPixels())) {
		free = int64(len(testPixels()))
	}
	var full *engine.OutOfMemoryError
	if p, err = load(); p.resident != nil {
		t.Error("images were put where there is no room for them")
	} else if temporary > free && !errors.As(err, &full) {
		t.Errorf("got %v, want an OutOfMemoryError", err)
	}
	free, total = 1000, 2000
	var small *engine.MemoryError
	if _, err := load(); temporary > 0 && !errors.As(err, &small) {
		t.Errorf("got %v, want a MemoryError", err)
	}
}

// Images that do not stay on the device are brought in launches that stay small.
func TestLaunchesThatBringImagesAreSmall(t *testing.T) {
	e := openTest(t, Options{Most: 64, FreeMemory: func(Device) (int64, int64, bool) { return 1 << 30, 1 << 40, true }})
	for _, c := range []struct{ size, batch, most int }{{32, 4, 64}, {224, 16, 27}, {512, 128, 1}} {
		spec := testSpec()
		spec.ImageSize, spec.Batch = c.size, c.batch
		p := &program{eng: e, design: design{spec: spec, most: e.opt.most(e.device)}}
		if p.stream(); p.most != c.most {
			t.Errorf("%d px, batch %d: %d steps a launch, want %d", c.size, c.batch, p.most, c.most)
		}
	}
}

// What the compiler takes of the device while it tries kernels stays usable.
func TestMemoryIsMeasuredBeforeTheCompilerTakesSome(t *testing.T) {
	var p *program
	e := openTest(t, Options{FreeMemory: func(Device) (int64, int64, bool) {
		if len(p.train) > 0 { // the compiler has run
			return 0, 1 << 40, true
		}
		return 1 << 40, 1 << 40, true
	}})
	p = compiled(t, e, testSpec()).(*program)
	if err := p.Load(testImages, testPixels()); err != nil {
		t.Error(err)
	}
}

// Steps that ended before one that could not begin are reported all the same.
func TestLossesBeforeAFailureAreNotLost(t *testing.T) {
	p := compiled(t, openTest(t, Options{}), testSpec()).(*program)
	for i := range 2 {
		if err := p.Submit(testBatch(4*i, 4), 0.1); err != nil {
			t.Fatal(err)
		}
	}
	p.spec.Model = "nothing" // the step for another number of images cannot be compiled
	failed := p.Submit(testBatch(0, 3), 0.1)
	if failed == nil {
		t.Fatal("a step of an unknown network was taken")
	}
	got := 0
	if err := p.Finish(true, func([]float64) { got++ }); !errors.Is(err, failed) || got != 2 {
		t.Errorf("%d losses and %v, want 2 and %v", got, err, failed)
	}
	if err := p.Read(0, make([]float32, p.Tensors()[0].Len)); !errors.Is(err, failed) {
		t.Errorf("read: %v", err)
	}
}

// A device that others have filled is no fault of the plugin: the run is tried again.
func TestFullDevice(t *testing.T) {
	err := openError("xla_cuda_plugin.so", errors.New("RESOURCE_EXHAUSTED: failed to create a context"))
	var full *engine.OutOfMemoryError
	var plugin *PluginError
	if !errors.As(err, &full) || !errors.As(err, &plugin) || !strings.Contains(err.Error(), "nvidia-smi") {
		t.Errorf("got %v", err)
	}
	if err = openError("xla_cuda_plugin.so", errors.New("no driver")); errors.As(err, &full) || !errors.As(err, &plugin) {
		t.Errorf("got %v", err)
	}
}

func TestClosedProgram(t *testing.T) {
	p, err := openTest(t, Options{}).Compile(testSpec())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Step(testBatch(0, 4), 0.1, make([]float64, 2)); !errors.Is(err, errClosed) {
		t.Errorf("step: %v", err)
	}
	if err := p.Read(0, make([]float32, p.Tensors()[0].Len)); !errors.Is(err, errClosed) {
		t.Errorf("read: %v", err)
	}
}

func TestSelfTest(t *testing.T) {
	if err := openTest(t, Options{}).SelfTest(); err != nil {
		t.Error(err)
	}
}
