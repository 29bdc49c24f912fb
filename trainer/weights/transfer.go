package weights

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/backbone-sweep/sweep/trainer/backbone"
)

// Export writes a network's state as safetensors under timm's names and shapes:
// the backbone's parameters and buffers, then the heads.
func Export(w io.Writer, params []backbone.Param, buffers []backbone.Buffer, state State, metadata map[string]string) error {
	all := slots(params, buffers)
	entries := make([]Entry, len(all))
	largest := 0
	for i, s := range all {
		entries[i] = Entry{Name: s.name, DType: "F32", Shape: s.timmShape()}
		largest = max(largest, entries[i].Len())
	}
	scratch := make([]float32, largest)
	return WriteSafetensors(w, entries, metadata, func(i int) ([]float32, error) {
		s := all[i]
		v, ok := state[s.name]
		if !ok || len(v) != entries[i].Len() {
			return nil, fmt.Errorf("weights: tensor %s: the state has %d values, want %d", s.name, len(v), entries[i].Len())
		}
		if s.layout == backbone.Vector {
			return v, nil
		}
		s.layout.ToTimm(scratch[:len(v)], v, s.shape)
		return scratch[:len(v)], nil
	})
}

// Loaded says what Load took from a file.
type Loaded struct {
	Metadata map[string]string
	Heads    []string // head tensors that were taken
	Ignored  []string // tensors that were not: other classifiers, or of no use here
}

// Notice is a sentence about the ignored tensors, empty without any.
func (l Loaded) Notice() string {
	var classifiers, others []string
	for _, name := range l.Ignored {
		if isClassifier(layer(name)) || strings.HasPrefix(name, "heads.") {
			classifiers = append(classifiers, name)
		} else {
			others = append(others, name)
		}
	}
	var parts []string
	if len(classifiers) > 0 {
		parts = append(parts, "a classifier of other classes is left out: "+some(classifiers))
	}
	if len(others) > 0 {
		parts = append(parts, "of no use here: "+some(others))
	}
	return strings.Join(parts, "; ")
}

// isClassifier reports whether a layer is the one that ImageNet weights end in.
func isClassifier(layer string) bool {
	return layer == "fc" || layer == "classifier" || layer == "head.fc"
}

// MismatchError says that a file does not hold the backbone it should.
type MismatchError struct {
	Path      string
	Missing   []string
	Misshapen []string // name [shape in the file], want [shape]
	Fits      string   // the backbone that the file does hold, empty for none
}

func (e *MismatchError) Error() string {
	var parts []string
	if e.Fits != "" {
		parts = append(parts, "it holds "+e.Fits)
	}
	if len(e.Misshapen) > 0 {
		parts = append(parts, fmt.Sprintf("%s another shape: %s", count(len(e.Misshapen), "tensor has", "tensors have"), strings.Join(e.Misshapen, "; ")))
	}
	if len(e.Missing) > 0 {
		parts = append(parts, fmt.Sprintf("%s missing: %s", count(len(e.Missing), "tensor is", "tensors are"), some(e.Missing)))
	}
	return fmt.Sprintf("weights: %s does not fit the backbone: %s", e.Path, strings.Join(parts, "; "))
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// some joins the first names of a list and counts the others.
func some(names []string) string {
	const shown = 8
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}

// Load puts a file's tensors into state, which gets a new slice for every tensor
// taken. The whole backbone must be there in the right shapes, else the error is
// a *MismatchError; a head is taken when its weight and bias have the right
// shapes. On an error the state is unchanged.
func Load(path string, params []backbone.Param, buffers []backbone.Buffer, state State) (Loaded, error) {
	f, err := Open(path)
	if err != nil {
		return Loaded{}, err
	}
	defer f.Close()
	all := slots(params, buffers)
	chosen, err := f.match(all)
	if mismatch := (*MismatchError)(nil); errors.As(err, &mismatch) {
		mismatch.Fits, _ = f.fits()
	}
	if err != nil {
		return Loaded{}, err
	}

	out := Loaded{Metadata: f.Metadata}
	used := map[string]bool{}
	fresh := State{}
	for _, s := range chosen {
		e := f.find(s)
		timm := make([]float32, f.Entries[e].Len())
		if err := f.values(e, timm); err != nil {
			return Loaded{}, err
		}
		graph := timm
		if s.layout != backbone.Vector {
			graph = make([]float32, len(timm))
			s.layout.FromTimm(graph, timm, s.shape)
		}
		fresh[s.name] = graph
		used[f.Entries[e].Name] = true
		if s.head {
			out.Heads = append(out.Heads, s.name)
		}
	}
	for name, v := range fresh {
		state[name] = v
	}
	for _, e := range f.Entries {
		if !used[e.Name] && !strings.HasSuffix(e.Name, ".num_batches_tracked") {
			out.Ignored = append(out.Ignored, e.Name)
		}
	}
	return out, nil
}

// match returns the slots that the file fills: all of the backbone, and the
// heads that it has in full.
func (f *File) match(all []slot) ([]slot, error) {
	wrong := &MismatchError{Path: f.Path}
	var chosen []slot
	bad := map[string]bool{} // heads, by their name without .weight and .bias
	for _, s := range all {
		i := f.find(s)
		if i >= 0 && slices.Equal(f.Entries[i].Shape, s.timmShape()) {
			chosen = append(chosen, s)
			continue
		}
		switch {
		case s.head:
			bad[layer(s.name)] = true
		case i < 0:
			wrong.Missing = append(wrong.Missing, s.name)
		default:
			wrong.Misshapen = append(wrong.Misshapen, fmt.Sprintf("%s %v, want %v", s.name, f.Entries[i].Shape, s.timmShape()))
		}
	}
	if len(wrong.Missing)+len(wrong.Misshapen) > 0 {
		return nil, wrong
	}
	return slices.DeleteFunc(chosen, func(s slot) bool { return s.head && bad[layer(s.name)] }), nil
}

// find returns the position of a slot's tensor, -1 without one. The single head
// is fc in our files and in ResNets; the other backbones' own classifier stands
// for it where its shape is right.
func (f *File) find(s slot) int {
	i := f.index(s.name)
	if rest, ok := strings.CutPrefix(s.name, "fc."); ok && s.head && i < 0 {
		for _, name := range []string{"classifier.", "head.fc."} {
			if j := f.index(name + rest); j >= 0 && slices.Equal(f.Entries[j].Shape, s.timmShape()) {
				return j
			}
		}
	}
	return i
}

// layer is a tensor's name without its last part.
func layer(name string) string { return name[:max(0, strings.LastIndexByte(name, '.'))] }
