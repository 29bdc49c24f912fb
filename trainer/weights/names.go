package weights

import (
	"strconv"
	"strings"
)

// timmNames renames a file's tensors to timm's names: the prefixes of wrapped
// models go, and torchvision's EfficientNet and ConvNeXt get the names and
// shapes that timm gives the same tensors. ResNets are named alike in both.
func timmNames(entries []Entry) {
	var translate func(parts []string) []string
	for i := range entries {
		e := &entries[i]
		e.Name = unwrapped(e.Name)
		switch {
		case strings.HasSuffix(e.Name, ".layer_scale"):
			translate = convnextName
		case translate == nil && strings.HasPrefix(e.Name, "features.0.0."):
			translate = efficientnetName
		}
	}
	if translate == nil {
		return
	}
	for i := range entries {
		e := &entries[i]
		parts := strings.Split(e.Name, ".")
		if parts[0] != "features" && parts[0] != "classifier" || len(parts) < 3 {
			continue
		}
		if name := translate(parts); name != nil {
			e.Name = strings.Join(name, ".")
		}
		if strings.HasSuffix(e.Name, ".gamma") && len(e.Shape) == 3 { // [C,1,1]
			e.Shape = e.Shape[:1]
		}
	}
}

// unwrapped takes off what DataParallel, torch.compile and modules that hold the
// network put before a tensor's name. No network here has such names of its own.
func unwrapped(name string) string {
	for _, prefix := range []string{"module.", "_orig_mod.", "model.", "backbone."} {
		name = strings.TrimPrefix(name, prefix)
	}
	return name
}

// under puts the last parts of a name behind another layer; nil when layer is empty.
func under(rest []string, layer ...string) []string {
	if layer[len(layer)-1] == "" {
		return nil
	}
	return append(layer, rest...)
}

// convnextName translates features.S.J.… and classifier.K.…; odd S are the
// stages, even ones the downsampling before the next.
func convnextName(p []string) []string {
	if p[0] == "classifier" {
		return under(p[2:], map[string]string{"0": "head.norm", "2": "head.fc"}[p[1]])
	}
	s, err := strconv.Atoi(p[1])
	switch {
	case err != nil:
		return nil
	case s == 0:
		return under(p[2:], "stem")
	case s%2 == 0:
		return under(p[2:], "stages", strconv.Itoa(s/2), "downsample")
	}
	block := []string{"stages", strconv.Itoa(s / 2), "blocks", p[2]}
	switch {
	case len(p) == 4 && p[3] == "layer_scale":
		return append(block, "gamma")
	case len(p) == 6 && p[3] == "block":
		return under(p[5:], append(block, map[string]string{
			"0": "conv_dw", "2": "norm", "3": "mlp.fc1", "5": "mlp.fc2",
		}[p[4]])...)
	}
	return nil
}

// efficientnetName translates features.S.J.block.… and classifier.1.…; the first
// stage has no expansion.
func efficientnetName(p []string) []string {
	if p[0] == "classifier" {
		return under(p[2:], map[string]string{"1": "classifier"}[p[1]])
	}
	s, err := strconv.Atoi(p[1])
	if err != nil {
		return nil
	}
	if len(p) == 4 {
		return under(p[3:], map[string]string{
			"0.0": "conv_stem", "0.1": "bn1", "8.0": "conv_head", "8.1": "bn2",
		}[p[1]+"."+p[2]])
	}
	if len(p) != 7 || p[3] != "block" {
		return nil
	}
	layers := map[string]string{
		"0.0": "conv_pw", "0.1": "bn1", "1.0": "conv_dw", "1.1": "bn2",
		"2.fc1": "se.conv_reduce", "2.fc2": "se.conv_expand", "3.0": "conv_pwl", "3.1": "bn3",
	}
	if s == 1 {
		layers = map[string]string{
			"0.0": "conv_dw", "0.1": "bn1", "1.fc1": "se.conv_reduce", "1.fc2": "se.conv_expand", "2.0": "conv_pw", "2.1": "bn2",
		}
	}
	return under(p[6:], "blocks", strconv.Itoa(s-1), p[2], layers[p[4]+"."+p[5]])
}
