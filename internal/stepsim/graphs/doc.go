// Package graphs makes random networks of blocks as plain data, for tests that build the same network in two
// simulators.
//
// A Design is nodes and edges, upstream first; every edge says what streams over it. Random draws one from a
// seed: chains, residual blocks (diamonds, nested too), branches whose channels are put side by side, U-Nets,
// several sources and sinks; FIFOs of any style, some of them too shallow, so that a part of the designs
// deadlocks. Stepped builds it for the cycle-stepped simulator.
//
// The same seed gives the same Design.
package graphs
