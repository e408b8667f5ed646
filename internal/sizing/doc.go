// Package sizing finds how deep the FIFOs of a plan must be.
//
// The goal is the throughput that the plan would have with FIFOs without end, in
// steady state, with as few bits as a search finds. Every answer is a simulation of
// the time plane: how full an ample FIFO gets is no rule, for it fills with beats that
// could as well wait elsewhere.
//
// Three facts make it fast. With FIFOs without end nothing holds a stage up but the
// stages before it, so the best interval is that of the slowest stage alone. A part of
// a plan between an ideal source and an ideal sink is never slower than within the
// whole: a depth that is too small there is too small. And two parts joined by a FIFO
// without end are as fast as the slower of them, so where two parts are fast enough
// there is a depth between them that keeps them so.
//
// What is found is a local minimum: each FIFO is as shallow as it can be while the
// others stay as they are; a last run of the whole plan proves the depths. Wires, edges
// of depth 0, stay wires. Equal plans and options give equal depths.
package sizing
