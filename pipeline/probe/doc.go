// Package probe is a logic analyser clipped onto a plan: while the time plane runs, it
// plays what every stage did and what was on offer at the ends of edges, cycle by cycle,
// into a waveform, with the elements of beats where values run beside it.
//
// It promises that a waveform is written in the order of time as the run goes on, in
// memory that does not grow with the run: tapes are forgotten when they have been
// played, and values wait for their cycle, as do those who compute them.
package probe
