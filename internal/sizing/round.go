package sizing

import (
	"math/bits"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline"
)

// PowersOfTwo rounds depths up to powers of two.
func PowersOfTwo(_ pipeline.Edge, depth int) int { return 1 << bits.Len(uint(max(depth, 1)-1)) }

// Built rounds depths up to what the memory that a FIFO takes anyway holds: a RAM is a
// power of two deep, shift registers are as deep as asked for.
func Built(e pipeline.Edge, depth int) int {
	return resources.FIFO{Depth: depth, WidthBits: e.Stream.Bits()}.Holds()
}
