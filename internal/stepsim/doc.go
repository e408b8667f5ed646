// Package stepsim is a deliberately naive cycle-stepped simulator of linear streaming chains: the oracle of the fast time plane.
//
// Model: stages joined by valid/ready edges, one producer and one consumer each. Every cycle has three phases: all valid
// signals, upstream to downstream, from registered state; all ready signals, downstream to upstream, combinationally; then all
// stages commit together. A beat crosses an edge in cycle t if valid and ready are both high in t.
//
// Units: time is a Cycle, cycle 0 is the first one out of reset. Sizes are beats, images are in pixels, a pixel is Folds beats.
//
// Guarantees: nothing is skipped or solved; each process has exactly one Name in each of the cycles 0..Total-1; the same Chain
// gives the same Result; a chain that cannot move any more is a *StuckError that says who waits on whom.
//
// The blocks are those of the FINN RTL library, measured by others and held to testdata/finn handshake by handshake, plus the
// generalisations that FINN has no hardware for: groups beside folds, padding by address, frames that overlap, deeper FIFO latency.
// Speed is a few million stage-cycles per second. The package is imported by tests only.
package stepsim
