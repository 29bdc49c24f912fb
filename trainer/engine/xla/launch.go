//go:build cgo && (linux || darwin)

package xla

import (
	"math"
	"time"

	"github.com/gomlx/go-xla/pjrt"

	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
)

// launch is a number of steps with equally many images, as the device gets them.
type launch struct {
	n, count int       // images of a step; steps
	index    []int32   // [K, n]
	flip     []byte    // [K, n]
	labels   []int32   // [K, T, n]
	settings []float32 // [K, 3]
	pixels   []byte    // [K·n, S·S·3]; empty when the images are on the device

	exec   *pjrt.LoadedExecutable
	args   []*pjrt.Buffer // images, steps, index, flip, labels, settings
	losses *pjrt.Buffer   // [K, T], after the run
	took   time.Duration
	err    error
}

// argCount is the number of arguments before the state.
const argCount = 6

// fill adds a step to a launch.
func (p *program) fill(l *launch, b *data.Batch, lr float64) {
	k, n := l.count, l.n
	l.count++
	markFlips(l.flip[k*n:], b.Flip)
	for i := range n {
		if p.resident != nil {
			l.index[k*n+i] = b.Index[i]
			continue
		}
		l.index[k*n+i] = int32(k*n + i)
		copy(l.pixels[(k*n+i)*p.pixels():], b.Pixels[i])
	}
	T := len(p.spec.Tasks)
	for t := range T {
		copy(l.labels[(k*T+t)*n:], b.Labels[t])
	}
	p.steps++
	t := float64(p.steps)
	s := l.settings[k*setting:]
	s[decay] = float32(lr * p.spec.WeightDecay)
	s[rate] = float32(lr / (1 - math.Pow(engine.Beta1, t)))
	s[unbias] = float32(1 / math.Sqrt(1-math.Pow(engine.Beta2, t)))
}

// markFlips writes 1 for an image to be mirrored, else 0.
func markFlips(to []byte, flips []bool) {
	for i, flip := range flips {
		to[i] = 0
		if flip {
			to[i] = 1
		}
	}
}

// stage brings a filled launch to the device.
func (p *program) stage(l *launch) error {
	exec, err := p.trainer(l.n)
	if err != nil {
		return err
	}
	K, T := p.most, len(p.spec.Tasks)
	l.exec = exec
	for _, arg := range []struct {
		what   string
		values any
		dims   []int
	}{
		{"images", l.pixels, []int{K * l.n, p.pixels()}},
		{"step count", []int32{int32(l.count)}, nil},
		{"indices", l.index, []int{K, l.n}},
		{"flips", l.flip, []int{K, l.n}},
		{"labels", l.labels, []int{K, T, l.n}},
		{"settings", l.settings, []int{K, setting}},
	} {
		b := p.resident
		if len(l.args) > 0 || b == nil {
			if b, err = p.upload(arg.what, arg.values, arg.dims...); err != nil {
				return err
			}
		}
		l.args = append(l.args, b)
	}
	return nil
}

// release lets go of what a launch has on the device, but for shared images.
func (l *launch) release() {
	for i, b := range l.args {
		if i > 0 || len(l.pixels) > 0 {
			_ = b.Destroy() // the memory of a device that failed cannot be freed either
		}
	}
	l.args = l.args[:0]
	if l.losses != nil {
		_ = l.losses.Destroy()
		l.losses = nil
	}
}
