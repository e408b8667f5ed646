// Package sim puts a layer on a hardware and says what came out.
//
// A Design is the two folded onto each other and checked. Its time plane (Timing
// joins padding, line buffer, window, arrays and requantisation by edges) is
// solved first, so that a design that deadlocks never starts a goroutine. Then
// the value plane streams the frames through the same stages, a goroutine each,
// and the output is compared with conv's reference, element for element.
//
// Cycles count from 0, the first one out of reset; a run ends with the last
// output. Results depend on the files, the tensors and the seed alone: never on
// the number of processors, the scheduler or the clock on the wall.
package sim
