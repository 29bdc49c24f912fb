// Package onnx writes a network as an ONNX model, from the same graph that the
// engines execute.
//
// The model is of opset 17 (IR version 8), float32, and NCHW as ONNX has it: the
// graph's NHWC activations become NCHW under the same operations, so that weights
// keep timm's shapes and no transposition is needed. Every operation has its
// lowering in ops.go. BatchNorm stays a BatchNormalization with its parameters
// under their own names; runtimes fold it when they load the model.
//
//	images  [N, 3, S, S]   in: normalised RGB pixels, N free
//	<task>  [N, classes]   out: logits, one output a task, under the task's name
//
// What a program needs beside that, it finds in the model's metadata.
package onnx

// Input is the name of the model's input, as far as no task is called so.
const Input = "images"

// The versions of what is written.
const (
	irVersion = 8
	opset     = 17
)
