package resources

import "math/bits"

// srlFIFO returns a FIFO of shift registers.
//
// Source: FINN lut_estimation, 2*ceil(log2 depth) + ceil(depth/32)*ceil(width/2);
// registers counted from Q_srl.v: output, address, state.
func srlFIFO(depth, width int) Amount {
	return Amount{
		LUT: fifoAddressLUTs*ceilLog2(depth) + ceilDiv(depth, srlDepth)*ceilDiv(width, fifoBitsPerLUT),
		FF:  width + ceilLog2(depth) + fifoStateFF,
	}
}

// ramFIFO returns a FIFO around a RAM; its depth becomes a power of two.
//
// Source: FINN get_adjusted_depth, bram_estimation, uram_estimation, and
// lut_estimation without its storage. Registers: output and two pointers.
func ramFIFO(depth, width int, style RAMStyle) Amount {
	depth = nextPowerOfTwo(max(depth, fifoMinRAMBeats))
	a := store(depth, width, style, srlDepth, wordBRAM)
	a.LUT += fifoAddressLUTs * ceilLog2(depth)
	a.FF += width + 2*ceilLog2(depth) + fifoStateFF
	return a
}

// nextPowerOfTwo returns the smallest power of two >= n, for n >= 1.
func nextPowerOfTwo(n int) int { return 1 << bits.Len(uint(n-1)) }

// style is what the FIFO is built of. By itself it is of shift registers up to the
// depth FINN uses them for, and wherever a block RAM would be nearly empty.
func (f FIFO) style() RAMStyle {
	switch {
	case f.Style != Auto:
		return f.Style
	case f.Depth <= fifoSRLMaxDepth || isSmall(f.Depth, f.WidthBits):
		return LUTRAM
	}
	return Block
}

// Holds is how many beats the hardware of the FIFO has room for.
func (f FIFO) Holds() int {
	if f.Depth == 0 || f.style() == LUTRAM {
		return f.Depth
	}
	return nextPowerOfTwo(max(f.Depth, fifoMinRAMBeats))
}

// Cost is that of an edge.
func (f FIFO) Cost(Device) Amount {
	switch style := f.style(); {
	case f.Depth == 0:
		return Amount{}
	case style == LUTRAM:
		return srlFIFO(f.Depth, f.WidthBits)
	default:
		return ramFIFO(f.Depth, f.WidthBits, style)
	}
}
