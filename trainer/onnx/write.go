package onnx

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// Model is what Write writes.
type Model struct {
	Graph    *backbone.Graph   // evaluation
	Tasks    []string          // names of the outputs, parallel to Graph.Logits
	Metadata map[string]string // free
	Version  string            // of this program

	// Values returns the values of a parameter or buffer in timm's order. It is
	// called once for each, so that only one needs to be in memory; the slice is
	// not used after the next call.
	Values func(name string) ([]float32, error)
}

// maxModel is the size that protobuf can hold in one message.
const maxModel = math.MaxInt32

// Write writes the model. Equal input gives equal bytes. Every parameter and
// buffer of the graph is used: one that is not is an error.
func Write(w io.Writer, m Model) error {
	l, err := newLowering(m.Graph, m.Tasks)
	if err != nil {
		return err
	}
	if used, have := len(l.dims), len(m.Graph.Params)+len(m.Graph.Buffers); used != have {
		return fmt.Errorf("onnx: the model has %d of %d weights", used, have)
	}

	var nodes, values message
	for _, n := range l.nodes {
		nodes.message(graphNode, n)
	}
	nodes.text(graphName, "network")
	in := m.Graph.Input.Shape()
	values.message(graphInput, valueMessage(l.names[m.Graph.Input], 3, in[1], in[2]))
	for t, n := range m.Graph.Logits {
		values.message(graphOutput, valueMessage(m.Tasks[t], n.Shape()[1]))
	}

	graph := int64(len(nodes)) + int64(len(values))
	heads := make([]message, len(l.initializers))
	for i, t := range l.initializers {
		heads[i] = t.head()
		graph += int64(len(heads[i])) + t.bytes()
	}
	if graph > maxModel-1<<20 {
		return fmt.Errorf("onnx: the model would have %d bytes: its format ends at 2 GiB", graph)
	}

	start := m.head()
	start.begin(modelGraph, graph)
	if _, err := w.Write(slices.Concat(start, nodes, values)); err != nil {
		return err
	}
	for i, t := range l.initializers {
		if _, err := w.Write(heads[i]); err != nil {
			return err
		}
		if err := t.write(w, m.Values); err != nil {
			return err
		}
	}
	return nil
}

// head is the model without its graph.
func (m Model) head() message {
	var out, set message
	out.int(modelIRVersion, irVersion)
	out.text(modelProducer, "sweep")
	out.text(modelProducerVersion, m.Version)
	set.int(opsetVersion, opset)
	out.message(modelOpset, set)
	for _, k := range slices.Sorted(maps.Keys(m.Metadata)) {
		var entry message
		entry.text(entryKey, k)
		entry.text(entryValue, m.Metadata[k])
		out.message(modelMetadata, entry)
	}
	return out
}

// bytes is the size of the values.
func (i initializer) bytes() int64 {
	if i.ints != nil {
		return 8 * int64(i.len())
	}
	return 4 * int64(i.len())
}

// head is the graph's field of the tensor up to its values.
func (i initializer) head() message {
	element := int64(elementFloat)
	if i.ints != nil {
		element = elementInt64
	}
	var body message
	for _, d := range i.dims {
		body.int(tensorDims, int64(d))
	}
	body.int(tensorType, element)
	body.text(tensorName, i.name)
	body.begin(tensorRaw, i.bytes())
	var m message
	m.begin(graphInitializer, int64(len(body))+i.bytes())
	return append(m, body...)
}

// write writes the values.
func (i initializer) write(w io.Writer, values func(name string) ([]float32, error)) error {
	if i.ints != nil {
		return binary.Write(w, binary.LittleEndian, i.ints)
	}
	v := i.floats
	if i.parameter {
		var err error
		if v, err = values(i.name); err != nil {
			return err
		}
		if len(v) != i.len() {
			return fmt.Errorf("onnx: tensor %s has %d values, want %v", i.name, len(v), i.dims)
		}
	}
	return weights.WriteValues(w, v)
}
