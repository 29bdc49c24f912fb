package xla

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// PluginVariable is the environment variable that names a plugin.
const PluginVariable = "SWEEP_PJRT_PLUGIN"

// InstallCommand brings the plugin for NVIDIA GPUs.
const InstallCommand = `pip install "jax[cuda13]"`

// cudaPlugin is where JAX puts its plugin inside a folder of Python packages.
const cudaPlugin = "jax_plugins/xla_cuda*/xla_cuda_plugin.so"

// Surroundings are what the search for a plugin depends on.
type Surroundings struct {
	Plugin string // of --plugin; empty when it is not given
	Getenv func(string) string
	// Root stands before the system's folders; empty outside of tests.
	Root string
}

// System are the surroundings of this process.
func System(plugin string) Surroundings { return Surroundings{Plugin: plugin, Getenv: os.Getenv} }

// Place is one step of the search.
type Place struct {
	Name string // --plugin, $SWEEP_PJRT_PLUGIN, virtualenv, …
	Path string // the file or folder looked at; empty when there is none to look at
	File string // the plugin found there; empty when there is none
}

// Find looks for a plugin where a user would expect it: the one that is named, then
// that of the active Python environment, of the user's and of the system's. It
// returns every place in that order; the first with a File is the one to use.
// Naming a plugin ends the search, whether it is there or not.
func Find(s Surroundings) []Place {
	var places []Place
	for _, named := range []Place{{Name: "--plugin", Path: s.Plugin}, {Name: "$" + PluginVariable, Path: s.Getenv(PluginVariable)}} {
		if named.Path != "" {
			if info, err := os.Stat(named.Path); err == nil && !info.IsDir() {
				named.File = named.Path
			}
		}
		places = append(places, named)
		if named.Path != "" {
			return places
		}
	}
	for _, env := range s.environments() {
		place := Place{Name: env.name, Path: env.folder}
		if env.folder != "" {
			place.File = newest(env.packages)
		}
		places = append(places, place)
	}
	return places
}

// Plugin is the file that the search ended with; empty when it found none.
func Plugin(places []Place) string {
	for _, p := range places {
		if p.File != "" {
			return p.File
		}
	}
	return ""
}

// environment is a place where Python packages are installed.
type environment struct {
	name, folder string
	packages     []string // patterns of folders of packages
}

func (s Surroundings) environments() []environment {
	under := func(folder string) []string {
		folder = literal.Replace(folder)
		return []string{filepath.Join(folder, "lib", "python3*", "site-packages"), filepath.Join(folder, "lib64", "python3*", "site-packages")}
	}
	of := func(name, folder string) environment {
		if folder == "" {
			return environment{name: name}
		}
		return environment{name, folder, under(folder)}
	}
	user := s.Getenv("PYTHONUSERBASE")
	if user == "" && s.Getenv("HOME") != "" {
		user = filepath.Join(s.Getenv("HOME"), ".local")
	}
	list := []environment{
		of("virtualenv", s.Getenv("VIRTUAL_ENV")),
		of("conda", s.Getenv("CONDA_PREFIX")),
		of("python3 on PATH", s.python()),
		of("user packages", user),
	}
	local, usr := filepath.Join(s.Root, "/usr/local"), filepath.Join(s.Root, "/usr")
	return append(list, environment{"system packages", usr, append(append(under(local), under(usr)...),
		filepath.Join(literal.Replace(local), "lib", "python3*", "dist-packages"), filepath.Join(literal.Replace(usr), "lib", "python3*", "dist-packages"))})
}

// literal makes a path a pattern that matches it alone.
var literal = strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`, `\`, `\\`)

// python is the folder of the environment whose python3 would be run: the one of
// a virtualenv that was not activated, too.
func (s Surroundings) python() string {
	for _, dir := range filepath.SplitList(s.Getenv("PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		if info, err := os.Stat(filepath.Join(dir, "python3")); err == nil && !info.IsDir() {
			return filepath.Dir(filepath.Clean(dir))
		}
	}
	return ""
}

// newest is the plugin for the newest CUDA among those that the folders hold.
func newest(folders []string) string {
	var found []string
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(cudaPlugin)))
		if err == nil { // the patterns are right
			found = append(found, files...)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.MaxFunc(found, func(a, b string) int {
		return strings.Compare(filepath.Base(filepath.Dir(a)), filepath.Base(filepath.Dir(b)))
	})
}

// dataFolder is the folder of CUDA's own files beside a plugin that JAX installed:
// site-packages/nvidia/…; empty when there is none.
func dataFolder(plugin string) string {
	packages := filepath.Dir(filepath.Dir(filepath.Dir(plugin)))
	for _, name := range []string{"nvidia/cu13", "nvidia/cuda_nvcc"} {
		if dir := filepath.Join(packages, filepath.FromSlash(name)); isFolder(dir) {
			return dir
		}
	}
	return ""
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
