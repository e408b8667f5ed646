package pipeline

import "github.com/convsim/convsim/sched"

// Block is one piece of hardware as immutable plain data. What it does in time,
// what it computes and what it costs are its faces: interfaces of the packages
// clock, flow and resources, each in a file of its own beside the block.
type Block interface {
	// Kind is what the block is called within its layer: "pad", "window".
	Kind() string
	// Streams says what crosses the block's ports in one frame.
	Streams() (in, out []sched.Stream)
	// Needs says how many beats of a frame each input must bring for the first
	// out[i] beats of every output i. Beats beyond that come, but for nothing.
	Needs(out []int64) (in []int64)
	// Check says what is wrong with the block's own numbers, nil if nothing is.
	Check() error
}
