package configs

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed *.yaml
var embedded embed.FS

// Load reads the config that a --config argument names: a file or, where there
// is no such file, an embedded config, with or without ".yaml". Relative paths
// in a file start at its folder, those in an embedded config at the current one.
func Load(arg string) (*Config, error) {
	info, err := os.Stat(arg)
	switch {
	case err == nil && !info.IsDir():
		data, err := os.ReadFile(arg)
		if err != nil {
			return nil, &Error{Config: arg, Msg: "cannot be read: " + reason(err), Err: err}
		}
		return Parse(arg, data, filepath.Dir(arg))
	case isEmbedded(arg):
		return LoadEmbedded(arg)
	case err == nil:
		return nil, &Error{Config: arg, Msg: "is a folder, not a file"}
	case errors.Is(err, fs.ErrNotExist):
		near := didYouMean(strings.TrimSuffix(arg, ".yaml"), Embedded())
		if near == "" {
			near = fmt.Sprintf(" (configs inside the program: %s)", strings.Join(Embedded(), ", "))
		}
		return nil, &Error{Config: arg, Msg: "no such file" + near, Err: err}
	default:
		return nil, &Error{Config: arg, Msg: "cannot be read: " + reason(err), Err: err}
	}
}

// Embedded lists the configs inside the program by name, sorted.
func Embedded() []string {
	entries, err := embedded.ReadDir(".")
	if err != nil {
		return nil // an embedded folder can always be read
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// EmbeddedText returns the text of an embedded config, comments and all.
func EmbeddedText(name string) ([]byte, error) {
	file := strings.TrimSuffix(name, ".yaml") + ".yaml"
	data, err := embedded.ReadFile(file)
	if err != nil {
		return nil, &Error{Config: name, Msg: "not among the configs inside the program: " + strings.Join(Embedded(), ", "), Err: err}
	}
	return data, nil
}

// LoadEmbedded reads the config of that name inside the program; relative paths
// start at the current folder.
func LoadEmbedded(name string) (*Config, error) {
	data, err := EmbeddedText(name)
	if err != nil {
		return nil, err
	}
	return Parse(strings.TrimSuffix(name, ".yaml")+".yaml", data, ".")
}

func isEmbedded(name string) bool {
	return slices.Contains(Embedded(), strings.TrimSuffix(name, ".yaml"))
}

// Discover lists the config files of a project: *.yaml and *.yml in and under its
// folder configs, sorted; hidden files and folders are passed over. A project
// without that folder has none.
func Discover(project string) ([]string, error) {
	var files []string
	dir := filepath.Join(project, "configs")
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(filepath.Base(path), ".")
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if hidden {
				return filepath.SkipDir
			}
		case !hidden && slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(path)):
			files = append(files, path)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("configs: %w", err)
	}
	return files, nil
}

// reason is the cause of a file error without the path, which the message has.
func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err.Error()
	}
	return err.Error()
}
