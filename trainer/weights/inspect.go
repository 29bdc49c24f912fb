package weights

import (
	"errors"
	"strings"

	"github.com/backbone-sweep/sweep/trainer/backbone"
)

// Report is what a weight file holds.
type Report struct {
	Path     string            `json:"path"`
	Format   string            `json:"format"` // safetensors or pth
	Metadata map[string]string `json:"metadata"`
	Entries  []Entry           `json:"tensors"`
	Values   int64             `json:"values"` // over all tensors
	Model    string            `json:"model"`  // the backbone it fits, empty for none
	Heads    []Head            `json:"heads"`
}

// Head is a classifier in a file.
type Head struct {
	Task    string `json:"task"` // empty for the single head
	Classes int    `json:"classes"`
}

// Inspect lists a file's tensors and finds the backbone that it fits.
func Inspect(path string) (Report, error) {
	f, err := Open(path)
	if err != nil {
		return Report{}, err
	}
	defer f.Close()
	r := Report{Path: path, Format: f.Format, Metadata: f.Metadata, Entries: f.Entries}
	for _, e := range f.Entries {
		r.Values += int64(e.Len())
		if h, ok := headOf(e); ok {
			r.Heads = append(r.Heads, h)
		}
	}
	r.Model, err = f.fits()
	return r, err
}

// fits finds the backbone that the file holds, empty for none.
func (f *File) fits() (string, error) {
	for _, name := range backbone.Names() {
		info, err := backbone.Describe(name)
		if err != nil {
			return "", err
		}
		_, err = f.match(slots(info.Params, info.Buffers))
		if err == nil {
			return name, nil
		}
		if mismatch := (*MismatchError)(nil); !errors.As(err, &mismatch) {
			return "", err
		}
	}
	return "", nil
}

func headOf(e Entry) (Head, bool) {
	name, ok := strings.CutSuffix(e.Name, ".weight")
	if !ok || len(e.Shape) != 2 {
		return Head{}, false
	}
	if isClassifier(name) {
		return Head{Classes: e.Shape[0]}, true
	}
	task, ok := strings.CutPrefix(name, "heads.")
	return Head{Task: task, Classes: e.Shape[0]}, ok
}
