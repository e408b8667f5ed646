// Package dse runs design-space sweeps: every hardware of a space on a workload, and the best of them.
//
// Load reads a SWEEP.yaml; Run evaluates its points on all cores and leaves a folder of results, which
// package results reads, merges and chooses from; DryRun says what a run would do.
//
// A point is the base hardware with the keys named by the axes set. Its metrics come from the time plane
// (cycles, exact), the resource model and the energy table; constraints, derived values and objectives are
// expressions over both, compiled by package judge.
//
// Pruning is a function of the sweep alone and never changes pareto.csv. The same sweep gives the same rows
// for any number of jobs.
package dse
