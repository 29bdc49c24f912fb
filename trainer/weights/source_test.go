package weights

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/backbone"
)

func TestSources(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "mine #1.pth")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const torchHub, mirror = "https://download.pytorch.org/models/", "http://mirror.lan/imagenet/"
	for _, c := range []struct {
		model, publisher, from string
		env                    map[string]string
		want                   []Source
	}{
		{"resnet18", Torchvision, "", nil, []Source{{torchHub + "resnet18-f37072fd.pth", "resnet18-f37072fd.pth", "f37072fd"}}},
		{"resnet50", Torchvision, "", nil, []Source{{torchHub + "resnet50-11ad3fa6.pth", "resnet50-11ad3fa6.pth", "11ad3fa6"}}},
		{"convnext_base", Timm, "", nil, []Source{{"https://huggingface.co/timm/convnext_base.fb_in22k_ft_in1k/resolve/main/model.safetensors", "convnext_base.fb_in22k_ft_in1k.safetensors", ""}}},
		{"resnet18", Timm, "", map[string]string{"HF_ENDPOINT": "https://hub.lan/"}, []Source{{"https://hub.lan/timm/resnet18.a1_in1k/resolve/main/model.safetensors", "resnet18.a1_in1k.safetensors", ""}}},
		{"efficientnet_b4", Torchvision, mirror, nil, []Source{
			{mirror + "efficientnet_b4_rwightman-23ab8bcd.pth", "efficientnet_b4_rwightman-23ab8bcd.pth", "23ab8bcd"},
			{mirror + "timm/efficientnet_b4.ra2_in1k/resolve/main/model.safetensors", "efficientnet_b4.ra2_in1k.safetensors", ""},
			{mirror + "efficientnet_b4.ra2_in1k.safetensors", "efficientnet_b4.ra2_in1k.safetensors", ""},
			{mirror + "efficientnet_b4.safetensors", "efficientnet_b4.safetensors", ""},
			{mirror + "efficientnet_b4.pth", "efficientnet_b4.pth", ""},
		}},
		{"resnet18", Torchvision, mirror + "best-0123456789abcdef.pt?token=x", nil, []Source{{mirror + "best-0123456789abcdef.pt?token=x", "best-0123456789abcdef.pt", "0123456789abcdef"}}},
		{"resnet18", Torchvision, mirror + "model.safetensors", nil, []Source{{mirror + "model.safetensors", "resnet18.safetensors", ""}}},
		{"resnet18", Torchvision, file, nil, []Source{{"file://" + strings.ReplaceAll(strings.ReplaceAll(file, " ", "%20"), "#", "%23"), "mine #1.pth", ""}}},
	} {
		got, err := Sources(c.model, c.publisher, c.from, func(k string) string { return c.env[k] })
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s of %s from %q: %v, %v; want %v", c.model, c.publisher, c.from, got, err, c.want)
		}
		if IsFile(c.from) != (len(c.want) == 1 && c.from != "") {
			t.Errorf("%q is one file: %v", c.from, IsFile(c.from))
		}
	}
	none := func(string) string { return "" }
	for _, c := range [][3]string{{"resnet19", Timm, ""}, {"resnet18", "keras", ""}, {"resnet18", Timm, "ftp://a/b"}, {"resnet18", Timm, filepath.Join(dir, "none")}} {
		if got, err := Sources(c[0], c[1], c[2], none); err == nil {
			t.Errorf("%v: %v, want an error", c, got)
		}
	}
	// What is fetched is what `pretrained: true` finds.
	for _, model := range backbone.Names() {
		for _, publisher := range []string{Torchvision, Timm} {
			sources, err := Sources(model, publisher, "", none)
			if err != nil {
				t.Fatal(err)
			}
			to := t.TempDir()
			path := filepath.Join(to, sources[0].Name)
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if got, err := Find(model, to, none); err != nil || got != path {
				t.Errorf("%s of %s: found %s, %v", model, publisher, got, err)
			}
		}
	}
}
