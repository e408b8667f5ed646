// Package sched says which beat a stage moves in which order: what a [Stream]
// carries in a frame, how a layer is folded onto a processing-element array, and
// the loop nests that follow.
//
// Streams are NHWC. A beat carries the lanes of one cycle, group_parallel x
// SIMD input channels, and every pixel takes GroupFolds x ChannelFolds beats,
// group folds outermost. A serial window reads, per output pixel and group
// fold, one kernel tap after the other; a parallel window hands over all taps
// of a channel fold in one beat. The array then makes OutFolds passes over the
// beats of a vector (one output pixel of one group fold).
//
// Nothing here knows of time: counts are in beats, addresses are beat indices
// within a frame, counted in the order of arrival. Folding that does not
// divide is legal; the last fold then has idle lanes, counted by IdleMACs.
package sched
