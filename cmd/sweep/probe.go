package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/trainer"
	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

const (
	// probeTime is more than the slowest driver takes to start.
	probeTime = 90 * time.Second
	// probeValid is how long a plugin that failed is not asked again. One that has
	// answered is not asked twice: a GPU seldom goes, and asking takes a while and
	// some of its memory.
	probeValid = time.Minute
)

// newProbe is how this program asks a plugin what it can do: in a process of its
// own, which lets go of the GPU when it ends and takes nothing with it should the
// plugin crash.
func newProbe(e *env) *cobra.Command {
	return &cobra.Command{
		Use:    "probe",
		Short:  "Open a plugin and say what it found (internal)",
		Hidden: true,
		Args:   needs(),
		RunE: func(*cobra.Command, []string) error {
			engines := e.engines("")
			engines.Probe = nil
			eng, err := engines.Open("xla")
			if err != nil {
				return withCode(exitUsage, err)
			}
			defer eng.Close()
			opened := eng.(xla.Opened)
			if err := opened.SelfTest(); err != nil {
				return withCode(exitUsage, err)
			}
			return writeJSON(e.stdout, opened.Describe())
		},
	}
}

// engines opens engines as this process's flags and environment say; plugin is
// one that a run names.
func (e *env) engines(plugin string) trainer.Engines {
	switch {
	case plugin == "":
		plugin = e.flags.plugin
	case plugin == e.plugin() && e.flags.plugin == "":
		plugin = "" // the search finds it in the environment, and says so
	}
	o := xla.Options{Exact: e.getenv("SWEEP_TF32") == "0", FreeMemory: e.freeMemoryOf}
	if f, err := strconv.ParseFloat(e.getenv("SWEEP_GPU_FRACTION"), 64); err == nil && f > 0 && f <= 1 {
		o.Fraction = f
	}
	if dir, err := os.UserCacheDir(); err == nil {
		o.Cache = filepath.Join(dir, "sweep", "xla")
	}
	return trainer.Engines{
		Where: xla.Surroundings{Plugin: plugin, Getenv: e.getenv},
		XLA:   o,
		Probe: func(file string) (xla.Device, error) { return e.probes.ask(e, file) },
	}
}

// plugin is the plugin that was named, as an absolute path; empty for a search.
func (e *env) plugin() string {
	name := e.flags.plugin
	if name == "" {
		name = e.getenv(xla.PluginVariable)
	}
	if name == "" {
		return ""
	}
	if path, err := absolute(name); err == nil {
		return path
	}
	return name
}

// probes remembers what plugins have answered.
type probes struct {
	mu   sync.Mutex
	said map[string]answer // by plugin
}

type answer struct {
	device xla.Device
	err    error
	at     time.Time
}

func (p *probes) ask(e *env, plugin string) (xla.Device, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a, ok := p.said[plugin]; ok && (a.err == nil || time.Since(a.at) < probeValid) {
		return a.device, a.err
	}
	d, err := e.probe(plugin)
	if p.said == nil {
		p.said = map[string]answer{}
	}
	p.said[plugin] = answer{d, err, time.Now()}
	return d, err
}

// probe opens a plugin in a process of its own.
func (e *env) probe(plugin string) (xla.Device, error) {
	ctx, cancel := context.WithTimeout(context.Background(), probeTime)
	defer cancel()
	command, err := e.self("probe", "--plugin", plugin)
	if err != nil {
		return xla.Device{}, err
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.WaitDelay = time.Second
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	err = cmd.Run()
	var d xla.Device
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &d)
	}
	if err == nil {
		return d, nil
	}
	fault := func(what string) error {
		return &xla.PluginError{Plugin: plugin, What: fmt.Sprintf("%s %s", plugin, what), Mend: xla.InstallCommand + " brings another version"}
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return d, fault(fmt.Sprintf("did not answer within %v", probeTime))
	case errors.As(err, &exit) && exit.ExitCode() == exitUsage:
		return d, probeError(words.String())
	case errors.As(err, &exit):
		return d, fault(fmt.Sprintf("crashed (%v: %s)", exit, lastLine(words.String())))
	}
	return d, fault(fmt.Sprintf("gave no answer (%v)", err))
}

// probeError is what the other process said, without its name before it.
type probeError string

func (p probeError) Error() string {
	return strings.TrimPrefix(lastLine(string(p)), "sweep: ")
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// self is the command line of another command of this program.
func (e *env) self(args ...string) ([]string, error) {
	if len(e.program) > 0 {
		return append(append([]string{}, e.program...), args...), nil
	}
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return append([]string{path}, args...), nil
}

// deviceWait is how long a question for the device may take.
const deviceWait = 300 * time.Millisecond

// autoDevice finds out what the engine auto would train on. That may take as long as
// a driver takes to start; until then the answer is "".
func (e *env) autoDevice() (device func() string) {
	known := make(chan struct{})
	var name string
	go func() {
		defer close(known)
		c, err := e.engines("").Choose("auto")
		if name = c.Device; err != nil {
			name = err.Error()
		}
	}()
	return func() string {
		select {
		case <-known:
			return name
		case <-time.After(deviceWait):
			return ""
		}
	}
}
