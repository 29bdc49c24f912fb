package configs_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/configs"
)

func TestCanonical(t *testing.T) {
	c := parse(t, `seed: 7
device: cpu
learning_rate: 5e-05
pretrained: {resnet50: b.pth, resnet18: /w/a.pth}
model_name: resnet18
data: {csv: "카탈로그: #1.csv", image_size: 64}
label_names: {z: [밥그릇, "yes: no", '1'], a: [x]}
`)
	want := `name: t
models: [resnet18]
head: multi
pretrained:
  resnet18: /w/a.pth
  resnet50: /home/u/project/b.pth
weights_dir: /home/u/project/weights
data:
  csv: '/home/u/project/카탈로그: #1.csv'
  image_size: 64
  frequent_over: 5
  split:
    val: 0.15
    test: 0.15
    group: image
label_names:
  z:
    - 밥그릇
    - 'yes: no'
    - "1"
  a:
    - x
batch_size: 16
epochs: 30
learning_rate: 5e-05
weight_decay: 0.01
lr_schedule: linear
seeds: [7]
augment:
  hflip: true
best_metric: macro_f1
engine: auto
device: cpu
precision: fp32
parallel: 1
`
	if got := c.YAML(); got != want {
		t.Errorf("got\n%s", got)
	}
	fixedPoint(t, c)
}

// fixedPoint checks that the canonical text is read back to the same config.
func fixedPoint(t *testing.T, c *configs.Config) {
	t.Helper()
	text := c.YAML()
	d, err := configs.Parse(c.Source, []byte(text), "/elsewhere")
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if again := d.YAML(); again != text {
		t.Fatalf("got\n%s\nfrom\n%s", again, text)
	}
	if d.Digest() != c.Digest() {
		t.Error("another digest")
	}
	equal(t, d, c)
}

// equal compares all but where the values stood and what was said about them.
func equal(t *testing.T, got, want *configs.Config) {
	t.Helper()
	g, w := reflect.ValueOf(*got), reflect.ValueOf(*want)
	for i := range g.NumField() {
		f := g.Type().Field(i)
		if !f.IsExported() || f.Name == "Notices" {
			continue
		}
		if !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			t.Errorf("%s: got %+v, want %+v", f.Name, g.Field(i), w.Field(i))
		}
	}
}

func TestDigest(t *testing.T) {
	base := parse(t, labels+"data: {dir: a}\nepochs: 3\nseed: 1\n").Digest()
	if len(base) != 64 {
		t.Errorf("digest %q", base)
	}
	same := []string{
		"# a comment\nseed: 1\nepochs: 3\ndata:\n  dir: a\n" + labels,
		labels + "data: {dir: b}\nepochs: 3\nseeds: [4, 5]\nmodels: [resnet18]\nname: other\nparallel: 2\n",
		labels + "data: {csv: b}\nepochs: 3\nengine: host\nweights_dir: w\n",
		labels + "data: {dir: a}\nepochs: 3\nbatch_size: 16\nlearning_rate: 0.00005\n",
	}
	for _, text := range same {
		if parse(t, text).Digest() != base {
			t.Errorf("another digest for\n%s", text)
		}
	}
	for _, key := range []string{
		"batch_size: 8", "learning_rate: 1e-4", "weight_decay: 0", "lr_schedule: cosine", "head: single",
		"augment: {hflip: false}", "best_metric: loss", "precision: bf16", "pretrained: true",
	} {
		if parse(t, labels+"epochs: 3\n"+key).Digest() == base {
			t.Errorf("%s does not change the digest", key)
		}
	}
	if parse(t, "label_names: {mood: [calm, angry], action: [sit, lie]}\nepochs: 3").Digest() == base {
		t.Error("the order of the tasks does not change the digest")
	}
}

