//go:build cgo && (linux || darwin)

package xla

import (
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/go-xla/pjrt"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/data"
	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/hlo"
)

// errClosed is returned by a program after Close.
var errClosed = errors.New("the program is closed")

// program is a network whose state lies on the device.
type program struct {
	design
	eng     *Engine
	params  []backbone.Param
	buffers []backbone.Buffer
	tensors []engine.Tensor
	state   []*pjrt.Buffer // parallel to tensors but for the last one, the steps
	steps   int            // done, or in the queue

	resident *pjrt.Buffer // the data set's images; nil: each launch brings its own

	train  map[int]*pjrt.LoadedExecutable // by the images of a step
	logits *pjrt.LoadedExecutable
	score  *pjrt.LoadedExecutable
	judged *judging // what score reads and writes on the host

	queue  *queue // nil until the first step
	closed bool
}

var (
	_ engine.Program  = (*program)(nil)
	_ engine.Resident = (*program)(nil)
	_ engine.Queue    = (*program)(nil)
	_ engine.Scorer   = (*program)(nil)
)

func newProgram(e *Engine, spec engine.Spec) (*program, error) {
	g, err := spec.Graph(spec.Batch, false)
	if err != nil {
		return nil, err
	}
	p := &program{design: design{spec: spec, exact: e.opt.Exact, taps: !e.device.GPU(), most: e.opt.most(e.device)}, eng: e, train: map[int]*pjrt.LoadedExecutable{}}
	p.params, p.buffers = engine.Describe(g)
	p.tensors = engine.Tensors(p.params, p.buffers, spec.Training)
	p.state = make([]*pjrt.Buffer, len(p.tensors))
	if spec.Training {
		p.state = p.state[:len(p.state)-1]
	} else {
		p.stream() // as a rule, nothing is loaded
	}
	longest := 0
	for _, t := range p.tensors {
		longest = max(longest, t.Len)
	}
	zeros := make([]float32, longest)
	for i := range p.state {
		if p.state[i], err = p.upload("state", zeros[:p.tensors[i].Len], p.shape(i)...); err != nil {
			return nil, errors.Join(err, p.Close())
		}
	}
	return p, nil
}

// shape is that of tensor i of the state.
func (p *program) shape(i int) []int {
	P, B := len(p.params), len(p.buffers)
	switch {
	case i < P:
		return p.params[i].Shape
	case i < P+B:
		return p.buffers[i-P].Shape
	}
	return p.params[(i-P-B)%P].Shape
}

// element is what is moved between host and device.
type element interface{ ~float32 | ~int32 | ~uint8 }

// bytesOf views values as bytes. All platforms that the program is built for are
// little-endian.
func bytesOf[T element](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0])))
}

// upload copies values to the device.
func (p *program) upload(what string, values any, dims ...int) (*pjrt.Buffer, error) {
	var raw []byte
	var t dtypes.DType
	switch v := values.(type) {
	case []float32:
		raw, t = bytesOf(v), hlo.F32
	case []int32:
		raw, t = bytesOf(v), hlo.I32
	case []byte:
		raw, t = v, hlo.U8
	default:
		return nil, fmt.Errorf("%s: %T cannot be uploaded", what, values)
	}
	b, err := p.eng.client.BufferFromHost().FromRawData(raw, t, dims).Done()
	if err != nil {
		return nil, failed("upload "+what+" of "+p.spec.Model, err)
	}
	return b, nil
}

// compile hands a module to the compiler.
func (p *program) compile(what string, module []byte, err error) (*pjrt.LoadedExecutable, error) {
	if err != nil {
		return nil, err
	}
	p.spec.Note("compiling %s of %s for %s", what, p.spec.Model, p.eng.Device())
	exec, err := p.eng.client.Compile().WithStableHLO(module).Done()
	if err != nil {
		return nil, failed("compile "+what+" of "+p.spec.Model, err)
	}
	return exec, nil
}

// Load brings all images to the device, where there is room for them besides what
// training needs; otherwise each launch brings its own. It then compiles, so that
// the first step is as fast as the others.
func (p *program) Load(images int, pixels []byte) error {
	switch {
	case p.closed:
		return errClosed
	case images < 1 || len(pixels) != images*p.pixels():
		return fmt.Errorf("load: %d bytes are no %d images of %d × %d × 3", len(pixels), images, p.spec.ImageSize, p.spec.ImageSize)
	}
	if p.roomFor(int64(len(pixels))) {
		b, err := p.upload("images", pixels, images, p.pixels())
		var full *engine.OutOfMemoryError
		switch {
		case err == nil:
			p.resident, p.images = b, images
		case !errors.As(err, &full):
			return err
		}
	}
	if p.resident == nil {
		p.stream()
		p.spec.Note("%.1f GiB of images are brought to the device as they are needed", float64(len(pixels))/(1<<30))
	}
	if !p.spec.Training {
		return nil
	}
	// Measured before the compiler, which tries kernels on the device: this process
	// keeps the memory for that, and can use it afterwards.
	free, total, known := p.freeMemory()
	exec, err := p.trainer(p.spec.Batch)
	if err != nil || !known {
		return err
	}
	return p.fits(exec.OnDeviceMemoryUsageStats.Temporary, free, total)
}

