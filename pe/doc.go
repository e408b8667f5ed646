// Package pe computes what an array of processing elements computes.
//
// # Values
//
// One array turns one vector (one output pixel of one group) into its sums,
// one per output channel of the group. A vector is beat-major: every beat
// holds Lanes elements, of which the first Real[beat] carry data; idle lanes
// never influence a result. [IntWeights] and [FloatWeights] are prepared once
// per layer and group, are immutable, and may be used by any number of
// goroutines. Integer sums are exact and then obey the accumulator (wrap or
// saturate, beat by beat); float sums are rounded in the order of the hardware:
// lanes within a beat, beats, bias. Both kernels choose speed only where it
// cannot change a bit. A [Span] is the range of the values an accumulator held,
// from which follows the width it needed.
//
// A [Requantizer] turns accumulators into the next layer's activations: by a
// float32 multiplier (ONNX), a power of two, or TFLite's fixed-point multiplier.
package pe