func TestOverride(t *testing.T) {
	c := parse(t, labels+"device: cuda\npretrained: {resnet50: a}\nmodels: [resnet50]\n")
	before := c.YAML()
	epochs := 2
	d, err := c.Override(configs.Overrides{Models: []string{"resnet18", "resnet50"}, Seeds: []uint64{1, 2}, Epochs: &epochs, Engine: "host"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Models, []string{"resnet18", "resnet50"}) || !slices.Equal(d.Seeds, []uint64{1, 2}) || d.Epochs != 2 || d.EngineName() != "host" || d.RequireGPU() {
		t.Errorf("got %+v", d)
	}
	if len(d.Notices) != 1 || !strings.HasSuffix(d.Notices[0], "no file for resnet18: random weights") {
		t.Errorf("notices %q", d.Notices)
	}
	if c.YAML() != before {
		t.Errorf("the config itself changed:\n%s", c.YAML())
	}
	fixedPoint(t, d)
	if e, err := c.Override(configs.Overrides{}); err != nil || e.YAML() != before {
		t.Errorf("no overrides: %v", err)
	}
}

func TestOverrideErrors(t *testing.T) {
	zero := 0
	tests := []struct {
		name string
		o    configs.Overrides
		want string
	}{
		{"backbone", configs.Overrides{Models: []string{"resnet18", "resnet5"}}, `--models: unknown backbone "resnet5" (did you mean "resnet50"?)`},
		{"backbone twice", configs.Overrides{Models: []string{"resnet18", "resnet18"}}, `--models: resnet18 is there twice`},
		{"no backbone", configs.Overrides{Models: []string{}}, `--models: empty: give at least one of resnet18, resnet50, efficientnet_b4, convnext_base`},
		{"seed twice", configs.Overrides{Seeds: []uint64{1, 1}}, `--seeds: 1 is there twice`},
		{"epochs", configs.Overrides{Epochs: &zero}, `--epochs: want at least 1, got 0`},
		{"engine", configs.Overrides{Engine: "cpu"}, `--engine: want auto, host or xla, got "cpu"`},
		{"engine against the file", configs.Overrides{Engine: "host"}, `config t.yaml:2: precision: bf16 needs the xla engine: the host engine computes in fp32`},
		{"two", configs.Overrides{Epochs: &zero, Seeds: []uint64{}}, "--epochs: want at least 1, got 0\n--seeds: empty: give at least one"},
	}
	c := parse(t, labels+"precision: bf16\n")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.Override(tt.o)
			wantText(t, err, tt.want)
		})
	}
}

func wantText(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want || !errors.Is(err, configs.ErrConfig) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestWithDir(t *testing.T) {
	c := parse(t, labels+"data: {csv: a.csv}")
	d := c.WithDir("/data")
	if d.Data.Dir != "/data" || d.Data.CSV != "" || c.Data.CSV == "" {
		t.Errorf("got %+v from %+v", d.Data, c.Data)
	}
}

func TestLoad(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(file, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	write("sub/a.yaml", labels+"data: {dir: pictures}\n")
	write("bad.yaml", labels+"epoch: 1\n")
	write("task01", labels)
	write(".yaml", labels)
	if err := os.Mkdir("demo", 0o755); err != nil {
		t.Fatal(err)
	}

	tests := []struct{ arg, source, dir string }{
		{"sub/a.yaml", "sub/a.yaml", filepath.Join(here, "sub", "pictures")},
		{filepath.Join(here, "sub", "a.yaml"), filepath.Join(here, "sub", "a.yaml"), filepath.Join(here, "sub", "pictures")},
		{"task02", "task02.yaml", filepath.Join(here, "data", "action")},
		{"task02.yaml", "task02.yaml", filepath.Join(here, "data", "action")},
		{"demo", "demo.yaml", filepath.Join(here, "data", "demo")}, // a folder of that name does not hide it
		{"task01", "task01", ""}, // a file does
	}
	for _, tt := range tests {
		c, err := configs.Load(tt.arg)
		if err != nil {
			t.Errorf("%s: %v", tt.arg, err)
			continue
		}
		if c.Source != tt.source || c.Data.Dir != tt.dir {
			t.Errorf("%s: source %q, dir %q", tt.arg, c.Source, c.Data.Dir)
		}
	}

	if c, err := configs.Load(".yaml"); err != nil || c.Name != "sweep" {
		t.Errorf("a file without a name: %v, %v", c, err)
	}

	for arg, want := range map[string]string{
		"bad.yaml":    `config bad.yaml:2: unknown key "epoch" (did you mean "epochs"?)`,
		"bad.yaml/x":  `config bad.yaml/x: cannot be read: not a directory`,
		"sub":         `config sub: is a folder, not a file`,
		"task2":       `config task2: no such file (did you mean "task02"?)`,
		"mine.yaml":   `config mine.yaml: no such file (configs inside the program: demo, task01, task02)`,
		"x/demo.yaml": `config x/demo.yaml: no such file (did you mean "demo"?)`,
	} {
		_, err := configs.Load(arg)
		wantText(t, err, want)
	}
	_, err = configs.Load("mine.yaml")
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v does not match ErrNotExist", err)
	}
}

func TestDiscover(t *testing.T) {
	dir := t.TempDir()
	if got, err := configs.Discover(dir); err != nil || got != nil {
		t.Errorf("without the folder: %q, %v", got, err)
	}
	for _, f := range []string{"b.yaml", "a.yml", "note.txt", ".hidden.yaml", ".hidden/d.yaml", "sub.yaml/x", "sub/c.yaml"} {
		full := filepath.Join(dir, "configs", f)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := configs.Discover(dir)
	want := []string{filepath.Join(dir, "configs", "a.yml"), filepath.Join(dir, "configs", "b.yaml"), filepath.Join(dir, "configs", "sub", "c.yaml")}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}