// streamed is how many bytes of images a launch brings at most, unless one step has
// more. Up to three launches are on the device at a time, and all of a launch is
// brought, however many of its steps are done.
const streamed = 64 << 20

// stream makes launches small enough to bring their own images. Nothing is compiled yet.
func (p *program) stream() {
	p.most = max(1, min(p.most, streamed/(p.spec.Batch*p.pixels())))
}

// fits makes sure that of the device, with free out of total bytes besides what the
// program holds already, these many can be had. Where it is too small even when
// nobody else uses it, the error is an *engine.MemoryError, else an
// *engine.OutOfMemoryError.
func (p *program) fits(bytes, free, total int64) error {
	if bytes <= free {
		return nil
	}
	what := fmt.Sprintf("%s at %d px with %d images a batch", p.spec.Model, p.spec.ImageSize, p.spec.Batch)
	if need := p.Memory().Total(); need > total {
		return &engine.MemoryError{What: what, Need: need, Have: total}
	}
	return &engine.OutOfMemoryError{What: what, Detail: fmt.Sprintf("%.1f GiB more are needed and %.1f GiB are free", float64(bytes)/(1<<30), float64(free)/(1<<30))}
}

// roomFor reports whether images may take this many bytes: at most half of what is
// free, as activations want their share. Where nobody knows what is free, they may.
func (p *program) roomFor(bytes int64) bool {
	free, _, known := p.freeMemory()
	return !known || bytes <= free/2
}

func (p *program) freeMemory() (free, total int64, known bool) {
	if p.eng.opt.FreeMemory == nil {
		return 0, 0, false
	}
	return p.eng.opt.FreeMemory(p.eng.device)
}

// trainer is the executable for steps of n images.
func (p *program) trainer(n int) (*pjrt.LoadedExecutable, error) {
	if exec, ok := p.train[n]; ok {
		return exec, nil
	}
	d := p.design
	if p.resident == nil {
		d.images = d.most * n
	}
	text, err := d.stepModule(n)
	exec, err := p.compile(fmt.Sprintf("the step with %d images", n), text, err)
	if err == nil {
		p.train[n] = exec
	}
	return exec, err
}

// Params lists the trained tensors.
func (p *program) Params() []backbone.Param { return slices.Clone(p.params) }

// Buffers lists the running statistics.
func (p *program) Buffers() []backbone.Buffer { return slices.Clone(p.buffers) }

// Tensors lists the state.
func (p *program) Tensors() []engine.Tensor { return slices.Clone(p.tensors) }

// Read copies tensor i to dst, after the steps in the queue.
func (p *program) Read(i int, dst []float32) error {
	if err := p.settle(i, len(dst)); err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	if i == len(p.state) {
		dst[0] = float32(p.steps)
		return nil
	}
	if err := p.state[i].ToHost(bytesOf(dst)); err != nil {
		return failed("read "+p.tensors[i].Name, err)
	}
	return nil
}

// Write copies src to tensor i, after the steps in the queue.
func (p *program) Write(i int, src []float32) error {
	if err := p.settle(i, len(src)); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	if i == len(p.state) {
		p.steps = int(src[0])
		return nil
	}
	b, err := p.upload(p.tensors[i].Name, src, p.shape(i)...)
	if err != nil {
		return err
	}
	old := p.state[i]
	p.state[i] = b
	return old.Destroy()
}

// settle checks the access to a tensor and waits until nothing changes it.
func (p *program) settle(i, n int) error {
	if p.closed {
		return errClosed
	}
	if err := engine.CheckAccess(p.tensors, i, n); err != nil {
		return err
	}
	return p.wait()
}

// Memory is what the compiler says that the largest executable takes.
func (p *program) Memory() engine.Memory {
	var m engine.Memory
	for i := range p.state {
		m.State += 4 * int64(p.tensors[i].Len)
	}
	for _, exec := range p.train {
		s := exec.OnDeviceMemoryUsageStats
		m.Activations = max(m.Activations, s.Temporary+s.GeneratedCode)
	}
	if p.resident != nil {
		m.Activations += int64(p.images) * int64(p.pixels())
	}
	return m
}

// Close lets go of everything on the device.
func (p *program) Close() error {
	if p.closed {
		return nil
	}
	err := p.stop()
	p.closed = true
	for _, b := range append(p.state, p.resident) {
		if b != nil {
			err = errors.Join(err, b.Destroy())
		}
	}
	for _, exec := range p.train {
		err = errors.Join(err, exec.Destroy())
	}
	return errors.Join(err, p.logits.Destroy(), p.score.Destroy())
}

// checkBatch makes sure that a batch of 1 … most images is one of the data set's
// on the device, or brings its pixels.
func (p *program) checkBatch(b *data.Batch, most int) error {
	spec := p.spec
	spec.Batch = most
	if p.resident == nil {
		return spec.CheckPixels(b)
	}
	return spec.CheckIndex(b, p.images)
}
