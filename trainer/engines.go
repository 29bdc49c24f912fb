package trainer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/backbone-sweep/sweep/trainer/engine"
	"github.com/backbone-sweep/sweep/trainer/engine/host"
	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

// Engines opens engines by the names that a config gives them: host, xla, or auto
// for xla where a GPU answers and host elsewhere. An engine that cannot be had is
// an ErrInput.
type Engines struct {
	Where xla.Surroundings // where a plugin is looked for
	XLA   xla.Options      // but for the plugin

	// Probe tries a plugin without loading it into this process, which would hold
	// the GPU from then on. Nil loads it.
	Probe func(plugin string) (xla.Device, error)

	// Insist keeps auto from the host where a GPU is there but full: whoever asks
	// tries again later.
	Insist bool

	// Note is told what auto decided, when that is worth knowing; may be nil.
	Note func(text string)
}

// Choice is what a name stands for on this machine.
type Choice struct {
	Engine string // host or xla
	Device string
	Why    string // why auto chose host although a GPU or a plugin is there; else empty
}

func unknownEngine(name string) error {
	return &inputError{fmt.Errorf("unknown engine %q: want auto, host or xla", name)}
}

// NeedGPU is nil where a GPU answers, else an ErrInput that says why none does.
func (e Engines) NeedGPU() error {
	d, err := e.probe()
	switch {
	case err != nil:
		return &inputError{err}
	case !d.GPU():
		return &inputError{noGPUIn(d)}
	}
	return nil
}

// Open opens an engine.
func (e Engines) Open(name string) (engine.Engine, error) {
	switch name {
	case "host":
		return host.New(), nil
	case "xla":
		eng, err := e.openXLA()
		if err != nil {
			return nil, &inputError{err}
		}
		return eng, nil
	case "", "auto":
	default:
		return nil, unknownEngine(name)
	}
	why := e.noGPU()
	if why == nil {
		eng, err := e.openXLA()
		var full *engine.OutOfMemoryError
		switch {
		case e.Insist && errors.As(err, &full):
			return nil, err
		case err != nil:
			why = err
		case eng.Describe().GPU():
			return eng, nil
		default:
			why = errors.Join(noGPUIn(eng.Describe()), eng.Close())
		}
	}
	e.fallBack(why)
	return host.New(), nil
}

// Choose says what Open would open.
func (e Engines) Choose(name string) (Choice, error) {
	switch name {
	case "host":
		return e.host(nil), nil
	case "xla":
		d, err := e.probe()
		if err != nil {
			return Choice{}, &inputError{err}
		}
		return Choice{Engine: "xla", Device: d.String()}, nil
	case "", "auto":
	default:
		return Choice{}, unknownEngine(name)
	}
	why := e.noGPU()
	if why == nil {
		d, err := e.probe()
		switch {
		case err != nil:
			why = err
		case d.GPU():
			return Choice{Engine: "xla", Device: d.String()}, nil
		default:
			why = noGPUIn(d)
		}
	}
	return e.host(why), nil
}

func (e Engines) host(why error) Choice {
	eng := host.New()
	c := Choice{Engine: "host", Device: eng.Device()}
	if why != nil && !errors.Is(why, errNothing) {
		c.Why = why.Error()
	}
	_ = eng.Close() // it ends its goroutines, which cannot fail
	return c
}

func (e Engines) plugin() (string, error) {
	places := xla.Find(e.Where)
	if file := xla.Plugin(places); file != "" {
		return file, nil
	}
	return "", xla.NoPlugin(places)
}

func (e Engines) openXLA() (xla.Opened, error) {
	file, err := e.plugin()
	if err != nil && xla.Available {
		return nil, err
	}
	o := e.XLA
	o.Plugin = file
	return xla.Open(o)
}

func (e Engines) probe() (xla.Device, error) {
	file, err := e.plugin()
	if err == nil && e.Probe != nil && xla.Available {
		return e.Probe(file)
	}
	eng, err := e.openXLA()
	if err != nil {
		return xla.Device{}, err
	}
	return eng.Describe(), eng.Close()
}

// errNothing says that there is no sign of a GPU: nothing to speak about.
var errNothing = errors.New("no GPU")

// noGPU says why auto need not try to load a plugin; nil when it should.
func (e Engines) noGPU() error {
	_, err := e.plugin()
	driver := gpuDriver(e.Where.Root)
	switch {
	case !driver:
		return errNothing
	case !xla.Available:
		_, err = xla.Open(xla.Options{})
		return err
	}
	return err
}

func noGPUIn(d xla.Device) error {
	return fmt.Errorf("the plugin's device is %s, no GPU: name it with engine: xla to use it", d)
}

func (e Engines) fallBack(why error) {
	if e.Note != nil && !errors.Is(why, errNothing) {
		e.Note(fmt.Sprintf("engine auto trains on the processor: %v", why))
	}
}

// gpuDriver reports whether the driver of a GPU is loaded.
func gpuDriver(root string) bool {
	for _, path := range []string{"/dev/nvidiactl", "/dev/nvidia0", "/proc/driver/nvidia/version", "/dev/dxg", "/dev/kfd"} {
		if _, err := os.Stat(filepath.Join(root, path)); err == nil {
			return true
		}
	}
	return false
}
