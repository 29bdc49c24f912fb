package weights

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ExportTorchvision writes the weights of a backbone under torchvision's names
// and shapes as safetensors, its metadata with them. The heads of a multi-task
// network keep their names; the single head gets that of torchvision's
// classifier, so that a model of torchvision with as many classes loads the file.
func (f *File) ExportTorchvision(w io.Writer, model string) error {
	entries, err := torchvisionEntries(f.Entries, model)
	if err != nil {
		return fmt.Errorf("weights: %s: %w", f.Path, err)
	}
	metadata := maps.Clone(f.Metadata)
	if metadata == nil {
		metadata = map[string]string{}
	}
	metadata["names"] = "torchvision"
	return WriteSafetensors(w, entries, metadata, func(i int) ([]float32, error) { return f.Values(f.Entries[i].Name) })
}

// torchvisionEntries gives tensors of timm's names those of torchvision.
func torchvisionEntries(timm []Entry, model string) ([]Entry, error) {
	rename := torchvisionNames(model)
	if rename == nil {
		return nil, fmt.Errorf("torchvision's names of %q are not known", model)
	}
	entries := slices.Clone(timm)
	for i := range entries {
		e := &entries[i]
		name := rename(strings.Split(e.Name, "."))
		if name == nil && !strings.HasPrefix(e.Name, "heads.") {
			return nil, fmt.Errorf("tensor %s has no name in torchvision's %s", e.Name, model)
		}
		if name != nil {
			e.Name = strings.Join(name, ".")
		}
		if strings.HasSuffix(e.Name, ".layer_scale") {
			e.Shape = []int{e.Shape[0], 1, 1}
		}
	}
	return entries, nil
}

// torchvisionNames returns the translation of timm's names, and of the single
// head's, to torchvision's: the reverse of timmNames. It gives nil for a name
// that the network does not have.
func torchvisionNames(model string) func(parts []string) []string {
	switch model {
	case "resnet18", "resnet50":
		return func(p []string) []string {
			if p[0] == "heads" {
				return nil
			}
			return p
		}
	case "efficientnet_b4":
		return efficientnetToTorchvision
	case "convnext_base":
		return convnextToTorchvision
	}
	return nil
}

func convnextToTorchvision(p []string) []string {
	switch {
	case p[0] == "fc":
		return under(p[1:], "classifier", "2")
	case p[0] == "stem":
		return under(p[1:], "features", "0")
	case len(p) == 3 && p[0] == "head" && p[1] == "norm":
		return under(p[2:], "classifier", "0")
	case p[0] != "stages" || len(p) < 5:
		return nil
	}
	s, err := strconv.Atoi(p[1])
	if err != nil {
		return nil
	}
	if p[2] == "downsample" {
		return under(p[3:], "features", strconv.Itoa(2*s))
	}
	block := []string{"features", strconv.Itoa(2*s + 1), p[3]}
	if p[4] == "gamma" {
		return append(block, "layer_scale")
	}
	layer := strings.Join(p[4:len(p)-1], ".")
	return under(p[len(p)-1:], append(block, "block", map[string]string{
		"conv_dw": "0", "norm": "2", "mlp.fc1": "3", "mlp.fc2": "5",
	}[layer])...)
}

func efficientnetToTorchvision(p []string) []string {
	tail := p[len(p)-1:]
	switch p[0] {
	case "fc":
		return under(tail, "classifier", "1")
	case "conv_stem":
		return under(tail, "features", "0", "0")
	case "bn1":
		return under(tail, "features", "0", "1")
	case "conv_head":
		return under(tail, "features", "8", "0")
	case "bn2":
		return under(tail, "features", "8", "1")
	}
	if p[0] != "blocks" || len(p) < 5 {
		return nil
	}
	s, err := strconv.Atoi(p[1])
	if err != nil {
		return nil
	}
	layers := map[string][]string{
		"conv_pw": {"0", "0"}, "bn1": {"0", "1"}, "conv_dw": {"1", "0"}, "bn2": {"1", "1"},
		"se.conv_reduce": {"2", "fc1"}, "se.conv_expand": {"2", "fc2"}, "conv_pwl": {"3", "0"}, "bn3": {"3", "1"},
	}
	if s == 0 {
		layers = map[string][]string{
			"conv_dw": {"0", "0"}, "bn1": {"0", "1"}, "se.conv_reduce": {"1", "fc1"}, "se.conv_expand": {"1", "fc2"},
			"conv_pw": {"2", "0"}, "bn2": {"2", "1"},
		}
	}
	layer := layers[strings.Join(p[3:len(p)-1], ".")]
	if layer == nil {
		return nil
	}
	return under(tail, append([]string{"features", strconv.Itoa(s + 1), p[2], "block"}, layer...)...)
}
