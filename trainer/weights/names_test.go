package weights

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/backbone"
)

// The lists hold name and shape of every tensor of torchvision 0.29's models.
func TestTorchvisionNames(t *testing.T) {
	for model, classifier := range map[string]string{
		"resnet50": "fc.weight", "efficientnet_b4": "classifier.weight", "convnext_base": "head.fc.weight",
	} {
		raw, err := os.ReadFile("testdata/torchvision_" + model + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		f := &File{Path: model}
		for line := range strings.Lines(string(raw)) {
			name, dims, _ := strings.Cut(strings.TrimSpace(line), " ")
			e := Entry{Name: name, DType: "F32"}
			for d := range strings.SplitSeq(dims, "x") {
				n, err := strconv.Atoi(d)
				if err != nil {
					t.Fatal(err)
				}
				e.Shape = append(e.Shape, n)
			}
			f.Entries = append(f.Entries, e)
		}
		timmNames(f.Entries)
		if err := f.indexNames(); err != nil {
			t.Fatal(err)
		}
		info, err := backbone.Describe(model)
		if err != nil {
			t.Fatal(err)
		}
		all := slots(info.Params, info.Buffers)
		if _, err := f.match(all); err != nil {
			t.Errorf("%s: %v", model, err)
		}
		// Beside the backbone only weight and bias of the classifier are left.
		if len(f.Entries) != len(all)+2 || f.index(classifier) < 0 {
			t.Errorf("%s: %d tensors of which %d are the backbone's; %s at %d", model, len(f.Entries), len(all), classifier, f.index(classifier))
		}
	}
}

func TestWrappedNames(t *testing.T) {
	es := []Entry{{Name: "module.backbone.conv1.weight"}, {Name: "backbone.bn1.weight"}, {Name: "module.fc.bias"}, {Name: "heads.a.bias"}, {Name: "module._orig_mod.conv1.bias"}, {Name: "model.backbone.bn1.bias"}}
	timmNames(es)
	for i, want := range []string{"conv1.weight", "bn1.weight", "fc.bias", "heads.a.bias", "conv1.bias", "bn1.bias"} {
		if es[i].Name != want {
			t.Errorf("%s, want %s", es[i].Name, want)
		}
	}
}
