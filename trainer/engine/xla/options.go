package xla

import (
	"strings"
	"time"

	"github.com/backbone-sweep/sweep/trainer/engine"
)

// Options say how the engine is opened.
type Options struct {
	Plugin string // file; see Find

	// Fraction is the share of a GPU's memory that may be taken at most; 0 leaves it
	// to the plugin.
	Fraction float64

	// Exact forms float32 products without TF32.
	Exact bool

	// Cache is a folder in which the compiler keeps what it measured on this GPU,
	// so that the next program compiles faster; empty for none.
	Cache string

	// FreeMemory says how many bytes of the device are free and how many it has.
	// Nil, or !ok, means that nobody knows.
	FreeMemory func(d Device) (free, total int64, ok bool)

	// Most is the most steps of a launch; 0 chooses by the device.
	Most int

	// LaunchTime is how long a launch of several steps should take; 0 means
	// DefaultLaunchTime.
	LaunchTime time.Duration
}

// DefaultLaunchTime keeps the curves moving, and the pauses between launches, about
// a millisecond each, far below one percent.
const DefaultLaunchTime = 250 * time.Millisecond

// mostOnGPU is the most steps, or batches of a validation, of a launch on a GPU.
const mostOnGPU = 64

func (o Options) most(d Device) int {
	switch {
	case o.Most > 0:
		return o.Most
	case d.GPU():
		return mostOnGPU
	}
	return 1
}

// Device describes what a plugin found.
type Device struct {
	Platform string `json:"platform"` // cuda, rocm, cpu, …
	Name     string `json:"name"`     // NVIDIA H100 80GB HBM3
	Version  string `json:"version"`  // of the platform, as the plugin tells it
	API      string `json:"api"`      // PJRT version, 0.78
	Count    int    `json:"count"`    // devices
}

// GPU reports whether the device is one.
func (d Device) GPU() bool {
	return d.Platform == "cuda" || d.Platform == "rocm" || d.Platform == "gpu"
}

// String names the platform and the product: cuda NVIDIA H100 80GB HBM3.
func (d Device) String() string {
	if strings.EqualFold(d.Platform, d.Name) {
		return d.Name
	}
	return d.Platform + " " + d.Name
}

// Opened is an open engine.
type Opened interface {
	engine.Engine

	// Describe says more about the device.
	Describe() Device

	// SelfTest tries whether the device computes; its error is a *PluginError.
	SelfTest() error
}
