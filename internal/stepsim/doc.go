// Package stepsim is a deliberately naive cycle-stepped simulator of streaming graphs: the oracle of the fast
// time plane.
//
// Model: blocks joined by valid/ready edges, one producer and one consumer each. In every cycle all valid and
// ready signals settle to a fixed point, from registered state; then all blocks commit together. A beat
// crosses an edge in cycle t if valid and ready are both high in t. What each block does is written in
// docs/time.md, and these blocks are written from that text.
//
// Units: time is a Cycle, cycle 0 is the first one out of reset. Sizes are beats, images are in pixels, a
// pixel is Folds beats.
//
// Use: New, then Edge, AddSource, AddBlock and AddSink of a Graph, then Run; a Chain is a graph of one line
// given as a list.
//
// Guarantees: nothing is skipped or solved; each process has exactly one Name in each of the cycles
// 0..Total-1; the same Graph gives the same Outcome; a graph that cannot move any more is a *StuckError that
// says who waits on whom.
//
// The blocks of the FINN RTL library were measured by others and are held to tables handshake by handshake;
// the others are generalisations that FINN has no hardware for. Speed is a few million block-cycles per
// second. The package is imported by tests only.
package stepsim
