package weights

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The publishers of ImageNet weights.
const (
	Torchvision = "torchvision"
	Timm        = "timm"
)

// Source is a place of a backbone's public weights.
type Source struct {
	URL    string
	Name   string // of the file in a folder of weights
	SHA256 string // its first digits where the publisher puts them into the name
}

// Preferred is the publisher whose weights of a backbone are the better start:
// torchvision's, whose file names carry a checksum, but for ConvNeXt-Base, of
// which timm has weights that saw ImageNet-22k before ImageNet-1k. (Torchvision's
// EfficientNet-B4 is timm's.)
func Preferred(model string) string {
	if model == "convnext_base" {
		return Timm
	}
	return Torchvision
}

// Sources lists where to look for a backbone's weights, the best first. Without
// from these are the publisher's own addresses; from is a mirror instead: the
// address of a file, or of what holds files under the known names or laid out as
// the Hugging Face hub. It may be a path of the file system. The hub is where
// $HF_ENDPOINT says.
func Sources(model, publisher, from string, getenv func(string) string) ([]Source, error) {
	p, ok := publishedWeights()[model]
	if !ok {
		return nil, fmt.Errorf("weights: no public weights of %q are known", model)
	}
	hub := func(base string) Source {
		return Source{URL: strings.TrimRight(base, "/") + "/timm/" + p.timm + "/resolve/main/model.safetensors", Name: p.timm + ".safetensors"}
	}
	if from == "" {
		switch publisher {
		case Torchvision:
			return []Source{sourceAt("https://download.pytorch.org/models", p.torchvision[0])}, nil
		case Timm:
			base := getenv("HF_ENDPOINT")
			if base == "" {
				base = "https://huggingface.co"
			}
			return []Source{hub(base)}, nil
		}
		return nil, fmt.Errorf("weights: the publisher %q is not known: use %s or %s", publisher, Torchvision, Timm)
	}
	base, err := address(from)
	if err != nil {
		return nil, err
	}
	if isWeightFile(base) {
		return []Source{fileSource(model, base)}, nil
	}
	var torchvision, timm []Source
	for _, name := range p.torchvision {
		torchvision = append(torchvision, sourceAt(base, name))
	}
	timm = []Source{hub(base), sourceAt(base, p.timm+".safetensors")}
	own := []Source{sourceAt(base, model+".safetensors"), sourceAt(base, model+".pth")}
	if publisher == Timm {
		return slices.Concat(timm, torchvision, own), nil
	}
	return slices.Concat(torchvision, timm, own), nil
}

// IsFile reports whether a mirror is the address of one weight file.
func IsFile(from string) bool {
	base, err := address(from)
	return err == nil && isWeightFile(base)
}

func isWeightFile(address string) bool {
	u, err := url.Parse(address)
	return err == nil && slices.Contains([]string{".pth", ".pt", ".bin", ".safetensors"}, path.Ext(u.Path))
}

// address turns a path of the file system into a file URL.
func address(from string) (string, error) {
	if strings.Contains(from, "://") {
		u, err := url.Parse(from)
		if err != nil {
			return "", fmt.Errorf("weights: %w", err)
		}
		if !slices.Contains([]string{"http", "https", "file"}, u.Scheme) {
			return "", fmt.Errorf("weights: %s: want an address of http, https or file", from)
		}
		return from, nil
	}
	if _, err := os.Stat(from); err != nil {
		return "", fmt.Errorf("weights: no address (http://…) and no path of a folder or file: %w", err)
	}
	abs, err := filepath.Abs(from)
	if err != nil {
		return "", fmt.Errorf("weights: %w", err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(abs)}).String(), nil
}

// inName finds the checksum in a name such as resnet18-f37072fd.pth, as torch's
// hub does.
var inName = regexp.MustCompile(`-([0-9a-f]{8,64})\.[a-z]+$`)

// ChecksumInName is the SHA-256, or its first digits, that a file's name carries;
// empty for none.
func ChecksumInName(path string) string {
	if m := inName.FindStringSubmatch(filepath.Base(path)); m != nil {
		return m[1]
	}
	return ""
}

func sourceAt(base, name string) Source {
	return Source{URL: strings.TrimRight(base, "/") + "/" + name, Name: name, SHA256: ChecksumInName(name)}
}

// fileSource is a file under a name of its own. The hub's names say nothing.
func fileSource(model, address string) Source {
	u, err := url.Parse(address)
	if err != nil {
		return Source{URL: address}
	}
	s := sourceAt("", path.Base(u.Path))
	s.URL = address
	switch s.Name {
	case "model.safetensors":
		s.Name = model + ".safetensors"
	case "pytorch_model.bin":
		s.Name = model + ".pth"
	}
	return s
}
