// Package wiring holds the blocks that belong to no layer, and the processes that
// other blocks are made of.
//
//   - [Source] and [Sink] are the ends of a plan, open by a pattern;
//   - [Fork] gives a stream to several readers, [Join] combines streams beat by
//     beat;
//   - [Concat] puts the channels of streams side by side, [Split] takes them apart;
//   - [Width] makes beats of other lanes;
//   - [Batch] takes whole pixels or frames in before it hands anything out: for
//     functions of many elements, and for another order of axes.
//
// [Register] is the stage of one beat a cycle and latency 1 that blocks of other
// packages are, too. In time beats are not looked at: what becomes of them is a
// matter of values.
package wiring
