package onnx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
)

// field is one field of a message that was read back.
type field struct {
	number protowire.Number
	bytes  []byte // of length-delimited fields
	value  uint64 // of the others
}

func fields(t *testing.T, raw []byte) []field {
	t.Helper()
	var out []field
	for len(raw) > 0 {
		number, kind, n := protowire.ConsumeTag(raw)
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		raw = raw[n:]
		f := field{number: number}
		switch kind {
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(raw)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(raw)
			f.value = uint64(v)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(raw)
		default:
			t.Fatalf("field %d is of kind %d", number, kind)
		}
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		raw = raw[n:]
		out = append(out, f)
	}
	return out
}

// texts are the values of a repeated field of strings.
func texts(fs []field, number protowire.Number) []string {
	var out []string
	for _, f := range fs {
		if f.number == number {
			out = append(out, string(f.bytes))
		}
	}
	return out
}

// tensor is an initializer that was read back.
type tensor struct {
	dims  []int
	bytes []byte
}

// document is a model that was read back.
type document struct {
	nodes           []string // "Conv stem.0 <- images stem.0.weight stem.0.bias"
	operations      map[string]int
	tensors         map[string]tensor
	inputs, outputs []string
	metadata        map[string]string
}

// read checks on the way that every value is computed before it is used, and once.
func read(t *testing.T, raw []byte) document {
	t.Helper()
	d := document{operations: map[string]int{}, tensors: map[string]tensor{}, metadata: map[string]string{}}
	var graph []field
	for _, f := range fields(t, raw) {
		switch f.number {
		case modelGraph:
			graph = fields(t, f.bytes)
		case modelMetadata:
			entry := fields(t, f.bytes)
			d.metadata[string(entry[0].bytes)] = string(entry[1].bytes)
		}
	}
	known := map[string]bool{}
	for _, f := range graph {
		switch f.number {
		case graphInitializer:
			fs := fields(t, f.bytes)
			name, v := texts(fs, tensorName)[0], tensor{bytes: []byte(texts(fs, tensorRaw)[0])}
			for _, x := range fs {
				if x.number == tensorDims {
					v.dims = append(v.dims, int(x.value))
				}
			}
			if known[name] {
				t.Errorf("the tensor %s is there twice", name)
			}
			d.tensors[name], known[name] = v, true
		case graphInput:
			d.inputs = append(d.inputs, texts(fields(t, f.bytes), valueName)...)
		case graphOutput:
			d.outputs = append(d.outputs, texts(fields(t, f.bytes), valueName)...)
		}
	}
	for _, in := range d.inputs {
		known[in] = true
	}
	for _, f := range graph {
		if f.number != graphNode {
			continue
		}
		fs := fields(t, f.bytes)
		in, out, kind := texts(fs, nodeInput), texts(fs, nodeOutput)[0], texts(fs, nodeOpType)[0]
		for _, x := range in {
			if !known[x] {
				t.Errorf("%s uses %s before it is there", out, x)
			}
		}
		if known[out] {
			t.Errorf("%s is computed twice", out)
		}
		known[out] = true
		d.operations[kind]++
		d.nodes = append(d.nodes, fmt.Sprintf("%s %s <- %s", kind, out, strings.Join(in, " ")))
	}
	for _, out := range d.outputs {
		if !known[out] {
			t.Errorf("the output %s is never computed", out)
		}
	}
	return d
}

func model(t *testing.T, name, head string, tasks ...string) Model {
	t.Helper()
	classes := make([]int, len(tasks))
	for i := range classes {
		classes[i] = i + 2
	}
	gr, err := backbone.Build(backbone.Options{Model: name, Head: head, Batch: 1, Size: 64, TaskNames: tasks, Classes: classes})
	if err != nil {
		t.Fatal(err)
	}
	lengths := map[string]int{}
	for _, p := range gr.Params {
		lengths[p.Name] = p.Len()
	}
	for _, b := range gr.Buffers {
		lengths[b.Name] = b.Len()
	}
	return Model{
		Graph: gr, Tasks: tasks, Metadata: map[string]string{"b": "2", "a": "1"}, Version: "test",
		Values: func(name string) ([]float32, error) {
			v := make([]float32, lengths[name])
			for i := range v {
				v[i] = float32(i)
			}
			return v, nil
		},
	}
}

