package onnx

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of onnx.proto, as far as they are used.
const (
	modelIRVersion, modelProducer, modelProducerVersion = 1, 2, 3
	modelGraph, modelOpset, modelMetadata               = 7, 8, 14
	opsetVersion                                        = 2
	entryKey, entryValue                                = 1, 2

	graphNode, graphName, graphInitializer, graphInput, graphOutput = 1, 2, 5, 11, 12

	nodeInput, nodeOutput, nodeName, nodeOpType, nodeAttribute = 1, 2, 3, 4, 5

	attributeName, attributeFloat, attributeInt, attributeInts, attributeType = 1, 2, 3, 8, 20
	typeFloat, typeInt, typeInts                                              = 1, 2, 7

	tensorDims, tensorType, tensorName, tensorRaw = 1, 2, 8, 9
	elementFloat, elementInt64                    = 1, 7

	valueName, valueType            = 1, 2
	typeTensor                      = 1
	tensorTypeElement, tensorShape  = 1, 2
	shapeDim, dimValue, dimVariable = 1, 1, 2
)

// message is a protobuf message under construction.
type message []byte

func (m *message) int(field protowire.Number, v int64) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.VarintType), uint64(v))
}

func (m *message) float(field protowire.Number, v float32) {
	*m = protowire.AppendFixed32(protowire.AppendTag(*m, field, protowire.Fixed32Type), math.Float32bits(v))
}

func (m *message) text(field protowire.Number, v string) {
	*m = protowire.AppendString(protowire.AppendTag(*m, field, protowire.BytesType), v)
}

func (m *message) message(field protowire.Number, v message) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, field, protowire.BytesType), v)
}

// begin opens a field of n bytes, which the caller writes.
func (m *message) begin(field protowire.Number, n int64) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.BytesType), uint64(n))
}

// attribute is a named property of a node: an int, a float32 or ints.
type attribute struct {
	name  string
	value any
}

func (a attribute) message() message {
	var m message
	m.text(attributeName, a.name)
	switch v := a.value.(type) {
	case int:
		m.int(attributeInt, int64(v))
		m.int(attributeType, typeInt)
	case float32:
		m.float(attributeFloat, v)
		m.int(attributeType, typeFloat)
	case []int:
		for _, i := range v {
			m.int(attributeInts, int64(i))
		}
		m.int(attributeType, typeInts)
	}
	return m
}

// nodeMessage is one operation.
func nodeMessage(opType, name string, in, out []string, attributes []attribute) message {
	var m message
	for _, s := range in {
		m.text(nodeInput, s)
	}
	for _, s := range out {
		m.text(nodeOutput, s)
	}
	m.text(nodeName, name)
	m.text(nodeOpType, opType)
	for _, a := range attributes {
		m.message(nodeAttribute, a.message())
	}
	return m
}

// valueMessage is a float32 input or output [N, dims…] of any N.
func valueMessage(name string, dims ...int) message {
	var shape, variable message
	variable.text(dimVariable, "N")
	shape.message(shapeDim, variable)
	for _, d := range dims {
		var dim message
		dim.int(dimValue, int64(d))
		shape.message(shapeDim, dim)
	}
	var tensor, typ, m message
	tensor.int(tensorTypeElement, elementFloat)
	tensor.message(tensorShape, shape)
	typ.message(typeTensor, tensor)
	m.text(valueName, name)
	m.message(valueType, typ)
	return m
}
