package weights

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
)

func build(t *testing.T, model string, classes ...int) *backbone.Graph {
	t.Helper()
	o := backbone.Options{Model: model, Head: run.HeadMulti, Batch: 1, Size: 32, Classes: classes}
	for i := range classes {
		o.TaskNames = append(o.TaskNames, string(rune('a'+i)))
	}
	gr, err := backbone.Build(o)
	if err != nil {
		t.Fatal(err)
	}
	return gr
}

// numbered is a state of different numbers everywhere.
func numbered(params []backbone.Param, buffers []backbone.Buffer, seed int) State {
	state := State{}
	n := seed << 20
	for _, s := range slots(params, buffers) {
		v := make([]float32, Entry{Shape: s.shape}.Len())
		for i := range v {
			n++
			v[i] = float32(n)
		}
		state[s.name] = v
	}
	return state
}

// export writes a state and returns the file's path and bytes.
func export(t *testing.T, gr *backbone.Graph, state State) (string, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := Export(&b, gr.Params, gr.Buffers, state, map[string]string{"model": "x", "epoch": "3"}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, b.Bytes()
}

func TestExportAndLoad(t *testing.T) {
	gr := build(t, "resnet18", 3, 2)
	state := numbered(gr.Params, gr.Buffers, 7)
	path, raw := export(t, gr, state)

	back := numbered(gr.Params, gr.Buffers, 8)
	loaded, err := Load(path, gr.Params, gr.Buffers, back)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range state {
		if !slices.Equal(v, back[name]) {
			t.Errorf("%s changed on its way", name)
		}
	}
	if loaded.Metadata["epoch"] != "3" || len(loaded.Ignored) > 0 || loaded.Notice() != "" {
		t.Errorf("loaded %v", loaded)
	}
	if want := []string{"heads.a.weight", "heads.a.bias", "heads.b.weight", "heads.b.bias"}; !slices.Equal(loaded.Heads, want) {
		t.Errorf("heads %v, want %v", loaded.Heads, want)
	}
	if _, again := export(t, gr, back); !bytes.Equal(raw, again) {
		t.Error("the second export has other bytes")
	}
	// The file has timm's order of elements.
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	conv := make([]float32, 64*3*7*7)
	if err := f.values(f.index("conv1.weight"), conv); err != nil {
		t.Fatal(err)
	}
	const o, i, y, x = 5, 2, 3, 6
	if got, want := conv[((o*3+i)*7+y)*7+x], state["conv1.weight"][((y*7+x)*3+i)*64+o]; got != want {
		t.Errorf("conv1.weight[5,2,3,6] is %v, want %v", got, want)
	}
}

func TestLoadTakesFittingHeads(t *testing.T) {
	from := build(t, "resnet18", 3, 2)
	state := numbered(from.Params, from.Buffers, 7)
	path, _ := export(t, from, state)

	to := build(t, "resnet18", 3, 5) // b has another number of classes
	got := numbered(to.Params, to.Buffers, 8)
	before := maps.Clone(got)
	loaded, err := Load(path, to.Params, to.Buffers, got)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got["heads.a.weight"], state["heads.a.weight"]) || !slices.Equal(got["heads.a.bias"], state["heads.a.bias"]) {
		t.Error("the fitting head was not taken")
	}
	if !slices.Equal(got["heads.b.weight"], before["heads.b.weight"]) || !slices.Equal(got["heads.b.bias"], before["heads.b.bias"]) {
		t.Error("the other head changed")
	}
	if want := []string{"heads.b.weight", "heads.b.bias"}; !slices.Equal(loaded.Ignored, want) || !strings.Contains(loaded.Notice(), "heads.b.bias") {
		t.Errorf("ignored %v, want %v", loaded.Ignored, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	eighteen, fifty := build(t, "resnet18", 3), build(t, "resnet50", 3)
	path, _ := export(t, eighteen, numbered(eighteen.Params, eighteen.Buffers, 7))

	state := numbered(fifty.Params, fifty.Buffers, 7)
	before := maps.Clone(state)
	_, err := Load(path, fifty.Params, fifty.Buffers, state)
	var mismatch *MismatchError
	if !errors.As(err, &mismatch) {
		t.Fatalf("error %v", err)
	}
	if !slices.Contains(mismatch.Missing, "layer1.0.conv3.weight") || !slices.Contains(mismatch.Misshapen, "layer1.0.conv1.weight [64 64 3 3], want [64 64 1 1]") {
		t.Errorf("missing %v, misshapen %v", mismatch.Missing, mismatch.Misshapen)
	}
	if msg := err.Error(); !strings.Contains(msg, "it holds resnet18") || !strings.Contains(msg, "layer1.0.conv3.weight") || !strings.Contains(msg, " more") {
		t.Errorf("message %s", msg)
	}
	for _, tensor := range mismatch.Misshapen { // each of them is named
		if !strings.Contains(err.Error(), tensor) {
			t.Errorf("%s is not in %s", tensor, err)
		}
	}
	for name, v := range before {
		if &state[name][0] != &v[0] {
			t.Fatalf("%s changed", name)
		}
	}

	bad := numbered(eighteen.Params, eighteen.Buffers, 7)
	bad["layer2.1.conv2.weight"][77] = float32(math.NaN())
	path, _ = export(t, eighteen, bad)
	if _, err := Load(path, eighteen.Params, eighteen.Buffers, State{}); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "layer2.1.conv2.weight") {
		t.Errorf("NaN: error %v", err)
	}
}

// An ImageNet file of timm or torchvision: counters and a classifier of 1000 classes.
func TestLoadImageNetFile(t *testing.T) {
	gr := build(t, "resnet18", 3)
	info, err := backbone.Describe("resnet18")
	if err != nil {
		t.Fatal(err)
	}
	state := numbered(info.Params, info.Buffers, 1)
	all := slots(info.Params, info.Buffers)
	var entries []Entry
	for _, s := range all {
		entries = append(entries, Entry{Name: s.name, Shape: s.timmShape()})
	}
	entries = append(entries,
		Entry{Name: "fc.weight", Shape: []int{1000, 512}}, Entry{Name: "fc.bias", Shape: []int{1000}},
		Entry{Name: "bn1.num_batches_tracked", Shape: []int{}})
	var b bytes.Buffer
	err = WriteSafetensors(&b, entries, nil, func(i int) ([]float32, error) {
		v := make([]float32, entries[i].Len())
		if i < len(all) {
			all[i].layout.ToTimm(v, state[all[i].name], all[i].shape)
		}
		return v, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, b.Bytes())
	got := numbered(gr.Params, gr.Buffers, 2)
	loaded, err := Load(path, gr.Params, gr.Buffers, got)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"fc.weight", "fc.bias"}; !slices.Equal(loaded.Ignored, want) || len(loaded.Heads) > 0 {
		t.Errorf("ignored %v, want %v; heads %v", loaded.Ignored, want, loaded.Heads)
	}
	if !slices.Equal(got["layer4.1.conv2.weight"], state["layer4.1.conv2.weight"]) {
		t.Error("the backbone is not the file's")
	}
	r, err := Inspect(path)
	if err != nil {
		t.Fatal(err)
	}
	if r.Model != "resnet18" || r.Format != "safetensors" || len(r.Heads) != 1 || r.Heads[0] != (Head{Classes: 1000}) {
		t.Errorf("report: model %q, format %s, heads %v", r.Model, r.Format, r.Heads)
	}
}

func TestInspect(t *testing.T) {
	gr := build(t, "efficientnet_b4", 13, 6)
	path, _ := export(t, gr, numbered(gr.Params, gr.Buffers, 7))
	r, err := Inspect(path)
	if err != nil {
		t.Fatal(err)
	}
	// Parameters, and running statistics of 62,600 channels.
	if want := int64(17_548_616 + 19*1793 + 2*62_600); r.Values != want {
		t.Errorf("%d values, want %d", r.Values, want)
	}
	if want := []Head{{"a", 13}, {"b", 6}}; r.Model != "efficientnet_b4" || !slices.Equal(r.Heads, want) || r.Metadata["epoch"] != "3" {
		t.Errorf("model %q, heads %v, metadata %v", r.Model, r.Heads, r.Metadata)
	}
	r, err = Inspect(filepath.Join("testdata", "zip.pth"))
	if err != nil || r.Model != "" || r.Format != "pth" {
		t.Errorf("a file of other tensors: model %q, format %s, error %v", r.Model, r.Format, err)
	}
}

func TestDigest(t *testing.T) {
	got, err := Digest(write(t, []byte("abc")))
	if want := "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; err != nil || got != want {
		t.Errorf("%s (%v), want %s", got, err, want)
	}
}
