// Package runs makes the page of a run, of a layer or of a network, out of what a simulation found.
//
// It is where stages, edges, memories and boards become what package runpage draws: the only one that knows
// both. Guarantees: every number is one of the report or follows from the plan and its time; curves over
// depths of FIFOs are simulated, point by point, within a bound on the cycles that are simulated for them.
package runs
