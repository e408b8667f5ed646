// Package pipeline runs stages joined by FIFOs and wires, on two planes.
//
// The value plane moves real data: a goroutine per stage, a Stream of slabs per
// edge, a Kahn network. The time plane (Graph) finds the cycle in which every
// beat moves, without values: each Process advances as far as the times known
// at its ports allow, then its neighbours, until all have come to rest. The
// order of advancing cannot change a result, so there is no global clock.
//
// Cycle 0 is the first one out of reset. A beat crosses an edge in cycle t when
// it is offered and there is room in t; a process moves at most one beat per
// port and cycle. Every cycle of every stage has one Cause: busy, starved,
// blocked, throttled, turnaround or finished; they sum to the run's length,
// which ends with the last output. A run that cannot go on is a *Deadlock that
// says who waits for whom; beats nobody takes are a *Leftover.
//
// Fast-forward: at pixels, rows and frames of one driving window the complete
// state, relative to now, is compared with earlier ones. Where it recurs, whole
// periods are skipped while every loop stays among iterations that are alike.
// It changes no number of a Result but Skipped.
//
// Memory grows with buffers, FIFOs and frames, not with the image.
package pipeline
