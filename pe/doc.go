// Package pe holds the blocks that compute: what an array of processing elements
// makes of windows, and what is done with its results.
//
//   - [Array] multiplies vectors by weights, group_parallel times PE x SIMD a cycle;
//   - [Reduce] pools: the greatest, the sum or the mean of a window;
//   - [Requantize] turns sums into the next layer's activations;
//   - [Map] applies a function of one number to every element.
//
// # Time
//
// An array takes a beat a cycle, several passes over each vector by its replay
// buffer, and hands a result over Latency cycles after the last beat of a pass.
// Styles say what happens to results under way while the sink takes none: an
// output queue catches them ([Queued], all files ask for it), or the pipeline stops
// ([Frozen], [FrozenLate]: FINN's older cores, for its tables). The other blocks
// take a beat a cycle, and offer what they make of it in the next.
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
