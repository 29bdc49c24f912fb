package configs_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// labels is the least that a config must hold.
const labels = "label_names: {action: [sit, lie], mood: [calm, angry]}\n"

func parse(t *testing.T, text string) *configs.Config {
	t.Helper()
	c, err := configs.Parse("t.yaml", []byte(text), "/home/u/project")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestErrors(t *testing.T) {
	known := "resnet18, resnet50, efficientnet_b4, convnext_base"
	metrics := "loss, macro_f1, macro_f1_pooled, macro_f1_tasks, micro_f1, partial_match, mean_match, exact_match, " +
		"acc_action, acc_mood, f1_action, f1_mood"
	tests := []struct {
		name string
		text string // follows labels, so it begins on line 2
		want string // "2: …", without "config t.yaml:"
	}{
		{"near key", "epoch: 3", `2: unknown key "epoch" (did you mean "epochs"?)`},
		{"swapped letters", "epohcs: 3", `2: unknown key "epohcs" (did you mean "epochs"?)`},
		{"other case", "Epochs: 3", `2: unknown key "Epochs" (did you mean "epochs"?)`},
		{"near nested key", "data:\n  dirr: x", `3: unknown key "data.dirr" (did you mean "data.dir"?)`},
		{"key of another level", "image_size: 64", `2: unknown key "image_size" (did you mean "data.image_size"?)`},
		{"key two levels up", "data: {group: video}", `2: unknown key "data.group" (did you mean "data.split.group"?)`},
		{"far key", "augment: {rotate: true}", `2: unknown key "augment.rotate" (known here: hflip)`},
		{"merge key", "augment: &a {hflip: true}\ndata: {<<: *a}", `3: unknown key "data.<<" (known here: dir, csv, train_csv, val_csv, test_csv, image_size, frequent_over, split)`},
		{"key is a list", "augment: {[1]: 2}", `2: a key must be a word, got a list`},
		{"duplicate", "epochs: 3\nseed: 1\nepochs: 3", `4: duplicate key "epochs" (first on line 2)`},
		{"duplicate nested", "data:\n  dir: a\n  dir: a", `4: duplicate key "data.dir" (first on line 3)`},
		{"duplicate with quotes", "epochs: 3\n\"epochs\": 3", `3: duplicate key "epochs" (first on line 2)`},
		{"duplicate backbone in pretrained", "pretrained: {resnet18: a, resnet18: b}", `2: duplicate key "pretrained.resnet18" (first on line 2)`},

		{"merge of an unknown task", "merge_labels:\n  actoin: {sit: lie}", `3: merge_labels: no task "actoin" (did you mean "action"?)`},
		{"merge of an unknown class", "merge_labels:\n  action:\n    site: lie", `4: merge_labels.action: "site" is not in label_names.action (did you mean "sit"?)`},
		{"merge into an unknown class", "merge_labels:\n  action:\n    sit: stand", `4: merge_labels.action: "stand" is not in label_names.action`},
		{"merge into itself", "merge_labels: {action: {sit: sit}}", `2: merge_labels.action: "sit" is merged into itself`},
		{"merge in a chain", "merge_labels:\n  mood:\n    calm: angry\n    angry: calm", "4: merge_labels.mood: \"calm\" is merged into \"angry\", which is merged into \"calm\" itself: name the class that stays\n" +
			"5: merge_labels.mood: \"angry\" is merged into \"calm\", which is merged into \"angry\" itself: name the class that stays"},
		{"merge twice", "merge_labels:\n  action:\n    sit: lie\n    sit: lie", `5: duplicate key "merge_labels.action.sit" (first on line 4)`},
		{"merge of another type", "merge_labels: [sit]", `2: merge_labels: want a mapping, got a list`},
		{"merge of a name with a line break", "merge_labels: {action: {\"si\\nt\": }}", `2: merge_labels.action.si\nt: want a class name, got nothing`},
		{"merge into nothing", "merge_labels: {action: {sit: }}", `2: merge_labels.action.sit: want a class name, got nothing`},
		{"merge without labels", "merge_labels: {action: {sit: lie}}\nlabel_nams: {}", `3: unknown key "label_nams" (did you mean "label_names"?)`},

		{"word for a number", "epochs: ten", `2: epochs: want a whole number, got "ten"`},
		{"quoted number", "epochs: \"16\"", `2: epochs: want a whole number, got "16"`},
		{"fraction", "batch_size: 16.0", `2: batch_size: want a whole number, got 16.0`},
		{"whole in powers", "epochs: 1e2", `2: epochs: want a whole number, got 1e2`},
		{"hexadecimal", "batch_size: 0x10", `2: batch_size: want a whole number, got 0x10`},
		{"octal", "batch_size: 016", `2: batch_size: want a whole number, got 016`},
		{"underscores", "epochs: 1_000", `2: epochs: want a whole number, got 1_000`},
		{"nothing", "epochs:", `2: epochs: want a whole number, got nothing`},
		{"list for a number", "epochs: [1]", `2: epochs: want a whole number, got a list`},
		{"mapping for a number", "parallel: {a: 1}", `2: parallel: want a whole number, got a mapping`},
		{"too large", "epochs: 9999999999", `2: epochs: 9999999999 is out of range`},
		{"word for a float", "learning_rate: fast", `2: learning_rate: want a number, got "fast"`},
		{"quoted float", "learning_rate: '5e-5'", `2: learning_rate: want a number, got "5e-5"`},
		{"not a number", "learning_rate: .nan", `2: learning_rate: want a number, got .nan`},
		{"nan as word", "learning_rate: nan", `2: learning_rate: want a number, got "nan"`},
		{"infinite", "weight_decay: .inf", `2: weight_decay: want a number, got .inf`},
		{"overflow", "learning_rate: 1e999", `2: learning_rate: 1e999 is out of range`},
		{"word for a bool", "augment: {hflip: yes}", `2: augment.hflip: want true or false, got "yes"`},
		{"number for a bool", "augment: {hflip: 1}", `2: augment.hflip: want true or false, got 1`},
		{"bool for a mapping", "augment: true", `2: augment: want a mapping, got true`},
		{"text for a mapping", "data: data/action", `2: data: want a mapping, got "data/action"`},
		{"empty mapping value", "data:", `2: data: want a mapping, got nothing`},
		{"text for a list", "models: resnet18", `2: models: want a list of backbones, got "resnet18"`},
		{"list in a list", "models: [[resnet18]]", `2: models[0]: want a backbone's name, got a list`},
		{"list for text", "name: [a]", `2: name: want text, got a list`},
		{"empty text", "name: ''", `2: name: want text, got empty text`},
		{"empty path", "data: {dir: ' '}", `2: data.dir: want a path, got empty text`},
		{"control character", `data: {dir: "a\0b"}`, `2: data.dir: "a\x00b" holds a control character`},
		{"text for pretrained", "pretrained: imagenet", `2: pretrained: want true, false or a mapping from backbones to files, got "imagenet"`},

		{"batch_size", "batch_size: 0", `2: batch_size: want at least 1, got 0`},
		{"epochs", "epochs: -1", `2: epochs: want at least 1, got -1`},
		{"parallel", "parallel: 0", `2: parallel: want at least 1, got 0`},
		{"learning_rate negative", "learning_rate: -5e-5", `2: learning_rate: want at least 0, got -5e-05`},
		{"weight_decay", "weight_decay: -0.1", `2: weight_decay: want at least 0, got -0.1`},
		{"image_size small", "data: {image_size: 31}", `2: data.image_size: want 32 to 1024 pixels, got 31`},
		{"image_size large", "data: {image_size: 1025}", `2: data.image_size: want 32 to 1024 pixels, got 1025`},
		{"frequent_over", "data: {frequent_over: -1}", `2: data.frequent_over: want at least 0, got -1`},
		{"val 0", "data: {split: {val: 0}}", `2: data.split.val: want a share between 0 and 1, got 0`},
		{"test 1", "data: {split: {test: 1}}", `2: data.split.test: want a share between 0 and 1, got 1`},
		{"per cent", "data: {split: {test: 15}}", `2: data.split.test: want a share between 0 and 1, got 15`},
		{"sum", "data:\n  split: {val: 0.5, test: 0.5}", `3: data.split: val 0.5 and test 0.5 leave nothing to train on`},
		{"sum with a default", "data: {split: {val: 0.9}}", `2: data.split: val 0.9 and test 0.15 leave nothing to train on`},

		{"group", "data: {split: {group: videos}}", `2: data.split.group: want image or video, got "videos"`},
		{"head", "head: multiple", `2: head: want multi or single, got "multiple"`},
		{"schedule", "lr_schedule: cosin", `2: lr_schedule: want linear, constant or cosine, got "cosin"`},
		{"best_metric", "best_metric: macrof1", `2: best_metric: "macrof1" is no metric (did you mean "macro_f1"?)`},
		{"best_metric of no task", "best_metric: acc_species", `2: best_metric: "acc_species" is no metric (known: ` + metrics + `)`},
		{"engine", "engine: gpu", `2: engine: want auto, host or xla, got "gpu"`},
		{"device", "device: cuda:0", `2: device: want cuda or cpu, got "cuda:0"`},
		{"precision", "precision: fp16", `2: precision: want fp32 or bf16, got "fp16"`},
		{"bf16 on the host", "engine: host\nprecision: bf16", `3: precision: bf16 needs the xla engine: the host engine computes in fp32`},
		{"bf16 on the cpu", "precision: bf16\ndevice: cpu", `2: precision: bf16 needs the xla engine: the host engine computes in fp32`},
		{"cuda on the host", "device: cuda\nengine: host", `2: device: cuda and engine: host contradict each other: drop one`},
		{"xla on the cpu", "device: cpu\nengine: xla", `2: device: cpu and engine: xla contradict each other: drop one`},
		{"name with a folder", "name: a/b", `2: name: "a/b" cannot be part of a file's name`},
		{"name of dots", "name: ..", `2: name: ".." cannot be part of a file's name`},

		{"no backbone", "models: []", `2: models: empty: give at least one of ` + known},
		{"near backbone", "models:\n  - resnet18\n  - resnet5", `4: unknown backbone "resnet5" (did you mean "resnet50"?)`},
		{"case of a backbone", "models: [ResNet18]", `2: unknown backbone "ResNet18" (did you mean "resnet18"?)`},
		{"far backbone", "models: [vit_b_16]", `2: unknown backbone "vit_b_16" (known: ` + known + `)`},
		{"backbone twice", "models: [resnet18, resnet18]", `2: models: resnet18 is there twice`},
		{"model_name", "model_name: resnet-18", `2: unknown backbone "resnet-18" (did you mean "resnet18"?)`},
		{"backbone in pretrained", "pretrained:\n  resnet19: a.pth", `3: pretrained: unknown backbone "resnet19" (did you mean "resnet18"?)`},
		{"file in pretrained", "pretrained: {resnet18: }", `2: pretrained.resnet18: want a path, got nothing`},
		{"models and model_name", "model_name: resnet18\nmodels: [resnet50]", `3: models and model_name exclude each other: keep one`},

		{"model_name and models", "models: [resnet50]\nmodel_name: resnet18", `3: models and model_name exclude each other: keep one`},

		{"seed negative", "seed: -1", `2: seed: want 0 to 18446744073709551615, got -1`},
		{"seed too large", "seed: 18446744073709551616", `2: seed: want 0 to 18446744073709551615, got 18446744073709551616`},
		{"seed fraction", "seeds: [1, 2.5]", `2: seeds[1]: want a whole number, got 2.5`},
		{"seed as list", "seed: [42]", `2: seed: want a whole number, got a list`},
		{"seeds as number", "seeds: 42", `2: seeds: want a list of whole numbers, got 42`},
		{"no seed", "seeds: []", `2: seeds: empty: give at least one`},
		{"seed twice", "seeds:\n  - 42\n  - 7\n  - 42", `5: seeds: 42 is there twice`},
		{"seed and seeds", "seed: 1\nseeds: [1, 2]", `3: seeds and seed exclude each other: keep one`},

		{"dir and csv", "data: {dir: a, csv: b}", `2: data.dir and data.csv exclude each other: keep one`},
		{"csv and tables", "data:\n  train_csv: a\n  val_csv: b\n  test_csv: c\n  csv: d", `6: data.csv and data.train_csv exclude each other: keep one`},
		{"dir and val_csv", "data: {dir: a, val_csv: b, test_csv: c, train_csv: d}", `2: data.dir and data.train_csv exclude each other: keep one`},
		{"one table", "data:\n  dir: x\n  val_csv: b", `4: data.val_csv without data.train_csv and data.test_csv: give all three`},
		{"two tables", "data:\n  train_csv: a\n  val_csv: b", `3: data.train_csv and data.val_csv without data.test_csv: give all three`},

		{"not YAML", "epochs: [3", `2: no valid YAML: did not find expected ',' or ']', in this line or below`},
		{"tab", "data:\n\tdir: x", `3: no valid YAML: a tab indents this line: use spaces`},
		{"unknown alias", "epochs: *n", ` no valid YAML: unknown anchor 'n' referenced`},
		{"broken second document", "---\n[", `3: no valid YAML: did not find expected node content, in this line or below`},
		{"long text", "epochs: " + strings.Repeat("긴", 50), `2: epochs: want a whole number, got "` + strings.Repeat("긴", 40) + `…"`},
		{"second document", "---\nname: b", `2: a second document begins here: a config is one`},
		{"several", "epoch: 3\nbatch_size: 0\nseeds: [x]\nmodels: [resnet8]", "2: unknown key \"epoch\" (did you mean \"epochs\"?)\n" +
			"3: batch_size: want at least 1, got 0\n" +
			"4: seeds[0]: want a whole number, got \"x\"\n" +
			"5: unknown backbone \"resnet8\" (did you mean \"resnet18\"?)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { wantError(t, labels+tt.text, tt.want) })
	}
}

func TestLabelErrors(t *testing.T) {
	taken := `label_names: task %q: the name is taken by a column or metric of that name: choose another`
	tests := []struct{ name, text, want string }{
		{"missing", "epochs: 3", ` label_names: missing: give at least one task with its classes`},
		{"too large", strings.Repeat("#", 1<<20+1), ` 1048577 bytes: a config has at most 1048576`},
		{"empty file", "", ` empty: label_names at least must be given`},
		{"only comments", "# nothing yet\n", ` empty: label_names at least must be given`},
		{"null file", "~", ` empty: label_names at least must be given`},
		{"bracket on the first line", "label_names: [a", `1: no valid YAML: did not find expected ',' or ']', in this line or below`},
		{"bracket on the last line", "\n\nlabel_names: [a\n\n", `3: no valid YAML: did not find expected ',' or ']', in this line or below`},
		{"quote on the first line", "name: 'a", `1: no valid YAML: found unexpected end of stream`},
		{"tab after an empty line", "epochs: 3\n\n\taugment: {hflip: true}", `3: no valid YAML: a tab indents this line: use spaces`},
		{"indented key", "epochs: 3\n seed: 1", `2: no valid YAML: mapping values are not allowed in this context`},
		{"text after a list", "label_names:\n  a: [x]\n  b: [y] z\n", `2: no valid YAML: did not find expected key, in this line or below`},
		{"another encoding", "epochs: 3\n# caf\xe9\n", `2: not UTF-8: save the file as UTF-8 text`},
		{"UTF-16", "\xff\xfee\x00", `1: not UTF-8: save the file as UTF-8 text`},
		{"a list file", "- a", `1: want keys and values, got a list`},
		{"a text file", "hello", `1: want keys and values, got "hello"`},
		{"no task", "label_names: {}", `1: label_names: missing: give at least one task with its classes`},
		{"null", "label_names:", `1: label_names: want a mapping, got nothing`},
		{"list of tasks", "label_names: [action]", `1: label_names: want a mapping, got a list`},
		{"metric of unread tasks", "label_names: [action]\nbest_metric: acc_action", `1: label_names: want a mapping, got a list`},
		{"text for classes", "label_names: {action: sit}", `1: label_names.action: want a list of classes, got "sit"`},
		{"no classes", "label_names:\n  action: [a]\n  mood: []", `3: label_names.mood: empty: give at least one class`},
		{"null class", "label_names:\n  action:\n    - a\n    -", `4: label_names.action[1]: want a class name, got nothing`},
		{"empty class", "label_names: {action: [a, '']}", `1: label_names.action[1]: want a class name, got empty text`},
		{"mapping as class", "label_names: {action: [a: b]}", `1: label_names.action[0]: want a class name, got a mapping`},
		{"class twice", "label_names:\n  action:\n    - 기타\n    - 공포\n    - 기타", `5: label_names.action: class "기타" is there twice (also index 0)`},
		{"class over two lines", `label_names: {action: ["a\nb"]}`, `1: label_names.action[0]: "a\nb" holds a control character`},
		{"task twice", "label_names:\n  action: [a]\n  action: [b]", `3: duplicate key "label_names.action" (first on line 2)`},
		{"task ends with a space", `label_names: {"a ": [x]}`, `1: label_names: task "a ": the name begins or ends with a space`},
		{"task with a line break", `label_names: {"a\nb": [x]}`, `1: label_names: task "a\nb": the name holds a control character`},
		{"task without a name", `label_names: {"": [x]}`, `1: label_names: a task without a name`},
		{"task like a column", `label_names: {image_path: [x]}`, "1: " + fmt.Sprintf(taken, "image_path")},
		{"task like a metric", `label_names: {macro_f1: [x]}`, "1: " + fmt.Sprintf(taken, "macro_f1")},
		{"metric of a broken task", "label_names: {action: x, mood: [a]}\nbest_metric: acc_action", `1: label_names.action: want a list of classes, got "x"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { wantError(t, tt.text, tt.want) })
	}
}

// Any name will do for a task, and the canonical text keeps it.
func TestOddTaskNames(t *testing.T) {
	for _, name := range []string{"행동", "coat colour", "a,b", `it's "so"`, "k=v", "a: b", "x/y.z", "#1", "42", "true", "loss", "step"} {
		text := fmt.Sprintf("label_names: {%q: [x, y]}", name)
		c, err := configs.Parse("t.yaml", []byte(text), "/home/u")
		if name == "loss" || name == "step" {
			if err == nil {
				t.Errorf("%q was taken", name)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		again, err := configs.Parse("t.yaml", []byte(c.YAML()), "/home/u")
		if err != nil || c.Tasks[0].Name != name || again.Tasks[0].Name != name {
			t.Errorf("%q came back as %q, then %v, %v", name, c.Tasks[0].Name, again, err)
		}
	}
}

// wantError checks the whole text of the error, line by line.
func wantError(t *testing.T, text, want string) {
	t.Helper()
	_, err := configs.Parse("t.yaml", []byte(text), "/home/u/project")
	if err == nil {
		t.Fatal("no error")
	}
	if !errors.Is(err, configs.ErrConfig) {
		t.Errorf("%v does not match ErrConfig", err)
	}
	lines := strings.Split(want, "\n")
	for i := range lines {
		lines[i] = "config t.yaml:" + lines[i]
	}
	if got, want := err.Error(), strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestErrorHasItsParts(t *testing.T) {
	_, err := configs.Parse("t.yaml", []byte(labels+"epoch: 3"), ".")
	e, ok := errors.AsType[*configs.Error](err)
	if !ok || e.Config != "t.yaml" || e.Line != 2 {
		t.Errorf("got %#v", e)
	}
}

func TestDefaults(t *testing.T) {
	c := parse(t, labels)
	want := configs.Config{
		Name:       "t",
		Models:     []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"},
		Head:       "multi",
		WeightsDir: filepath.FromSlash("/home/u/project/weights"),
		Data: configs.Data{
			ImageSize: 224, FrequentOver: 5,
			Split: configs.Split{Val: 0.15, Test: 0.15, Group: "image"},
		},
		Tasks: []configs.Task{
			{Name: "action", Classes: []string{"sit", "lie"}},
			{Name: "mood", Classes: []string{"calm", "angry"}},
		},
		BatchSize: 16, Epochs: 30, LearningRate: 5e-5, WeightDecay: 0.01, LRSchedule: "linear",
		Seeds: []uint64{42}, Augment: configs.Augment{HFlip: true}, BestMetric: "macro_f1",
		Engine: "auto", Precision: "fp32", Parallel: 1, Source: "t.yaml",
	}
	equal(t, c, &want)
	if c.HasData() {
		t.Error("has data")
	}
	wantText(t, c.NeedData(), "config t.yaml: data: nothing to train on: give data.dir, data.csv, or data.train_csv with data.val_csv and data.test_csv")
}

// TestOriginal reads a config as the original program had it.
func TestOriginal(t *testing.T) {
	c := parse(t, `model_name: "resnet50"
pretrained: true
save_path: "./checkpoints"
best_model_path: "./checkpoints/best.pth"
data:
  train_csv: ./data/train.csv
  val_csv: ../val.csv
  test_csv: /srv/test.csv
batch_size: 16
epochs: 30
learning_rate: 5e-5
seed: 42
device: "cuda"
label_names:
  action: [b, a]
  emotion: [c]
  situation: [d]
`)
	if got := c.Models; !slices.Equal(got, []string{"resnet50"}) {
		t.Errorf("models %q", got)
	}
	if !c.Pretrained.Known || c.LearningRate != 5e-5 || !c.RequireGPU() || c.EngineName() != "auto" {
		t.Errorf("got %+v", c)
	}
	if d := c.Data; d.TrainCSV != "/home/u/project/data/train.csv" || d.ValCSV != "/home/u/val.csv" || d.TestCSV != "/srv/test.csv" {
		t.Errorf("got %+v", d)
	}
	if err := c.NeedData(); err != nil {
		t.Error(err)
	}
	want := []string{
		"config t.yaml:3: save_path is ignored: the best weights of every run are kept in the store; `sweep weights export ID -o FILE` writes them to a file",
		"config t.yaml:4: best_model_path is ignored: the best weights of every run are kept in the store; `sweep weights export ID -o FILE` writes them to a file",
	}
	if !slices.Equal(c.Notices, want) {
		t.Errorf("notices %q", c.Notices)
	}
}

func TestValues(t *testing.T) {
	tests := []struct {
		name string
		text string
		ok   func(c *configs.Config) bool
	}{
		{"power without a point", "learning_rate: 5e-05", func(c *configs.Config) bool { return c.LearningRate == 5e-5 }},
		{"power with a point", "learning_rate: 5.0e-5", func(c *configs.Config) bool { return c.LearningRate == 5e-5 }},
		{"whole as float", "learning_rate: 1", func(c *configs.Config) bool { return c.LearningRate == 1 }},
		{"large power", "learning_rate: 1E-4", func(c *configs.Config) bool { return c.LearningRate == 1e-4 }},
		{"zero decay", "weight_decay: 0", func(c *configs.Config) bool { return c.WeightDecay == 0 }},
		{"largest seed", "seed: 18446744073709551615", func(c *configs.Config) bool { return c.Seeds[0] == 1<<64-1 }},
		{"seeds", "seeds: [42, 43, 44]", func(c *configs.Config) bool { return slices.Equal(c.Seeds, []uint64{42, 43, 44}) }},
		{"number as name", "name: 2024", func(c *configs.Config) bool { return c.Name == "2024" }},
		{"cpu", "device: cpu", func(c *configs.Config) bool { return c.EngineName() == "host" && !c.RequireGPU() }},
		{"bf16", "precision: bf16", func(c *configs.Config) bool { return c.Precision == "bf16" }},
		{"best by a task", "best_metric: f1_mood", func(c *configs.Config) bool { return c.BestMetric == "f1_mood" }},
		{"no flip", "augment: {hflip: false}", func(c *configs.Config) bool { return !c.Augment.HFlip }},
		{"all frames", "data: {frequent_over: 0}", func(c *configs.Config) bool { return c.Data.FrequentOver == 0 }},
		{"alias", "epochs: &n 7\nbatch_size: *n", func(c *configs.Config) bool { return c.Epochs == 7 && c.BatchSize == 7 }},
		{"carriage returns", "epochs: 3\r\nbatch_size: 4\r\n", func(c *configs.Config) bool { return c.Epochs == 3 && c.BatchSize == 4 }},
		{"end mark", "epochs: 3\n...\n", func(c *configs.Config) bool { return c.Epochs == 3 }},
		{"files for pretrained", "models: [resnet18]\npretrained: {resnet18: w/a.pth}", func(c *configs.Config) bool {
			return c.Pretrained.Files["resnet18"] == "/home/u/project/w/a.pth" && len(c.Notices) == 0
		}},
		{"random without a file", "pretrained: {resnet18: a}\nmodels: [resnet18, resnet50]", func(c *configs.Config) bool {
			return slices.Equal(c.Notices, []string{"config t.yaml:2: pretrained names no file for resnet50: random weights"})
		}},
		{"split beside tables", "data: {train_csv: a, val_csv: b, test_csv: c, split: {val: 0.2}}", func(c *configs.Config) bool {
			return slices.Equal(c.Notices, []string{"config t.yaml:2: data.split has no effect: the three tables are the split"})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if c := parse(t, labels+tt.text); !tt.ok(c) {
				t.Errorf("got %+v", c)
			}
		})
	}
}

func TestByteOrderMark(t *testing.T) {
	c := parse(t, "\ufeffepochs: 3\n"+labels)
	if c.Epochs != 3 {
		t.Errorf("epochs %d", c.Epochs)
	}
}

// TestClassNames keeps names that YAML would rather take for something else.
func TestClassNames(t *testing.T) {
	c := parse(t, "label_names:\n  z: [1, 2.50, true, no, 2020-01-01, \"null\", '~', 기타, \"밥그릇, 장난감\", <<]\n  a: [x]\n  감정: [y]\n")
	want := []configs.Task{
		{Name: "z", Classes: []string{"1", "2.50", "true", "no", "2020-01-01", "null", "~", "기타", "밥그릇, 장난감", "<<"}},
		{Name: "a", Classes: []string{"x"}},
		{Name: "감정", Classes: []string{"y"}},
	}
	if fmt.Sprint(c.Tasks) != fmt.Sprint(want) {
		t.Errorf("got %q", c.Tasks)
	}
}

// TestMetricsAreThoseOfRuns: best_metric takes exactly the keys that runs report.
func TestMetricsAreThoseOfRuns(t *testing.T) {
	for _, key := range run.MetricKeys([]run.Task{{Name: "action"}, {Name: "mood"}}) {
		parse(t, labels+"best_metric: "+key)
	}
	for _, key := range run.MetricKeys(nil) {
		if _, err := configs.Parse("t.yaml", []byte("label_names: {"+key+": [a]}"), "."); err == nil {
			t.Errorf("a task may be called %s", key)
		}
	}
}
