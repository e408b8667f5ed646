// Package pipeline says what a machine is: a Plan of Blocks joined by edges.
//
// A Block is one piece of hardware as plain data: a padding stage, a window, an
// array, a fork. Its own facts (streams at its ports, what it needs) are
// methods; what it does in time, what it computes and what it costs are faces,
// interfaces of the packages that use them: clock.Timed, flow.Valued,
// resources.Priced. A Plan is made by package mapping or by hand, checked once,
// and solved or run as often as wanted.
//
// Two planes run a plan. Package clock finds the cycle in which every beat
// moves, without values; package flow moves real data, a goroutine per block.
// What ties them: on every edge the elements moved are the beats moved times
// the lanes.
//
// Counts are in beats per frame; a beat is what crosses an edge in one cycle.
package pipeline
