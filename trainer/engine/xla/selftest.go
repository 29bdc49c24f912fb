//go:build cgo && (linux || darwin)

package xla

import (
	"fmt"

	"github.com/gomlx/go-xla/pjrt"

	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/op"
)

// SelfTest compiles and runs a convolution and a matrix product, for which a GPU
// needs all of its libraries, and looks at the result. A library that is missing is
// found here, and not after a run has begun.
func (e *Engine) SelfTest() error {
	const S, C, K, O = 16, 8, 16, 4
	p := &program{eng: e, design: design{spec: engine.Spec{Model: "the self-test"}}}
	m := hlo.New("selftest")
	x, w, v := m.Arg("x", hlo.F32, 1, S, S, C), m.Arg("w", hlo.F32, 3, 3, C, K), m.Arg("v", hlo.F32, K, O)
	l := &op.Lowering{Func: m.Func}
	y := op.Conv{Stride: 1, Groups: 1}.Lower(l, []hlo.Value{x, w})
	m.Return(op.Dense{}.Lower(l, []hlo.Value{y, v}))
	text, err := m.Text()
	exec, err := p.compile("a test", text, err)
	if err != nil {
		return e.broken(err)
	}
	defer exec.Destroy()
	var args []*pjrt.Buffer
	defer func() { destroy(args) }()
	for _, dims := range [][]int{{1, S, S, C}, {3, 3, C, K}, {K, O}} {
		n := 1
		for _, d := range dims {
			n *= d
		}
		ones := make([]float32, n)
		for i := range ones {
			ones[i] = 1
		}
		b, err := p.upload("a test", ones, dims...)
		if err != nil {
			return err
		}
		args = append(args, b)
	}
	out, err := exec.Execute(args...).Done()
	if err != nil {
		return e.broken(failed("run a test", err))
	}
	defer destroy(out)
	got := make([]float32, (S-2)*(S-2)*O)
	if err := out[0].ToHost(bytesOf(got)); err != nil {
		return e.broken(failed("read a test", err))
	}
	for i, g := range got {
		if want := float32(3 * 3 * C * K); g != want {
			return &PluginError{e.opt.Plugin, fmt.Sprintf("%s computes wrong values: value %d of the self-test is %g, not %g", e.device, i, g, want), "try another driver or plugin"}
		}
	}
	return nil
}

// broken says what a plugin that cannot compile or run lacks.
func (e *Engine) broken(err error) error {
	mend := "use another plugin"
	if e.device.GPU() {
		mend = InstallCommand + " brings CUDA's libraries"
	}
	return &PluginError{e.opt.Plugin, fmt.Sprintf("%s answers, but cannot compute (%s)", e.device, sentence(err)), mend}
}
