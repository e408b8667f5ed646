package hdl

import (
	"fmt"
	"math/bits"

	"github.com/convsim/convsim/pipeline"
)

// fifo names the module that an edge with a FIFO is, and its parameters.
func (e *emitter) fifo(edge pipeline.Edge) string {
	width := edge.Stream.Bits()
	switch {
	case edge.Memory == pipeline.ShiftRegisters:
		return fmt.Sprintf("%s #(.WIDTH(%d), .DEPTH(%d), .LATENCY(%d), .BLOCK(%d))", e.use("convsim_fifo"), width, edge.Depth, edge.Latency,
			bit(blockFIFO(edge.Depth, width)))
	case edge.Memory.Slots(edge.Depth):
		return fmt.Sprintf("%s #(.WIDTH(%d), .DEPTH(%d))", e.use("convsim_fifo_slots"), width, edge.Depth)
	}
	read, block := 1, edge.Memory == pipeline.AutoRAM
	if edge.Memory == pipeline.BlockRAM || edge.Memory == pipeline.UltraRAM {
		read, block = 2, true
	}
	return fmt.Sprintf("%s #(.WIDTH(%d), .SIZE(%d), .READ(%d), .BLOCK(%d))", e.use("convsim_fifo_ram"), width,
		1<<bits.Len(uint(edge.Depth-ramSpare)), read, bit(block))
}

// ramSpare is how many beats of a FIFO of a memory are not in it, but in the queue and
// the register behind it, of which one more would need a memory twice as large.
const ramSpare = 9

// distributedDepth is up to which depth a FIFO is made of LUTs.
const distributedDepth = 64

// blockFIFO reports whether a FIFO is made of block RAM.
func blockFIFO(depth, bits int) bool { return depth > distributedDepth && depth*bits > 4096 }

func bit(set bool) int {
	if set {
		return 1
	}
	return 0
}
