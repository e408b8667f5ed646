// Package dse runs design-space sweeps: every hardware of a space on a workload, and the best of them.
//
// Load reads a SWEEP.yaml; Run evaluates its points on all cores and leaves a folder of results; Merge joins
// the folders of shards; Choose finds the best point of a folder and gives its hardware file.
//
// A point is the base hardware with the keys named by the axes set. Its metrics come from the time plane
// (cycles, exact), the resource model and the energy table; constraints, derived values and objectives are
// expressions over both.
//
// results.jsonl is the truth: append-only, one checked line a point. The tables and the page are made from it.
// Guarantees: results.csv and pareto.csv hold the same bytes for any number of jobs, after any interruption, and for
// shards merged; no wall clock enters them. Pruning is a function of the sweep alone and never changes pareto.csv.
// Memory does not grow with the metrics of the points, only by a few dozen bytes for each.
package dse
