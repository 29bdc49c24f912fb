//go:build cgo && (linux || darwin)

package xla

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gomlx/go-xla/pjrt"
	"k8s.io/klog/v2"

	"github.com/backbone-sweep/sweep/trainer/engine"
)

// Available reports whether this build has the engine.
const Available = true

// Engine executes networks on one device of a plugin.
type Engine struct {
	opt    Options
	client *pjrt.Client
	device Device
}

var _ Opened = (*Engine)(nil)

// quiet keeps the library's remarks away from the user: what matters comes back
// as an error.
var quiet = sync.OnceFunc(func() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
})

// Open loads the plugin and takes its first device. The device's memory is taken
// piece by piece as it is needed, so several processes can share it. The error is
// a *PluginError, and an *engine.OutOfMemoryError as well where others have filled
// the device. A plugin stays loaded until the process ends.
func Open(o Options) (Opened, error) {
	quiet()
	if o.Plugin == "" {
		return nil, NoPlugin(nil)
	}
	path, err := filepath.Abs(o.Plugin)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return nil, &PluginError{path, path + " is no file", "give the file of a PJRT plugin"}
	}
	o.prepare(path)
	version, err := checkLibrary(path)
	if err != nil {
		return nil, err
	}
	plugin, err := pjrt.GetPlugin(path)
	if err != nil {
		return nil, &PluginError{path, fmt.Sprintf("%s cannot be used (%s)", path, sentence(err)), InstallCommand}
	}
	options := pjrt.NamedValuesMap{}
	if isCUDA(path) {
		options["preallocate"] = false
		options["visible_devices"] = []int64{0}
		if o.Fraction > 0 {
			options["memory_fraction"] = float32(o.Fraction)
		}
	}
	client, err := plugin.NewClient(options)
	if err != nil {
		return nil, openError(path, err)
	}
	e := &Engine{opt: o, client: client, device: Device{
		Platform: strings.ToLower(client.Platform()), Version: firstLine(client.PlatformVersion()), API: version, Count: client.NumDevices(),
	}}
	if e.device.Count == 0 {
		return nil, &PluginError{path, "the plugin found no device", "check the driver with nvidia-smi"}
	}
	e.device.Name = deviceName(e.device.Platform)
	return e, nil
}

// fullError is the error of a plugin whose device has no room for one more process.
type fullError struct{ PluginError }

func (e *fullError) Unwrap() []error {
	return []error{&e.PluginError, &engine.OutOfMemoryError{What: "open the engine", Detail: e.What}}
}

// openError explains why a plugin made no client.
func openError(path string, err error) error {
	text := sentence(err)
	mend := "check the driver with nvidia-smi"
	switch {
	case !isCUDA(path):
		mend = "use another plugin"
	case strings.Contains(text, exhausted) || strings.Contains(text, "out of memory"):
		return &fullError{PluginError{path, fmt.Sprintf("no GPU answers (%s)", text), "other programs hold the GPU's memory: see nvidia-smi"}}
	case strings.Contains(strings.ToLower(text), "cudnn") || strings.Contains(strings.ToLower(text), "cublas") || strings.Contains(text, "library"):
		mend = InstallCommand + " brings CUDA's libraries"
	}
	return &PluginError{path, fmt.Sprintf("no GPU answers (%s)", text), mend}
}

func isCUDA(path string) bool { return strings.Contains(filepath.Base(path), "cuda") }

// prepare sets what the plugin reads from the environment when it is loaded.
func (o Options) prepare(plugin string) {
	set := func(key, value string) {
		if os.Getenv(key) == "" {
			_ = os.Setenv(key, value) // only a malformed key is an error
		}
	}
	set("GOMLX_NO_AUTO_INSTALL", "1")
	set("GOPJRT_CUDA_CHECKS", "no")
	set("TF_CPP_MIN_LOG_LEVEL", "2") // errors only
	if !isCUDA(plugin) {
		return
	}
	flags := strings.Fields(os.Getenv("XLA_FLAGS"))
	add := func(flag, value string) {
		for _, f := range flags {
			if strings.HasPrefix(f, flag+"=") {
				return // the user knows better
			}
		}
		if value != "" {
			flags = append(flags, flag+"="+value)
		}
	}
	add("--xla_gpu_cuda_data_dir", dataFolder(plugin))
	if o.Cache != "" && os.MkdirAll(o.Cache, 0o700) == nil {
		add("--xla_gpu_per_fusion_autotune_cache_dir", o.Cache)
	}
	_ = os.Setenv("XLA_FLAGS", strings.Join(flags, " "))
}

// deviceName is the name of the product. The library does not pass it on, but
// NVIDIA's driver writes it into a file.
func deviceName(platform string) string {
	if platform != "cuda" {
		return platform
	}
	files, _ := filepath.Glob("/proc/driver/nvidia/gpus/*/information") // the pattern is right
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if model, ok := strings.CutPrefix(line, "Model:"); ok {
				return strings.TrimSpace(model)
			}
		}
	}
	return platform
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// Name is xla.
func (e *Engine) Name() string { return "xla" }

// Device names the platform and the product: cuda NVIDIA H100 80GB HBM3.
func (e *Engine) Device() string { return e.device.String() }

// Describe says more about the device.
func (e *Engine) Describe() Device { return e.device }

// Compile checks that the network can be built and makes room for its state, all
// zeros. The compiler itself runs when the program knows its images: at Load, or
// at the first batch.
func (e *Engine) Compile(spec engine.Spec) (engine.Program, error) {
	switch spec.Precision {
	case "", engine.FP32, engine.BF16:
	default:
		return nil, &engine.UnsupportedError{Engine: e.Name(), What: "precision " + spec.Precision, Use: "use fp32 or bf16"}
	}
	return newProgram(e, spec)
}

// Close lets go of the device.
func (e *Engine) Close() error { return e.client.Destroy() }
