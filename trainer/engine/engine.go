package engine

import (
	"fmt"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/data"
)

// Engine executes networks on one kind of device.
type Engine interface {
	// Name is what a config calls the engine: host or xla.
	Name() string

	// Device says what it runs on, for people and for provenance.
	Device() string

	// Compile builds a program whose state is all zeros. The caller closes it.
	Compile(Spec) (Program, error)

	// Close releases the device. All programs must be closed before.
	Close() error
}

// Precisions of the arithmetic. Parameters and moments are float32 in either.
const (
	FP32 = "fp32"
	BF16 = "bf16"
)

// Spec is what a program is compiled for.
type Spec struct {
	Model       string
	Head        string // run.HeadMulti or run.HeadSingle
	Tasks       []run.Task
	ImageSize   int // pixels of a side
	Batch       int // images of a full batch; smaller ones are allowed
	WeightDecay float64
	Precision   string // FP32 (also when empty) or BF16, which not every engine has
	Training    bool   // false: the program only evaluates and has no moments

	Log func(string) // told of what takes long; may be nil
}

// Note says what is being done, where somebody listens.
func (s Spec) Note(format string, args ...any) {
	if s.Log != nil {
		s.Log(fmt.Sprintf(format, args...))
	}
}

// Program is a compiled network with its state.
type Program interface {
	// Step trains on a batch of 1 … Spec.Batch images at the learning rate lr
	// and puts the mean loss of each task into losses. When one of them is not
	// finite the state stays as it was; that is the caller's to notice.
	Step(b *data.Batch, lr float64, losses []float64) error

	// Evaluate puts the logits of a batch of 1 … Spec.Batch images into logits,
	// one slice a task with room for images × classes values, row by row. It
	// uses running statistics and changes nothing.
	Evaluate(b *data.Batch, logits [][]float32) error

	// Params and Buffers describe the network's tensors in timm's order; their
	// nodes are nil.
	Params() []backbone.Param
	Buffers() []backbone.Buffer

	// Tensors lists the state. Read and Write take an index into it and exactly
	// its Len values.
	Tensors() []Tensor
	Read(i int, dst []float32) error
	Write(i int, src []float32) error

	// Memory is what the program needs on its device.
	Memory() Memory

	Close() error
}

// Memory is a program's need in bytes.
type Memory struct {
	State       int64 // parameters, moments and running statistics
	Activations int64 // everything else: pixels, activations, gradients
}

// Total is the sum.
func (m Memory) Total() int64 { return m.State + m.Activations }
