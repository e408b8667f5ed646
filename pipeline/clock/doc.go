// Package clock is the time plane: Solve finds the cycle in which every beat of
// a plan moves, without values.
//
// Each block of the plan gets a Process. It advances as far as the times known
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
// Beats of the last frame that no output needs count only if they move before the last
// output. Every edge therefore has a limit, worked out from what the blocks say they need.
// It is lifted once nothing else moves; from then on a horizon, which is never put later
// than the end of the run can be, is moved on until the last output has left.
//
// Beats that come one a cycle, and leave so, move in rows: producer, edge and consumer
// agree on many at once. A beat that a consumer can take at once (Receiver) goes on to it,
// and so from the source to the sink, before the next one is looked at. Neither changes a
// number: Options.Single does without, and so do edges that are watched.
//
// Fast-forward: at the ends of vectors, pixels, rows and frames of one driving
// process, and while that waits for its memory to fill, the complete state, relative
// to now, is compared with earlier ones; in turn with it, at the ends of rows of the
// other windows of a graph. Where it recurs, whole periods are skipped
// while every loop of every block looks the same when moved by what it moved in a
// period. It changes no number of a Result but Skipped. Parts that cannot tell what the
// rest does are skipped alone: what fills a memory, what empties one, and the ends; in graphs
// what lies between deep FIFOs, too.
//
// A History tells what a stage did in every cycle, or when beats passed an end of an
// edge: runs of one cause, and, where periods were skipped, runs that repeat. Those that
// would become too long give up the order of cycles within short stretches, and say so.
//
// Memory grows with buffers, FIFOs and frames, not with the image.
package clock
