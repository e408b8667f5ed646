// Package results is the folder that a sweep leaves: what is in it, and what is made of it.
//
// results.jsonl is the truth: append-only, one checked line a point. Finish makes the tables, the front and
// the page from it; Choose finds the best point and gives its hardware file, or says why there is none; Merge
// joins the folders of shards. A folder says by itself what its rows mean: the definition of its sweep is in
// it.
//
// Guarantees: results.csv and pareto.csv hold the same bytes for any number of jobs, after any interruption,
// and for shards merged; no wall clock enters them. Files appear whole or not at all, and none that the sweep
// reads is replaced. Memory does not grow with the metrics of the points, only by a few dozen bytes for each.
package results
