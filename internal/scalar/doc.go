// Package scalar holds functions of one or two numbers, as the stages of a
// network compute them: activations, quantisation, sums.
//
// Numbers are carried as float64, which holds every element type exactly. What
// ONNX defines in float32 is rounded to float32 after every operation, and no
// product is fused with a sum; Sigmoid, Tanh, Exp, Erf and what is made of them
// are computed in float64 and rounded once. Functions are plain data: tables and
// constants, no closures. Those with an entry per channel take the channel, others
// ignore it.
//
// The arithmetic is written apart from package network's reference, which checks
// it element by element.
package scalar