func TestWrite(t *testing.T) {
	for _, c := range []struct {
		model, head string
		operations  map[string]int
	}{
		{"resnet18", run.HeadMulti, map[string]int{
			"Conv": 20, "BatchNormalization": 20, "Relu": 17, "MaxPool": 1, "Add": 8,
			"GlobalAveragePool": 1, "Flatten": 1, "Gemm": 2,
		}},
		{"efficientnet_b4", run.HeadSingle, map[string]int{
			"Conv": 96, "BatchNormalization": 96, "Sigmoid": 128, "Mul": 128, "Add": 25,
			"GlobalAveragePool": 33, "Flatten": 33, "Gemm": 65, "Unsqueeze": 32, "Slice": 2,
		}},
	} {
		m := model(t, c.model, c.head, "동작", "emotion")
		var one, two bytes.Buffer
		for _, w := range []*bytes.Buffer{&one, &two} {
			if err := Write(w, m); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s: the same network gave different bytes", c.model)
		}
		d := read(t, one.Bytes())
		if fmt.Sprint(d.operations) != fmt.Sprint(c.operations) {
			t.Errorf("%s: operations %v, want %v", c.model, d.operations, c.operations)
		}
		if !slices.Equal(d.inputs, []string{"images"}) || !slices.Equal(d.outputs, m.Tasks) || d.metadata["a"] != "1" {
			t.Errorf("%s: inputs %v, outputs %v, metadata %v", c.model, d.inputs, d.outputs, d.metadata)
		}
		for _, p := range m.Graph.Params {
			got := d.tensors[p.Name]
			values, err := m.Values(p.Name)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(got.bytes); n != 4*len(values) || math.Float32frombits(binary.LittleEndian.Uint32(got.bytes[n-4:])) != values[len(values)-1] {
				t.Errorf("%s: %s has %d bytes for %d values", c.model, p.Name, n, len(values))
			}
			if p.Layout == backbone.Conv && !slices.Equal(got.dims, p.TimmShape()) {
				t.Errorf("%s: %s has the shape %v, want %v", c.model, p.Name, got.dims, p.TimmShape())
			}
		}
	}
}

// ConvNeXt's graph begins as its paper's figure: stem, norm, depthwise, norm, ….
func TestConvNeXtNodes(t *testing.T) {
	l, err := newLowering(model(t, "convnext_base", run.HeadMulti, "a").Graph, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, n := range l.nodes[:29] {
		kinds = append(kinds, texts(fields(t, n), nodeOpType)[0])
	}
	norm := "ReduceMean Sub Mul ReduceMean Add Sqrt Div Mul Add"
	want := "Conv " + norm + " Conv " + norm + " Conv Div Erf Add Mul Mul Conv Mul Add"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestNames(t *testing.T) {
	m := model(t, "resnet18", run.HeadMulti, "images", "conv1.weight")
	if err := Write(&bytes.Buffer{}, m); err == nil || !strings.Contains(err.Error(), `"conv1.weight": rename the task`) {
		t.Errorf("a task called as a tensor: error %v", err)
	}
	m = model(t, "resnet18", run.HeadMulti, "images", "conv1")
	var b bytes.Buffer
	if err := Write(&b, m); err != nil {
		t.Fatal(err)
	}
	if d := read(t, b.Bytes()); !slices.Equal(d.inputs, []string{"images_1"}) || !slices.Equal(d.outputs, m.Tasks) {
		t.Errorf("inputs %v, outputs %v", d.inputs, d.outputs)
	}
}

func TestWriteRefuses(t *testing.T) {
	m := model(t, "resnet18", run.HeadMulti, "a")
	values := m.Values
	m.Values = func(name string) ([]float32, error) {
		v, err := values(name)
		if name == "layer1.0.bn1.bias" {
			v = v[1:]
		}
		return v, err
	}
	if err := Write(&bytes.Buffer{}, m); err == nil || !strings.Contains(err.Error(), "layer1.0.bn1.bias has 63 values") {
		t.Errorf("a short tensor: error %v", err)
	}
	training, err := backbone.Build(backbone.Options{
		Model: "resnet18", Head: run.HeadMulti, Batch: 1, Size: 64, TaskNames: []string{"a"}, Classes: []int{2}, Training: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	m.Graph = training
	if err := Write(&bytes.Buffer{}, m); err == nil || !strings.Contains(err.Error(), "no ONNX operation") {
		t.Errorf("a training graph: error %v", err)
	}
}
