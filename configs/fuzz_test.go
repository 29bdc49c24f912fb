package configs_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/configs"
)

// FuzzParse: whatever the text, Parse returns a config or errors of one line
// each; and a config's canonical text is read back to the same config.
func FuzzParse(f *testing.F) {
	for _, name := range configs.Embedded() {
		text, err := configs.EmbeddedText(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{
		labels, "", "\ufeff" + labels, labels + "epochs: *a", labels + "data: &d {dir: x}\naugment: *d",
		labels + "pretrained: {resnet18: a}\nseeds: [1, 2]\ndevice: cuda", "a: &a [*a]", "? [a]\n: b", "label_names: {\"é\\u2028\": [\"#\", ' x']}",
		labels + "merge_labels: {action: {sit: lie}, mood: {calm: angry}}", labels + "data: {train_csv: a, val_csv: b, test_csv: c, split: {val: 0.3}}", "label_names: {<<: [a, =, '|', '- b']}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := configs.Parse("f.yaml", text, "/d")
		if err == nil {
			fixedPoint(t, c)
			return
		}
		if !errors.Is(err, configs.ErrConfig) {
			t.Errorf("%v does not match ErrConfig", err)
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if !strings.HasPrefix(line, "config f.yaml:") {
				t.Errorf("a line of its own: %q", line)
			}
		}
	})
}
