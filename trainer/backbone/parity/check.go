package parity

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// Open makes the network of a fixture with first weights, batch images at a time.
type Open func(f *Fixture, batch int, state weights.State) (Subject, error)

// Check compares a model on an engine with its fixture, within the fixture's
// tolerances, and logs the deviations.
func Check(t *testing.T, model string, open Open) { CheckWithin(t, model, 1, open) }

// CheckWithin multiplies the tolerances, for arithmetic coarser than float32, up
// to one half.
func CheckWithin(t *testing.T, model string, factor float64, open Open) {
	f, err := Load(model)
	if err != nil {
		t.Fatal(err)
	}
	f.loosen(factor)
	gr, err := backbone.Build(f.Options(f.Batch, false))
	if err != nil {
		t.Fatal(err)
	}
	state := f.State(gr.Params, gr.Buffers)
	f.checkFormula(t, gr, state)
	c := &checker{T: t, f: f, params: gr.Params}

	start := func(batch int) Subject {
		// The subject may keep or change its weights.
		own := weights.State{}
		for name, v := range state {
			own[name] = slices.Clone(v)
		}
		s, err := open(f, batch, own)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	small := start(f.Batch)
	c.evaluate(small)
	c.differentiate(small)
	c.tenSteps(start(f.TenLosses.Batch))
}

// loosen multiplies every tolerance, but none beyond one half.
func (f *Fixture) loosen(factor float64) {
	if factor == 1 {
		return
	}
	tol := &f.Tolerance
	all := []*float64{
		&tol.Features, &tol.EvalLogits, &tol.TrainLogits, &tol.EvalLoss, &tol.TrainLoss, &tol.Running,
		&tol.GradNorm, &tol.GradNorm95, &tol.GradProbe, &tol.GradProbe95, &tol.ZeroGrad,
	}
	for i := range tol.TenLosses {
		all = append(all, &tol.TenLosses[i])
	}
	for _, v := range all {
		*v = min(*v*factor, 0.5)
	}
}

type checker struct {
	*testing.T
	f      *Fixture
	params []backbone.Param
}

// within reports a deviation and fails when it is above the tolerance or NaN.
func (c *checker) within(what string, deviation, tolerance float64) {
	c.Helper()
	if !(deviation <= tolerance) {
		c.Errorf("%s %s: off by %.1e, tolerance %.0e", c.f.Model, what, deviation, tolerance)
		return
	}
	c.Logf("%-16s %-22s %.1e of %.0e", c.f.Model, what, deviation, tolerance)
}

func (c *checker) evaluate(s Subject) {
	features, logits, err := s.Evaluate(c.f.Pixels(c.f.Batch))
	if err != nil {
		c.Fatal(err)
	}
	if features != nil {
		c.within("features", c.features(features), c.f.Tolerance.Features)
	}
	c.within("eval logits", c.logits(logits, c.f.Eval.Logits), c.f.Tolerance.EvalLogits)
	labels := c.f.Labels(c.f.Batch)
	losses := make([]float64, len(c.f.Tasks))
	for t, task := range c.f.Tasks {
		losses[t] = meanCrossEntropy(logits[t], task.Classes, labels[t])
	}
	c.within("eval loss", c.losses(losses, c.f.Eval.Loss), c.f.Tolerance.EvalLoss)
}

// features is the largest deviation over the root mean square of an image's features.
func (c *checker) features(got []float32) float64 {
	F := len(got) / c.f.Batch
	var worst float64
	for b, want := range c.f.Eval.First16 {
		row, size := got[b*F:(b+1)*F], c.f.Eval.Norm[b]
		for i, w := range want {
			worst = larger(worst, math.Abs(float64(row[i])-w)/(size/math.Sqrt(float64(F))))
		}
		worst = larger(worst, math.Abs(norm(row)-size)/size)
	}
	return worst
}

// logits is the largest deviation over the root mean square of all of them.
func (c *checker) logits(got [][]float32, want map[string][][]float64) float64 {
	var worst, squares float64
	var n int
	for t, task := range c.f.Tasks {
		flat := slices.Concat(want[task.Name]...)
		if len(got[t]) != len(flat) {
			c.Fatalf("%s: %d logits, want %d", task.Name, len(got[t]), len(flat))
		}
		for i, w := range flat {
			worst = larger(worst, math.Abs(float64(got[t][i])-w))
			squares += w * w
			n++
		}
	}
	return worst / math.Sqrt(squares/float64(n))
}

// losses is the largest relative deviation.
func (c *checker) losses(got []float64, want map[string]float64) float64 {
	var worst float64
	for t, task := range c.f.Tasks {
		w := want[task.Name]
		worst = larger(worst, math.Abs(got[t]-w)/w)
	}
	return worst
}

func (c *checker) differentiate(s Subject) {
	pass, err := s.Differentiate(c.f.Pixels(c.f.Batch), c.f.Labels(c.f.Batch))
	if err != nil {
		c.Fatal(err)
	}
	if pass.Logits != nil {
		c.within("train logits", c.logits(pass.Logits, c.f.Train.Logits), c.f.Tolerance.TrainLogits)
	}
	c.within("train loss", c.losses(pass.Losses, c.f.Train.Loss), c.f.Tolerance.TrainLoss)
	c.gradients(pass.Gradients)
	c.running(pass.Running)
}

func (c *checker) gradients(got map[string][]float32) {
	var norms, probes []float64
	var zero float64
	tol := c.f.Tolerance
	for i, p := range c.params {
		want := c.f.Params[i]
		graph := got[p.Name]
		if len(graph) != p.Len() {
			c.Fatalf("gradient of %s has %d values, want %d", p.Name, len(graph), p.Len())
		}
		timm := make([]float32, len(graph))
		p.Layout.ToTimm(timm, graph, p.Shape)
		if slices.Contains(c.f.Train.Zero, p.Name) {
			zero = larger(zero, norm(timm)/c.f.Train.GradNorm)
			continue
		}
		n := math.Abs(norm(timm)-want.GradNorm) / want.GradNorm
		d := math.Abs(probe(p.Name, timm)-want.GradProbe) / (want.GradNorm / math.Sqrt(3))
		if !(n <= tol.GradNorm) || !(d <= tol.GradProbe) {
			c.Errorf("%s gradient of %s: norm off by %.1e (tolerance %.0e), probe by %.1e (tolerance %.0e)",
				c.f.Model, p.Name, n, tol.GradNorm, d, tol.GradProbe)
		}
		norms, probes = append(norms, n), append(probes, d)
	}
	c.within("gradient norms", slices.Max(norms), tol.GradNorm)
	c.within("gradient norms 95 %", most(norms), tol.GradNorm95)
	c.within("gradient probes", slices.Max(probes), tol.GradProbe)
	c.within("gradient probes 95 %", most(probes), tol.GradProbe95)
	c.within("zero gradients", zero, tol.ZeroGrad)
}

func (c *checker) running(got map[string][]float32) {
	var worst float64
	for _, want := range c.f.Running {
		v := got[want.Name]
		worst = larger(worst, math.Abs(norm(v)-want.Norm)/want.Norm)
		worst = larger(worst, math.Abs(probe(want.Name, v)-want.Probe)/want.Norm)
	}
	c.within("running statistics", worst, c.f.Tolerance.Running)
}

func (c *checker) tenSteps(s Subject) {
	ten := c.f.TenLosses
	pixels, labels := c.f.Pixels(ten.Batch), c.f.Labels(ten.Batch)
	for i, want := range ten.Loss {
		losses, err := s.Step(pixels, labels, ten.LR)
		if err != nil {
			c.Fatal(err)
		}
		var sum float64
		for _, l := range losses {
			sum += l
		}
		c.within(fmt.Sprintf("loss of step %d", i+1), math.Abs(sum-want)/want, c.f.Tolerance.TenLosses[i])
	}
}

// checkFormula makes sure that weights, images and labels are the fixture's.
func (f *Fixture) checkFormula(t *testing.T, gr *backbone.Graph, state weights.State) {
	if len(gr.Params) != len(f.Params) || len(gr.Buffers) != len(f.Running) {
		t.Fatalf("%d parameters and %d buffers, want %d and %d", len(gr.Params), len(gr.Buffers), len(f.Params), len(f.Running))
	}
	for i, p := range gr.Params {
		want := f.Params[i]
		if p.Name != want.Name || !slices.Equal(p.TimmShape(), want.Shape) {
			t.Fatalf("parameter %d is %s %v, want %s %v", i, p.Name, p.TimmShape(), want.Name, want.Shape)
		}
		timm := make([]float32, p.Len())
		p.Layout.ToTimm(timm, state[p.Name], p.Shape)
		n, d := norm(timm), probe(p.Name, timm)
		if !(math.Abs(n-want.WeightNorm) <= 1e-7*want.WeightNorm) || !(math.Abs(d-want.WeightProbe) <= 1e-7*want.WeightNorm) {
			t.Errorf("weights of %s: norm %.9g, probe %.9g, want %.9g and %.9g", p.Name, n, d, want.WeightNorm, want.WeightProbe)
		}
	}
	for i, b := range gr.Buffers {
		if want := f.Running[i].Name; b.Name != want {
			t.Fatalf("buffer %d is %s, want %s", i, b.Name, want)
		}
	}
	var sum float64
	pixels := f.Pixels(4)
	for _, v := range pixels {
		sum += float64(v)
	}
	if !(math.Abs(sum-f.InputCheck.Sum) <= 1e-7*math.Abs(f.InputCheck.Sum)) {
		t.Errorf("the images sum to %.12g, want %.12g", sum, f.InputCheck.Sum)
	}
	for x, want := range f.InputCheck.First {
		if got := float64(pixels[x*3]); !(math.Abs(got-want) <= 1e-7) {
			t.Errorf("red of pixel %d is %.9g, want %.9g", x, got, want)
		}
	}
	for i, labels := range f.Labels(f.TenLosses.Batch) {
		if want := f.Expected[f.Tasks[i].Name]; !slices.Equal(labels, want) {
			t.Errorf("labels of %s are %v, want %v", f.Tasks[i].Name, labels, want)
		}
	}
}

// larger is max, with NaN above everything.
func larger(a, b float64) float64 {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.NaN()
	}
	return max(a, b)
}

// most is the bound below which at least 95 % of the values lie.
func most(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[int(math.Ceil(0.95*float64(len(s))))-1]
}

func meanCrossEntropy(logits []float32, classes int, labels []int32) float64 {
	var total float64
	for i, label := range labels {
		row := logits[i*classes : (i+1)*classes]
		top := float64(slices.Max(row))
		var sum float64
		for _, v := range row {
			sum += math.Exp(float64(v) - top)
		}
		total += math.Log(sum) + top - float64(row[label])
	}
	return total / float64(len(labels))
}
