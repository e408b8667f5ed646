// Package onnx reads models in the ONNX format and makes networks of them.
//
// [Read] decodes a file into a [Model]: the graph, its nodes, attributes and
// initialisers as they are written. Only the description is held in memory;
// elements of tensors stay in the file until [Tensor.Load] asks for them, so a
// model is never there twice. Sizes are checked before anything is allocated, and
// what a file says may not take more memory than a real model needs.
//
// [Model.Network] makes a network.Graph for given input shapes: constants and the
// arithmetic on shapes are computed, nodes that change nothing are removed, and
// everything that is not supported is an error that names node, operator and
// attribute, all of them at once.
package onnx
