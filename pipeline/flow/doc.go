// Package flow is the value plane: Run moves real tensors through a plan.
//
// Each block of the plan gets a Kernel; what travels on an edge is a Slab, a row of typed
// elements (int8, uint8, int16, int32 or float32 as they are), in the order both ends know.
//
// A chain of kernels that can make some rows of an image apart from the others is cut into
// bands. Each goes through the chain row by row, from end to end, in one goroutine; rows
// that two bands need are made in both. So nothing is handed over between processors, and
// every output is computed once, in the same way, however many there are.
//
// In other plans each kernel runs in a goroutine of its own. Each
// stream has one sender and one receiver and blocking operations only, and
// nothing else is shared: a Kahn network, so the result cannot depend on how
// the goroutines are scheduled.
//
// How many slabs a stream must hold follows from the plan: two where streams
// only run one behind the other, and where they part and join again as many as
// the branch that waits longest makes the others hold. It holds more where that fits the
// cache, so that kernels need not wait for each other at every row, and a kernel that works
// row by row does so where the one before it has just made the row. A plan whose blocks
// bring each other what they need cannot hang, whatever its FIFOs are: those
// belong to time.
//
// What ties the planes: on every edge the elements moved, idle lanes included,
// are the beats of the time plane times the lanes.
package flow
