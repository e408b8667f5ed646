// Package network says what a network is: a graph of operators over named
// tensors, and the slow obvious reference of every operator.
//
// Operators are ONNX's, with ONNX's names and meaning, as plain immutable data.
// What must be known before anything runs (pads, axes, the shape of a Reshape,
// the bounds of a Clip, scales and zero points) are fields; activations,
// weights and biases are inputs, which may be constants of the graph.
//
// [Graph.Check] finds all mistakes at once, [Graph.Types] gives the type of every
// tensor, and [Execute] computes one node after the other with Op.Reference. It
// is what every faster way of computing a network is compared with.
//
// Activations are [batch, channels, height, width] or, with one spatial axis,
// [batch, channels, width]: such a tensor is taken as an image of height 1.
//
// Every operation on float32 numbers is rounded by itself, none is fused.
package network
