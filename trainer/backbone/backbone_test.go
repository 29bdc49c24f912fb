package backbone

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

func options(model string, training bool) Options {
	return Options{
		Model: model, Head: run.HeadMulti, TaskNames: []string{"action", "emotion", "situation"}, Classes: []int{13, 6, 17},
		Batch: 2, Size: 32, Training: training,
	}
}

func TestParameterCounts(t *testing.T) {
	want := map[string]struct{ features, body, all int }{
		"resnet18":        {512, 11_176_512, 11_194_980},
		"resnet50":        {2048, 23_508_032, 23_581_796},
		"efficientnet_b4": {1792, 17_548_616, 17_613_164},
		"convnext_base":   {1024, 87_566_464, 87_603_364},
	}
	for _, name := range Names() {
		info, err := Describe(name)
		if err != nil {
			t.Fatal(err)
		}
		w := want[name]
		if info.FeatureDim != w.features || info.Size() != w.body {
			t.Errorf("%s: %d features and %d parameters, want %d and %d", name, info.FeatureDim, info.Size(), w.features, w.body)
		}
		gr, err := Build(options(name, false))
		if err != nil {
			t.Fatal(err)
		}
		all := 0
		for _, p := range gr.Params {
			all += p.Len()
		}
		if all != w.all {
			t.Errorf("%s with heads: %d parameters, want %d", name, all, w.all)
		}
	}
	if len(want) != len(Names()) {
		t.Errorf("models %v, want %d", Names(), len(want))
	}
}

func TestTrainingAndEvaluationAgree(t *testing.T) {
	for _, name := range Names() {
		train, err := Build(options(name, true))
		if err != nil {
			t.Fatal(err)
		}
		eval, err := Build(options(name, false))
		if err != nil {
			t.Fatal(err)
		}
		if len(train.Params) != len(eval.Params) || len(train.Buffers) != len(eval.Buffers) {
			t.Fatalf("%s: training has %d parameters and %d buffers, evaluation %d and %d", name,
				len(train.Params), len(train.Buffers), len(eval.Params), len(eval.Buffers))
		}
		for i, p := range train.Params {
			e := eval.Params[i]
			if p.Name != e.Name || !slices.Equal(p.Shape, e.Shape) || p.Init != e.Init || p.Layout != e.Layout {
				t.Errorf("%s: parameter %d is %s %v in training, %s %v in evaluation", name, i, p.Name, p.Shape, e.Name, e.Shape)
			}
			if g := train.Grads[i]; !slices.Equal([]int(g.Shape()), p.Shape) {
				t.Errorf("%s: the gradient of %s is %v, want %v", name, p.Name, g.Shape(), p.Shape)
			}
		}
		for i, b := range train.Buffers {
			e := eval.Buffers[i]
			if b.Name != e.Name || b.Row != e.Row {
				t.Errorf("%s: buffer %d is %s in training, %s in evaluation", name, i, b.Name, e.Name)
			}
			if b.Stats == nil || !slices.Equal([]int(b.Stats.Shape()), []int{2, b.Shape[0]}) || e.Node == nil {
				t.Errorf("%s: %s lacks its node", name, b.Name)
			}
		}
		if got := []int(train.Features.Shape()); !slices.Equal(got, []int{2, map[string]int{
			"resnet18": 512, "resnet50": 2048, "efficientnet_b4": 1792, "convnext_base": 1024,
		}[name]}) {
			t.Errorf("%s: features %v", name, got)
		}
	}
}

func TestSingleHead(t *testing.T) {
	o := options("resnet18", true)
	o.Head = run.HeadSingle
	gr, err := Build(o)
	if err != nil {
		t.Fatal(err)
	}
	n := len(gr.Params)
	if w, b := gr.Params[n-2], gr.Params[n-1]; w.Name != "fc.weight" || !slices.Equal(w.TimmShape(), []int{36, 512}) ||
		b.Name != "fc.bias" || !slices.Equal(b.Shape, []int{36}) || !w.Head || !b.Head {
		t.Errorf("head %s %v, %s %v", w.Name, w.TimmShape(), b.Name, b.Shape)
	}
	for i, classes := range o.Classes {
		if got := []int(gr.Logits[i].Shape()); !slices.Equal(got, []int{2, classes}) {
			t.Errorf("logits of task %d are %v, want [2 %d]", i, got, classes)
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(o *Options)
		want   string
	}{
		"model":   {func(o *Options) { o.Model = "vgg16" }, "resnet18, resnet50, efficientnet_b4, convnext_base"},
		"head":    {func(o *Options) { o.Head = "double" }, "use multi or single"},
		"size":    {func(o *Options) { o.Size = 16 }, "use at least 32"},
		"batch":   {func(o *Options) { o.Batch = 0 }, "use at least 1"},
		"tasks":   {func(o *Options) { o.TaskNames = nil }, "one of each per task"},
		"classes": {func(o *Options) { o.Classes = []int{13, 0, 17} }, "emotion has 0 classes"},
	} {
		o := options("resnet18", false)
		c.change(&o)
		_, err := Build(o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
		var unknown *UnknownModelError
		if errors.As(err, &unknown) != (name == "model") {
			t.Errorf("%s: error type %T", name, err)
		}
	}
}

func TestOddSizesBuild(t *testing.T) {
	for _, name := range Names() {
		for _, size := range []int{32, 33, 75, 224} {
			o := options(name, true)
			o.Size, o.Batch = size, 1
			if _, err := Build(o); err != nil {
				t.Errorf("%s at %d px: %v", name, size, err)
			}
		}
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		row, count int
		want       float64
	}{{0, 4, 1}, {1, 4, 4.0 / 3}, {1, 1, 1}} {
		if got := (Buffer{Row: c.row, Count: c.count}).Scale(); got != c.want {
			t.Errorf("row %d of %d values: %v, want %v", c.row, c.count, got, c.want)
		}
	}
}
