// Package sim puts a layer, or a network, on a hardware and says what came out.
//
// A [Design] is a layer's plan, made by the passes of package mapping. Its time is
// solved first (package clock), so that a design that deadlocks never starts a
// goroutine. Then values stream through the same plan (package flow), and the
// output is compared with conv's reference, element for element. What moved on
// every edge has to be the same in both.
//
// A [Network] is the same of a graph of operators. Every tensor that crosses an
// edge is kept and compared, node by node, with what the node's definition makes
// of its inputs.
//
// Cycles count from 0, the first one out of reset; a run ends with the last
// output. Results depend on the files, the tensors and the seed alone: never on
// the number of processors, the scheduler or the clock on the wall.
package sim
