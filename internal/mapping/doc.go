// Package mapping turns a layer, or a network, and a hardware into a plan.
//
// The way there is a visible list of passes: each looks at the draft and adds to
// it. Of a layer these are [Streaming], and what a pass refuses is an error at its
// place in the layer's or the hardware's file. Of a network they are
// [StreamingNetwork]: every node gets hardware of its own, folded as its channels
// divide, and all operators that have no stage are one error. Passes decide; blocks
// know their own facts.
//
// What crosses an edge of a network is a tensor in an order of its axes: images
// with channels innermost, others as they lie in memory. Where an operator wants
// another order, a frame is held and read anew.
package mapping
