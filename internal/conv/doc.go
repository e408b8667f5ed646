// Package conv says what a convolution is: attributes, shapes, and the slow
// obvious reference.
//
// The rules are those of PyTorch's nn.Conv2d: cross-correlation, groups, four
// padding modes; ONNX's SAME_UPPER and SAME_LOWER are added. Activations are
// NCHW, weights OIHW = (out, in/groups, kernel height, kernel width). All sizes
// are in elements and every count is checked to fit an int64 with room to
// spare, so that later arithmetic cannot overflow.
//
// Resolve turns attributes and an input size into a Shape or into Problems,
// which name all mistakes at once by their key in the layer's file.
//
// The reference computes every output by its own sum over an explicit Order
// of taps, so that float results equal those of hardware that adds in that
// order. Padding is data: it is multiplied like any pixel, so 0*inf over
// padding is nan.
//
// Sums of integers are exact; beside each stands what an accumulator of some
// width makes of it. Requantization turns either into activations, by integer
// arithmetic that it shares with no model of hardware.
package conv
